"""Job descriptions mapped to standards."""
