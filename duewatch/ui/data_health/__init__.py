"""All that pages/data_health.py is built from."""
