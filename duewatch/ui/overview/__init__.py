"""What the page pages/overview.py is made of."""
