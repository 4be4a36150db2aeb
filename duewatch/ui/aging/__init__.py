"""What the page pages/aging.py is made of."""
