"""All that pages/account.py is built from."""
