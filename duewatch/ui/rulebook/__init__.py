"""All that pages/rulebook.py is built from."""
