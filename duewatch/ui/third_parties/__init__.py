"""What the page pages/third_parties.py is made of."""
