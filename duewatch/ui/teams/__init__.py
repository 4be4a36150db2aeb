"""What the page pages/teams.py is made of."""
