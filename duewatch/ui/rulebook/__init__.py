"""What the page pages/rulebook.py is made of."""
