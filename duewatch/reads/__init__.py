"""Reads: the only way from the pages to the queries. One module a topic, one function a query."""
