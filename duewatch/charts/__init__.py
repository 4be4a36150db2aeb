"""Frame in, Plotly figure out. No queries, no Streamlit; the finding that a figure shows is `finding_of(figure)`."""
