"""The frame around every page: scope, address, downloads, access, cache."""
