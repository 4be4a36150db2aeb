"""All that pages/grades.py is built from."""
