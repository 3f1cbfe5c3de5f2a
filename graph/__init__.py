"""Where a standard lives: the RDF store (system of record), its queries, and ingest."""
