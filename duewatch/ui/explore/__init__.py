"""What the page pages/explore.py is made of."""
