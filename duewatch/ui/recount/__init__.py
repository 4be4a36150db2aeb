"""All that pages/recount.py is built from."""
