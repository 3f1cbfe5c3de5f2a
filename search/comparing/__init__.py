"""Standards with each other: pairs of their elements, coverage each way, and the standards nearest to one."""
