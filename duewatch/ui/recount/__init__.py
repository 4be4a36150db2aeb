"""What the page pages/recount.py is made of."""
