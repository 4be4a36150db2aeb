"""Load data: from dropped files to a book, with a look before anything is published."""
