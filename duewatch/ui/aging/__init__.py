"""All that pages/aging.py is built from."""
