"""All that pages/overview.py is built from."""
