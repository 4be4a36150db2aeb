"""What the page pages/contact_limits.py is made of."""
