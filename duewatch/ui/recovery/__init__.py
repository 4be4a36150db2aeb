"""All that pages/recovery.py is built from."""
