"""All that pages/third_parties.py is built from."""
