"""What the page pages/whatif.py is made of."""
