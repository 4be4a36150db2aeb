"""A stranger's files become rows of the contract."""
