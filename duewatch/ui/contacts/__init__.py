"""What the page pages/contacts.py is made of."""
