"""All that is loaded, in trees: by framework, level, category, occupation and industry."""

from api.browsing.making import make_tree
from api.browsing.tree import FACETS, UNCLASSIFIED, BrowseTree, Place

__all__ = ["FACETS", "UNCLASSIFIED", "BrowseTree", "Place", "make_tree"]
