"""Lenders' names by which contacts count together: case and spaces make no other lender."""

ONE_NAME = "lower(trim(regexp_replace(nfc_normalize({name}), '\\s+', ' ', 'g')))"
"""SQL, with the column for {name}."""
