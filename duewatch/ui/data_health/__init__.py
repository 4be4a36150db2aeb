"""What the page pages/data_health.py is made of."""
