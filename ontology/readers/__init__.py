"""Readers: one module a format, each from bytes to a `Standard`."""
