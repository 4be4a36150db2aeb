"""All that pages/headroom.py is built from."""
