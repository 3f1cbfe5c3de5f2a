"""Text → vectors: the interface, the models behind it, and the memory of what was embedded."""
