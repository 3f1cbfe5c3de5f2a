"""Neo4j 5 as the search engine: its vector and full-text indexes, which analysts use from Cypher, too."""

from search.neo4j.engine import Neo4jEngine, open_neo4j_engine

__all__ = ["Neo4jEngine", "open_neo4j_engine"]
