"""For notebooks: a book that is asked in Python, its metrics as data frames and its charts as Plotly figures."""
