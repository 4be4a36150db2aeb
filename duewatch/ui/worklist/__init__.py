"""All that pages/worklist.py is built from."""
