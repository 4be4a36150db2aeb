"""Published books, seen from the reader's side."""
