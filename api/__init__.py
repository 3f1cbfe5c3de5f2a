"""The edges: services, HTTP API, pages and command line."""
