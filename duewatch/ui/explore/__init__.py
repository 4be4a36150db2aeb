"""All that pages/explore.py is built from."""
