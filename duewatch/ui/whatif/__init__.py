"""All that pages/whatif.py is built from."""
