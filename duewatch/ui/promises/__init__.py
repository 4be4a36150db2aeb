"""All that pages/promises.py is built from."""
