"""All that pages/process.py is built from."""
