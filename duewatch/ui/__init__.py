"""What the pages are made of. With `app.py` and `pages/`, the only importers of Streamlit."""
