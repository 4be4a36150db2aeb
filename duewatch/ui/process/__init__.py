"""What the page pages/process.py is made of."""
