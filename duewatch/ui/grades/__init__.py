"""What the page pages/grades.py is made of."""
