"""What the page pages/headroom.py is made of."""
