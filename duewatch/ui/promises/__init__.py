"""What the page pages/promises.py is made of."""
