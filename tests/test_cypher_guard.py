"""The guard lets reading Cypher through, as Neo4j 5 users write it, and nothing else."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from graph.cypher_guard import MAX_NESTING, MAX_QUERY_LENGTH, MAX_WORDS, check_cypher
from ontology.errors import QueryRefused, QuerySyntaxError

_READING = """\
MATCH (n:Skill|Task) RETURN n
MATCH (n:Skill&!Task) RETURN n.code AS code ORDER BY code SKIP 1 LIMIT 2;
EXPLAIN MATCH (n) RETURN n
MATCH (標準:Standard) RETURN 標準.text AS 名稱
MATCH (`a b`:`C d`) WHERE `a b`.`x``y` = $`p q` RETURN `a b`
MATCH (n WHERE n.code = 'K1')-[r:A|B WHERE r.x > 1]->(m) RETURN n, type(r) AS type
MATCH (n) WHERE EXISTS { (n)-->(m) } RETURN n
MATCH (n) WHERE NOT EXISTS { MATCH (n)<-[:HAS_TASK]-(s) WHERE s.level > 3 RETURN s } RETURN n
RETURN exists((:A)-->()) AS e, EXISTS { MATCH (n) } AS f
MATCH (n) WHERE COUNT { (n)-->(:Skill) WHERE n.x > 0 } >= 2 RETURN COUNT { MATCH (n)-->(m) RETURN m } + 1 AS c
MATCH (n) RETURN COLLECT { MATCH (n)-->(m) RETURN m.text ORDER BY m.text LIMIT 3 }[0..2] AS texts
MATCH (a), (b), p = shortestPath((a)-[:BROADER*..5]-(b)) RETURN length(p)
MATCH (a), (b) RETURN length(shortestPath((a)-[*..3]-(b))) AS x, allShortestPaths((a)-[*]-(b)) AS y
MATCH p = SHORTEST 2 (a)-[:R]->+(b) RETURN p
MATCH p = ALL SHORTEST PATHS (a)-[:R]->{1,3}(b) RETURN p
MATCH p = SHORTEST 1 PATH GROUP (a)-[:R]->+(b) RETURN p
MATCH (a) ((x)-[:R]->(y) WHERE x.v < y.v){1,3} (b) RETURN x, y
MATCH (n) CALL { WITH n MATCH (n)-->(m) RETURN count(m) AS c } RETURN n, c
MATCH (n) CALL (n) { MATCH (n)-->(m) RETURN count(*) AS c } RETURN n, c
CALL (*) { MATCH (n) RETURN n UNION ALL MATCH (m) RETURN m AS n } RETURN n
CALL db.labels
CALL db.index.fulltext.queryNodes('texts', $q) YIELD node, score RETURN node.text, score ORDER BY score DESC
CALL db.index.vector.queryNodes($i, 10, $v) YIELD node AS n, score WHERE score > 0.5 MATCH (n)-->(m) RETURN m
MATCH (n) RETURN n {.code, .*, total: count(*), parts: [(n)-->(m) | m {.iri}]} AS map
MATCH (n) USING INDEX n:Skill(code) WHERE n.code = 'S1' RETURN n
MATCH (n) WHERE n.x IS :: INTEGER NOT NULL AND n.y IS NOT TYPED LIST<STRING> RETURN n
MATCH (n) WHERE n.text =~ '(?i).*team.*' OR n.text CONTAINS '衝突' RETURN toLower(n.text) + substring(n.x, 1)
UNWIND $rows AS row MATCH (n {iri: row.iri}) WITH *, row.v AS value RETURN avg(DISTINCT value) AS avg
RETURN CASE WHEN 1 < 2 THEN 'a' ELSE 'b' END, [x IN range(0, 3) WHERE x % 2 = 0 | x ^ 2]
RETURN 2 + reduce(a = 0, x IN [1] | a + x) AS sum, any(x IN [1, 2] WHERE x > 1) AS some
RETURN date().year, datetime('2020-01-01T00:00:00Z'), duration.between(date(), date()), point({x: 1, y: 2})
RETURN trim(BOTH 'x' FROM 'xax'), 0x1F, 1e10, 9007199254740993
RETURN 2 * size([1]), vector.similarity.cosine([1.0], [1.0])
MATCH (n) RETURN n.type AS type, n.set AS set, n.value AS create, {merge: 1, delete: n.load} AS use
MATCH (n:Create:`Set`)-[r:REMOVE]->(m:Merge) RETURN $drop
MATCH (n) /* CREATE (m) */ WHERE n.text <> 'DELETE n' // SET n.x = 1
RETURN "MERGE (n)", `DROP`.x"""

_WRITING = [
    ("CREATE (n)", "CREATE", 1, 1),
    ("MATCH (n)\nSET n.x = 1", "SET", 2, 1),
    ("MATCH (n) SET n:Label", "SET", 1, 11),
    ("MATCH (n) REMOVE n.x RETURN n", "REMOVE", 1, 11),
    ("MATCH (n) DETACH DELETE n", "DETACH", 1, 11),
    ("MATCH (n) NODETACH DELETE n", "NODETACH", 1, 11),
    ("MERGE (n) ON CREATE SET n.x = 1", "MERGE", 1, 1),
    ("INSERT (n:X)", "INSERT", 1, 1),
    ("MATCH (n) FOREACH (x IN [1] | SET n.a = 1)", "FOREACH", 1, 11),
    ("CALL { CREATE (n) RETURN n } RETURN n", "CREATE", 1, 8),
    ("CALL { CALL { MERGE (n) RETURN n } RETURN n } RETURN n", "MERGE", 1, 15),
    ("MATCH (n) CALL { WITH n SET n.x = 1 } IN TRANSACTIONS OF 10 ROWS", "SET", 1, 25),
    ("MATCH (n) CALL { WITH n RETURN 1 AS a } IN TRANSACTIONS RETURN n", "TRANSACTIONS", 1, 44),
    ("MATCH (n) WHERE EXISTS { CREATE (m) RETURN m } RETURN n", "CREATE", 1, 26),
    ("MATCH (n) RETURN COUNT { MERGE (m) RETURN m }", "MERGE", 1, 26),
    ("RETURN COLLECT { MATCH (n) DELETE n RETURN 1 }", "DELETE", 1, 28),
    ("MATCH (n) RETURN [(n)-->(m) WHERE EXISTS { DETACH DELETE n } | m]", "DETACH", 1, 44),
    ("LOAD CSV FROM 'file:///etc/passwd' AS l RETURN l", "LOAD", 1, 1),
    ("CREATE INDEX FOR (n:X) ON (n.y)", "CREATE", 1, 1),
    ("DROP CONSTRAINT c", "DROP", 1, 1),
    ("CREATE USER x SET PASSWORD 'y'", "CREATE", 1, 1),
    ("SHOW USERS", "SHOW", 1, 1),
    ("USE system MATCH (n) RETURN n", "USE", 1, 1),
    ("PROFILE MATCH (n) RETURN n", "PROFILE", 1, 1),
    ("EXPLAIN CREATE (n)", "CREATE", 1, 9),
    ("TERMINATE TRANSACTIONS 'x'", "TERMINATE", 1, 1),
    ("CYPHER runtime=slotted MATCH (n) RETURN n", "planner", 1, 1),
    ("MATCH (n) RETURN n; MATCH (m) DELETE m", "statement", 1, 21),
    ("CALL dbms.killQuery('x')", "dbms.killQuery", 1, 6),
    ("CALL apoc.cypher.doIt('CREATE (n)', {})", "apoc.cypher.doIt", 1, 6),
    ("CALL `db`.`labels`()", "procedure", 1, 6),
    ("RETURN apoc.load.json('x')", "apoc.load.json", 1, 8),
    ("MATCH (n) WHERE n.x > my.own(1) RETURN n", "my.own", 1, 23),
    ("RETURN 'a\\u0027 CREATE (n) //'", "CREATE", 1, 12),
    ("MATCH (n) RETURN n.x /* * / */ DELETE n", "DELETE", 1, 32),
    ("MATCH (n) RETURN `a` DELETE `n", "", 1, 29),
    ("MATCH (n) RETURN n //\nDELETE n", "DELETE", 2, 1),
]


@pytest.mark.parametrize("query", _READING.splitlines()[:-2])
def test_what_only_reads_passes(query: str) -> None:
    check_cypher(query)


def test_words_in_comments_strings_and_names_decide_nothing() -> None:
    check_cypher("\n".join(_READING.splitlines()[-2:]))


@pytest.mark.parametrize(("query", "word", "line", "column"), _WRITING)
def test_what_may_write_is_refused_and_its_place_is_named(
    query: str, word: str, line: int, column: int
) -> None:
    with pytest.raises((QueryRefused, QuerySyntaxError), match=f"line {line}, column {column}") as caught:
        check_cypher(query)
    assert word in str(caught.value)
    assert vars(caught.value).items() >= {"line": line, "column": column}.items()


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        ("", 1, 1),
        ("/* nothing */", 1, 1),
        ("MATCH (n RETURN n", 1, 10),
        ("RETURN", 1, 1),
        ("SELECT 1", 1, 1),
        ("RETURN 'open", 1, 8),
        ("RETURN 1 /* open", 1, 10),
        ("MATCH (n)\nRETURN n.x AS `open", 2, 15),
        ("RETURN 1 # comment", 1, 10),
        ("RETURN \\u0031", 1, 8),
        ("RETURN 1\u00a0AS x", 1, 9),
        ("RETURN 'a'\u2028", 1, 11),
        ("RETURN 'a\rb'", 1, 10),
        ("RETURN 'it''s'", 1, 12),
        ("RETURN 1CREATE", 1, 9),
        ("RETURN @'x'", 1, 8),
        ("RETURN {# x #}", 1, 9),
    ],
)
def test_what_does_not_parse_is_an_error_of_syntax_with_its_place(query: str, line: int, column: int) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        check_cypher(query)
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize(
    "query",
    [
        "RETURN " + "(" * (MAX_NESTING + 1) + "1" + ")" * (MAX_NESTING + 1),
        "RETURN " + "CASE WHEN true THEN " * (MAX_NESTING + 1) + "1" + " END" * (MAX_NESTING + 1),
        "RETURN '" + "x" * MAX_QUERY_LENGTH + "'",
        "RETURN [" + "1," * (MAX_WORDS // 2) + "1]",
    ],
    ids=["brackets", "cases", "length", "words"],
)
def test_what_is_too_large_to_check_is_refused(query: str) -> None:
    with pytest.raises(QueryRefused, match=r"at most|more than"):
        check_cypher(query)


@pytest.mark.parametrize(
    "query",
    [
        "MATCH (n) WHERE " + "(" * 39 + "n.a=1" + ")" * 39 + " RETURN n",
        "RETURN " + "(a XOR " * 39 + "b" + ") IS NULL" * 39 + " AS r",
        "RETURN " + "(" * 39 + "1",
        "MATCH " + "(" * 39 + "(a)-[:R]->(b)" + ")+" * 39 + " RETURN a",
        "RETURN " + "coalesce(1 = " * 39 + "a" + ")" * 39,
        "RETURN 1" + "+1" * 1900,
        "RETURN true" + " AND n.a=1" * 600,
        "MATCH (n)" + "-->()" * 700 + " RETURN n",
        "RETURN " + "NOT " * 3000 + "true",
    ],
    ids=["where", "xor", "open", "paths", "calls", "sums", "ands", "steps", "nots"],
)
def test_no_query_keeps_the_parser_long(query: str) -> None:
    begin = time.thread_time()
    with suppress(QueryRefused, QuerySyntaxError):
        check_cypher(query)
    assert time.thread_time() - begin < 8


def test_an_error_is_a_fresh_one_each_time() -> None:
    errors = []
    for _ in range(2):
        with pytest.raises(QueryRefused) as caught:
            check_cypher("CREATE (n)")
        errors.append(caught.value)
    assert errors[0] is not errors[1]
    assert str(errors[0]) == str(errors[1])
