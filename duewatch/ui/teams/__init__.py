"""All that pages/teams.py is built from."""
