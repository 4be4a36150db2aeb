"""What the page pages/worklist.py is made of."""
