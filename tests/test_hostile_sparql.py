"""Hostile SPARQL over HTTP: what writes or calls out is refused, what is endless is bounded, and the service
goes on with its data as they were."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient
from test_sparql_guard import SERVICES, UPDATES

from api.app import create_app
from api.services import open_services
from api.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from api.services import Services

DEADLINE = 0.5
# What a worker's replacement, a serialised answer on its way or a busy machine may add.
GRACE = 8.0

_X = "PREFIX x: <http://x/> "
_CG = "PREFIX cg: <https://w3id.org/competency-graph/ontology#> "
_SKOS = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "

# Each is no query that may run here: 403 as an update or a call to others, 400 where it does not parse.
REFUSED = {
    "two operations": "SELECT * { ?s ?p ?o } ; DROP ALL",
    "a query behind an update": "DELETE WHERE { ?s ?p ?o } ; SELECT * { ?s ?p ?o }",
    "an update behind a comment": "# SELECT * { ?s ?p ?o }\nDROP ALL",
    "an update behind a comment with a carriage return": "# SELECT\rINSERT DATA { <a:a> <a:b> <a:c> }",
    "an update behind a prologue": _X + "BASE <http://y/> # ASK\n INSERT { ?s x:a ?o } WHERE { ?s ?p ?o }",
    "a prefix called select": "PREFIX select: <http://x/> CLEAR DEFAULT",
    "a prefix called ask before an update": "PREFIX ask: <http://x/> DELETE DATA { ask:a ask:b ask:c }",
    "an update in capitals and small letters": "dRoP sIlEnT aLl",
    "an update in codepoint escapes": "\\u0044\\u0052OP ALL",
    "an update in long codepoint escapes": "\\U00000044ROP ALL",
    "an update behind escapes of a line's end": "# \\u000aDROP ALL",
    "an update after a byte order mark": "\ufeffDROP ALL",
    "LOAD of a file": "LOAD <file:///etc/passwd>",
    "LOAD into a graph": "LOAD SILENT <http://127.0.0.1:1/> INTO GRAPH <a:g>",
    "ADD of graphs": "ADD <a:g> TO <a:h>",
    "MOVE of graphs": "MOVE DEFAULT TO <a:h>",
    "COPY of graphs": "COPY SILENT <a:g> TO DEFAULT",
    "WITH before a DELETE": "WITH <a:g> DELETE { ?s ?p ?o } INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
    "INSERT within a query": "SELECT * { INSERT DATA { <a:a> <a:b> <a:c> } }",
    "DELETE within a subquery": "SELECT * { { DELETE WHERE { ?s ?p ?o } } }",
    "an update behind a closed query": "ASK {} DROP ALL",
    "SERVICE of an address within the network": (
        "SELECT * { SERVICE <http://169.254.169.254/latest/> { ?s ?p ?o } }"
    ),
    "SERVICE to a variable": "SELECT * { ?s ?p ?x SERVICE ?x { ?a ?b ?c } }",
    "SERVICE in MINUS": "SELECT * { ?s ?p ?o MINUS { SERVICE <http://x/> { ?s ?p ?o } } }",
    "SERVICE in NOT EXISTS in a HAVING": (
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s HAVING (NOT EXISTS { SERVICE <http://x/> {} })"
    ),
    "SERVICE in BIND": "SELECT * { BIND(EXISTS { SERVICE <http://x/> {} } AS ?x) }",
    "SERVICE after a string with quotes in it": "SELECT * { ?s ?p '''it's ''' . SERVICE <http://x/> {} }",
    "SERVICE after an escaped quote": 'SELECT * { ?s ?p "a\\"" . SERVICE <http://x/> {} }',
    "SERVICE after an IRI with a hash": "SELECT * { ?s <http://x/#a> ?o . SERVICE <http://x/> {} }",
    "SERVICE in capitals of another script": "SELECT * { ＳＥＲＶＩＣＥ <http://x/> {} }",
    "a string that is not closed": "SELECT * { ?s ?p 'abc }",
    "a long string that is not closed": "SELECT * { ?s ?p '''" + "a" * 50_000 + " }",
    "quotes without an end": "SELECT * { " + "' \" " * 20_000,
    "nothing": "",
    "blanks": " \n\t ",
    "a comment alone": "# SELECT * { ?s ?p ?o }",
    "a prologue alone": _X,
    "a null character": "SELECT * { ?s ?p ?o \x00 }",
    "Cypher": "MATCH (n) DETACH DELETE n",
    "SQL": "SELECT * FROM users; DROP TABLE users",
    "GraphQL": "{ standard { code } }",
    "words": "delete everything please",
    "more than may be read": "SELECT * { ?s ?p ?o } # " + "x" * 100_001,
    "an unknown function": "SELECT (<http://x/exec>('id') AS ?x) {}",
    "an IRI that is none": "SELECT * { <not an iri> ?p ?o }",
    "a prefix that is not declared": "SELECT * { nobody:a ?p ?o }",
    "an aggregate beside a variable": "SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o }",
}


def _doublings(steps: int, function: str) -> str:
    parts = " ".join(f"BIND({function.format(x=f'?v{n}')} AS ?v{n + 1})" for n in range(steps))
    return f'SELECT (STRLEN(STR(?v{steps})) AS ?n) {{ BIND("12345678" AS ?v0) {parts} }}'


def _cross(patterns: int, select: str = "(COUNT(*) AS ?n)") -> str:
    return f"SELECT {select} {{ {' . '.join(f'?a{n} ?b{n} ?c{n}' for n in range(patterns))} }}"


def _nested(depth: int, opening: str, inside: str, closing: str) -> str:
    return f"SELECT * {{ {opening * depth} {inside} {closing * depth} }}"


# Each is a query. It may be answered, or refused with one of BOUNDS, but not later than the deadline allows.
BOUNDED = {
    "two patterns that share nothing": _cross(2, "*"),
    "three patterns counted": _cross(3),
    "four patterns counted": _cross(4),
    "twelve patterns counted": _cross(12),
    "three patterns as rows": _cross(3, "*"),
    "three patterns sorted": _cross(3, "*") + " ORDER BY DESC(?c2) ?a0 ?b1",
    "three patterns distinct": _cross(3, "DISTINCT *"),
    "three patterns with a far offset": _cross(3, "*") + " OFFSET 1000000000 LIMIT 1",
    "a limit beyond all numbers": "SELECT * { ?s ?p ?o } LIMIT 18446744073709551615",
    "a limit beyond all words": "SELECT * { ?s ?p ?o } LIMIT " + "9" * 400,
    "a group for each pair": (
        "SELECT ?a ?d (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } GROUP BY ?a ?d"
    ),
    "sets of distinct pairs": (
        "SELECT (COUNT(DISTINCT CONCAT(STR(?a), STR(?d), STR(?g))) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    ),
    "one text of everything": (
        "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d), STR(?g))) AS ?x) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    ),
    "a text that doubles 28 times": _doublings(28, "CONCAT({x}, {x})"),
    "a text that doubles 60 times": _doublings(60, "CONCAT({x}, {x})"),
    "a text that grows by replacement": _doublings(24, 'REPLACE({x}, "(.)", "$1$1$1")'),
    "a text that grows by encoding": _doublings(24, "ENCODE_FOR_URI(CONCAT({x}, '%', {x}))"),
    "a product of many joins by filter": (
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STR(?c) = STR(?f) || "
        "STR(?f) = STR(?i)) }"
    ),
    "an OPTIONAL for every pair": (
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c OPTIONAL { ?d ?e ?f OPTIONAL { ?g ?h ?i } } }"
    ),
    "a MINUS of products": (
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f MINUS { ?a ?x ?y . ?d ?z ?w . ?q ?r ?s } }"
    ),
    "NOT EXISTS over a product": (
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c FILTER NOT EXISTS { ?d ?e ?f . ?g ?h ?i FILTER(?f = "
        "?c && ?i = 7) } }"
    ),
    "EXISTS in EXISTS": (
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c FILTER EXISTS { ?d ?e ?f FILTER EXISTS { ?g ?h ?i "
        "FILTER(?i = ?f && ?f = ?c) } } }"
    ),
    "a path of everything": "SELECT (COUNT(*) AS ?n) { ?a (!<a:a>)* ?b }",
    "a path of everything both ways": "SELECT (COUNT(*) AS ?n) { ?a (!<a:a>|!^<a:a>)+ ?b }",
    "paths in a row": (
        "SELECT (COUNT(*) AS ?n) { ?a (!<a:a>|^!<a:a>)*/(!<a:a>|^!<a:a>)*/(!<a:a>|^!<a:a>)* ?b }"
    ),
    "paths in paths": "SELECT (COUNT(*) AS ?n) { ?a ((((!<a:a>)*)*)*)* ?b }",
    "paths that meet": "SELECT (COUNT(*) AS ?n) { ?a (!<a:a>)* ?b . ?b (!<a:a>)* ?c . ?c (!<a:a>)* ?d }",
    "alternatives of alternatives": "SELECT (COUNT(*) AS ?n) { ?a ("
    + "|".join(["(<a:a>|!<a:b>)*"] * 40)
    + ") ?b }",
    "a long sequence": "SELECT (COUNT(*) AS ?n) { ?a " + "/".join(["!<a:a>"] * 60) + " ?b }",
    "optional steps in a row": "SELECT (COUNT(*) AS ?n) { ?a " + "/".join(["(!<a:a>)?"] * 40) + " ?b }",
    "a pattern that backtracks": (
        f'{_SKOS}SELECT * {{ ?a skos:prefLabel ?t FILTER REGEX(STR(?t), "(.*)*(.*)*(.*)*x$") }}'
    ),
    "a pattern that counts": 'SELECT * { ?a ?b ?c FILTER REGEX(STR(?c), "(a{1,1000}){1,1000}") }',
    "a pattern with many choices": 'SELECT * { ?a ?b ?c FILTER REGEX(STR(?c), "'
    + "|".join(["(a|b|ab)*c"] * 200)
    + '") }',
    "a pattern for every pair": (
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER REGEX(STR(?c), STR(?f)) }"
    ),
    "groups in groups, 500": _nested(500, "{ ", "?s ?p ?o", " }"),
    "groups without an end": "SELECT * { " + "{" * 20_000,
    "groups in groups, 20,000": _nested(20_000, "{", "?s ?p ?o", "}"),
    "optionals in optionals": _nested(3000, "OPTIONAL { ", "?s ?p ?o", " }"),
    "subqueries in subqueries": _nested(300, "{ SELECT * { ", "?s ?p ?o", " } }"),
    "subqueries that multiply": _nested(6, "?a ?b ?c . { SELECT * { ", "?s ?p ?o", " } }"),
    "EXISTS deep down": _nested(800, "FILTER EXISTS { ", "?s ?p ?o", " }"),
    "brackets in brackets": "SELECT * { FILTER(" + "(" * 20_000 + "1" + ")" * 20_000 + ") }",
    "negations of negations": "SELECT * { FILTER(" + "!" * 40_000 + "true) }",
    "a sum of many": "SELECT (" + "+".join(["1"] * 30_000) + " AS ?x) {}",
    "a conjunction of many": "SELECT * { ?s ?p ?o FILTER(" + " && ".join(["?s != ?p"] * 9_000) + ") }",
    "functions in functions": "SELECT (" + "STR(" * 9_000 + "'a'" + ")" * 9_000 + " AS ?x) {}",
    "unions of many": "SELECT (COUNT(*) AS ?n) { " + " UNION ".join(["{ ?s ?p ?o }"] * 5_000) + " }",
    "patterns of many": "SELECT * { " + " . ".join(f"?s{n} ?p ?s{n + 1}" for n in range(4_000)) + " }",
    "optionals of many": "SELECT * { ?s ?p ?o "
    + " ".join(f"OPTIONAL {{ ?s ?p{n} ?o{n} }}" for n in range(2_000))
    + " }",
    "values of many": "SELECT * { VALUES ?x { " + " ".join(["1"] * 45_000) + " } }",
    "values times values": "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"VALUES ?x{n} {{ 1 2 3 4 5 6 7 8 9 0 }}" for n in range(12))
    + " }",
    "a list of many": "SELECT * { ?s ?p ?o FILTER(?o IN (" + ", ".join(["1"] * 30_000) + ")) }",
    "columns of many": "SELECT " + " ".join(f"(1 AS ?x{n})" for n in range(6_000)) + " {}",
    "graphs of many": "SELECT * " + " ".join(f"FROM <a:{n}>" for n in range(8_000)) + " { ?s ?p ?o }",
    "every graph times every graph": (
        "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?a ?b ?c . ?d ?e ?f } GRAPH ?h { ?i ?j ?k . ?l ?m ?o } }"
    ),
    "a graph of products": (
        "CONSTRUCT { ?a ?e ?i . ?d ?h ?c . ?g ?b ?f } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    ),
    "a blank node for every pair": "CONSTRUCT { [] ?b ?c ; ?e ?f } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "a description of everything": "DESCRIBE * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "an ask that searches": (
        "ASK { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STR(?c) = CONCAT(STR(?f), STR(?i), 'x')) }"
    ),
    "random numbers sorted": _cross(3, "*") + " ORDER BY RAND()",
    "hashes of a product": (
        "SELECT (MAX(SHA512(CONCAT(STR(?a), STR(?d), STR(?g)))) AS ?x) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    ),
    "transitive parts of all": _CG
    + "SELECT (COUNT(*) AS ?n) { ?a (cg:partOf|^cg:partOf|cg:ofStandard|^cg:ofStandard)* ?b . "
    "?b (cg:partOf|^cg:partOf)* ?c . ?d ?e ?f }",
    "numbers too large": "SELECT (" + "9" * 50_000 + " AS ?x) (1/0 AS ?y) {}",
    "dates too late": (
        'SELECT ("999999999999999-01-01T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> AS ?x) {}'
    ),
    "a name of many letters": "SELECT ?" + "x" * 90_000 + " { ?s ?p ?o }",
    "an IRI of many letters": "SELECT * { <http://x/" + "a" * 90_000 + "> ?p ?o }",
    "comments of many lines": "#\n" * 45_000 + "ASK {}",
}
BOUNDS = {400, 403, 504, 507}
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture(scope="module")
def services(loaded_data: Path) -> Iterator[Services]:
    settings = Settings(
        data_dir=loaded_data,
        embedder="toy",
        sparql_workers=1,
        sparql_deadline=DEADLINE,
        sparql_memory_mb=256,
        sparql_answer_mb=4,
    )
    with open_services(settings) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(services: Services) -> TestClient:
    return TestClient(create_app(services), raise_server_exceptions=False)


@pytest.fixture(scope="module")
def patient(loaded_data: Path) -> Iterator[TestClient]:
    """A service whose deadline is not what refuses."""
    with open_services(Settings(data_dir=loaded_data, embedder="toy", sparql_workers=1)) as opened:
        yield TestClient(create_app(opened), raise_server_exceptions=False)


@pytest.fixture(scope="module")
def statements(patient: TestClient) -> str:
    return patient.post("/sparql", data={"query": COUNT}).text


@pytest.mark.parametrize("query", [*REFUSED.values(), *SERVICES, *UPDATES])
def test_what_writes_calls_out_or_is_no_query_is_refused(
    patient: TestClient, services: Services, query: str
) -> None:
    before = services.store.revision()
    for answer in (
        patient.post("/sparql", data={"query": query}),
        patient.post("/sparql", content=query.encode(), headers={"Content-Type": "application/sparql-query"}),
    ):
        assert answer.status_code in (400, 403), answer.text[:300]
        assert answer.json()["detail"]
    assert services.store.revision() == before


@pytest.mark.parametrize("name", BOUNDED)
def test_what_is_endless_is_bounded(
    client: TestClient, patient: TestClient, statements: str, name: str
) -> None:
    begin = time.monotonic()
    answer = client.post("/sparql", data={"query": BOUNDED[name]})
    assert time.monotonic() - begin < DEADLINE + GRACE
    assert answer.status_code in BOUNDS | {200}, answer.text[:300]
    if answer.status_code != 200:
        assert answer.json()["detail"]
    assert patient.post("/sparql", data={"query": COUNT}).text == statements


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b"ASK { \xff\xfe }", "application/sparql-query", 400),
        ("ASK {}".encode("utf-16"), "application/sparql-query; charset=utf-16", 400),
        (b"query=ASK%20%7B%7D&query=DROP%20ALL", "application/x-www-form-urlencoded", 400),
        (b"query=ASK%7B%7D&update=DROP%20ALL", "application/x-www-form-urlencoded", 403),
        (b"query=%FF%FE", "application/x-www-form-urlencoded", 400),
        (b"&".join([b"x=1"] * 2_000) + b"&query=ASK%7B%7D", "application/x-www-form-urlencoded", 400),
        (b"query=ASK%7B%7D&default-graph-uri=no%20iri", "application/x-www-form-urlencoded", 400),
        (b"query=ASK%7B%7D&named-graph-uri=%3Ca%3Ab%3E", "application/x-www-form-urlencoded", 400),
        (b"#" * 2_000_000, "application/sparql-query", 413),
        (b"DROP ALL", "application/sparql-update", 403),
        (b"<x/>", "application/xml", 415),
        (b"ASK {}", "", 415),
    ],
)
def test_a_hostile_body_is_told_as_one(
    client: TestClient, content: bytes, content_type: str, status: int
) -> None:
    answer = client.post("/sparql", content=content, headers={"Content-Type": content_type})
    assert answer.status_code == status, answer.text[:300]


def answered_in_the_end(client: TestClient, query: str) -> bool:
    """A worker that has just been replaced may take longer to start than this file's deadline."""
    return any(client.post("/sparql", data={"query": query}).status_code == 200 for _ in range(20))


def test_the_service_goes_on_and_no_worker_is_left(client: TestClient, services: Services) -> None:
    """The last of this file: after all of the above a worker answers, and none lasts beyond the service."""
    assert answered_in_the_end(client, "ASK {}")
    workers = services.sparql.pool.process_ids()
    assert len(workers) == 1
    services.sparql.close()
    for worker in workers:
        with pytest.raises(ProcessLookupError):
            os.kill(worker, 0)
