"""What the page pages/recovery.py is made of."""
