"""All that pages/contact_limits.py is built from."""
