"""Bundled data: the sample standard, the code lists and the development set of the search."""
