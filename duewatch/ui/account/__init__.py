"""What the page pages/account.py is made of."""
