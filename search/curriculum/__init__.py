"""Course outlines against standards: what they cover, what is missing, what is taught twice."""
