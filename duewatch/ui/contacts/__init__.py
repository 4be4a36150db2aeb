"""All that pages/contacts.py is built from."""
