"""People accept and reject pairs of elements: decisions are kept, are seen in comparisons, and travel."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import jsonschema_rs
import pytest
from click.testing import CliRunner
from pydantic import SecretStr
from rdflib import SKOS
from starlette.testclient import TestClient

from api.aligning import Ruling, align, list_alignments, select_alignments
from api.app import create_app
from api.cli import cli
from api.link_exchange import LinkFormat, export_links, import_decisions
from api.linking import make_links
from api.services import ingest_and_index, open_services
from api.settings import Settings
from ontology.case_form import ASSOCIATION_TYPES, UUID
from ontology.errors import InvalidInput, NotFound
from ontology.links import LinkMethod, LinkStatus
from ontology.vocabulary import declared_terms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import Result

    from api.services import Services
    from search import SearchIndex
    from search.comparing.results import Pair

STANDARDS = Path(__file__).resolve().parent.parent / "data" / "standards"
OLD, NEW, OTHER = "BGM2421-901v1", "BGM2421-901v2", "BGM1219-002v2"
FILES = ("sample-BGM2421-901v1.txt", "sample-BGM2421-901v2.txt", "BGM1219-002v2.txt")


@pytest.fixture(scope="module")
def loaded_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("aligned")
    ingest_and_index([STANDARDS / name for name in FILES], Settings(data_dir=folder, embedder="toy"))
    return folder


@pytest.fixture
def data(loaded_data: Path, tmp_path: Path) -> Path:
    return shutil.copytree(loaded_data, tmp_path / "data")


@pytest.fixture
def services(data: Path) -> Iterator[Services]:
    with open_services(Settings(data_dir=data, embedder="toy")) as opened:
        yield opened


def compared(services: Services, a: str = OLD, b: str = NEW) -> dict[tuple[str, str], Pair]:
    """The pairs of two standards, by their codes, as people settled them."""
    index = services.index.current()
    found = index.comparer(decided=services.links.decided_among).compare(
        services.standard_iri(a), services.standard_iri(b)
    )
    return {(one.a.code, one.b.code): one for one in found.pairs}


def far_apart(index: SearchIndex, services: Services) -> tuple[str, str]:
    """Codes of an element of each standard that comparing does not take for a pair."""
    comparer = index.comparer()
    sides = [comparer.side(services.standard_iri(code)).passages for code in (OLD, OTHER)]
    return next(
        (one.code, other.code)
        for one in sides[0]
        for other in sides[1]
        if one.kind == other.kind == "skill" and comparer.pair(one.iri, other.iri) is None
    )


def test_a_decision_is_kept_over_ingest_and_linking_with_who_and_when(services: Services) -> None:
    before = compared(services)
    (a, b), pair = next((codes, one) for codes, one in before.items() if one.verdict.value == "same")
    align(services, f"{OLD} {a}", f"{NEW}#{b}", Ruling.REJECTED, by="Lin", comment="another use")
    ingest_and_index([STANDARDS / name for name in FILES], services.settings)
    make_links(services)
    with open_services(services.settings) as again:
        ((made,), total) = list_alignments(again, standard=again.standard_iri(OLD), limit=10)
        assert (total, made.a.iri, made.b.iri) == (1, pair.a.iri, pair.b.iri)
        link = made.link
        assert (link.status, link.decided_by, link.comment) == (LinkStatus.REJECTED, "Lin", "another use")
        assert link.decided_on > "2020-01-01"
        assert link.score == pytest.approx(1.0)
        assert link.method is LinkMethod.EXACT_TEXT
        assert (a, b) not in compared(again)
        # from the other side it is the same pair
        ((turned,), _) = list_alignments(again, standard=again.standard_iri(NEW), limit=10)
        assert (turned.a.iri, turned.link) == (pair.b.iri, link)


def test_what_was_decided_before_stays_in_the_history(services: Services) -> None:
    a, b = f"{OLD} S1", f"{OTHER} S1"
    align(services, a, b, Ruling.ACCEPTED, by="Lin", predicate="broadMatch", comment="first")
    # the other way round, so that the inverse is said
    align(services, b, a, Ruling.ACCEPTED, by="Wu", predicate="exactMatch", comment="second")
    made = align(services, a, b, Ruling.UNDONE, by="Chen")
    make_links(services)
    with open_services(services.settings) as again:
        assert select_alignments(again) == []
        (link,) = select_alignments(again, rulings=[Ruling.UNDONE])
        assert link == made.link
        assert [(one.status.value, one.predicate, one.by, one.comment) for one in link.history] == [
            ("accepted", "broadMatch", "Lin", "first"),
            ("accepted", "exactMatch", "Wu", "second"),
            ("open", "exactMatch", "Chen", ""),
        ]
        matches = f"<{SKOS.exactMatch}>|<{SKOS.broadMatch}>"
        assert again.store.select(f"SELECT ?b WHERE {{ <{link.element}> {matches} ?b }}") == []
        settled = align(again, b, a, Ruling.REJECTED, by="Lin")
        assert (len(settled.link.history), settled.ruling, settled.is_turned) == (3, Ruling.REJECTED, True)


def test_an_undone_decision_on_a_suggestion_is_a_suggestion_again(services: Services) -> None:
    make_links(services)
    suggested = next(one for one in services.links.links().values() if one.status is LinkStatus.SUGGESTED)
    align(services, suggested.concept, suggested.element, Ruling.REJECTED, by="Lin")
    assert services.links.link(suggested.id).status is LinkStatus.REJECTED
    align(services, suggested.element, suggested.concept, Ruling.UNDONE, by="Lin")
    make_links(services)
    now = services.links.link(suggested.id)
    assert replace(now, history=()) == suggested
    assert len(now.history) == 2


def test_an_accepted_pair_is_always_in_the_comparison(services: Services) -> None:
    a, b = far_apart(services.index.current(), services)
    assert (a, b) not in compared(services, OLD, OTHER)
    align(services, f"{OLD} {a}", f"{OTHER} {b}", Ruling.ACCEPTED, by="Lin")
    (link,) = select_alignments(services)
    assert (link.predicate, link.method, link.score) == ("closeMatch", LinkMethod.MANUAL, 1.0)
    for one, other in ((OLD, OTHER), (OTHER, OLD)):
        pair = compared(services, one, other)[(a, b) if one == OLD else (b, a)]
        assert (pair.verdict.value, pair.reason) == ("near", "accepted")
    align(services, f"{OTHER} {b}", f"{OLD} {a}", Ruling.ACCEPTED, by="Lin", predicate="exactMatch")
    pair = compared(services, OLD, OTHER)[a, b]
    assert (pair.verdict.value, pair.score, pair.reason) == ("same", 1.0, "accepted")


def test_a_rejected_pair_has_no_part_in_the_comparison(services: Services) -> None:
    before = compared(services)
    (a, b), pair = next((codes, one) for codes, one in before.items() if one.a.kind == "knowledge")
    align(services, pair.b.iri, pair.a.iri, Ruling.REJECTED, by="Lin")
    assert (a, b) not in compared(services)
    assert (b, a) not in compared(services, NEW, OLD)
    align(services, pair.a.iri, pair.b.iri, Ruling.UNDONE, by="Lin")
    assert compared(services) == before


def test_standards_and_concepts_are_aligned_too(services: Services) -> None:
    whole = align(services, OLD, NEW, Ruling.ACCEPTED, by="Lin", predicate="closeMatch")
    assert (whole.link.standard, whole.link.other_standard) == (whole.a.iri, whole.b.iri)
    make_links(services)
    concept = next(one.concept for one in services.links.links().values() if not one.other_standard)
    # a link leads from the element of a standard, whichever way it is named
    made = align(services, concept, f"{OTHER} S1", Ruling.ACCEPTED, by="Lin", predicate="narrowMatch")
    assert (made.link.concept, made.link.predicate, made.predicate) == (concept, "broadMatch", "narrowMatch")
    make_links(services)
    assert made.link in services.links.links().values()


def test_what_cannot_be_aligned_is_refused(services: Services) -> None:
    with pytest.raises(InvalidInput, match="both ends"):
        align(services, f"{OLD} S1", f"{OLD}#S1", Ruling.ACCEPTED, by="Lin")
    with pytest.raises(InvalidInput, match="name of who"):
        align(services, f"{OLD} S1", f"{NEW} S1", Ruling.ACCEPTED, by=" ")
    with pytest.raises(InvalidInput, match="exactMatch"):
        align(services, f"{OLD} S1", f"{NEW} S1", Ruling.ACCEPTED, by="Lin", predicate="sameAs")
    for missing in (f"{OLD} S99", "NONE-1 S1", "https://example.org/none", "http://no iri"):
        with pytest.raises(NotFound):
            align(services, f"{OLD} S1", missing, Ruling.ACCEPTED, by="Lin")
    with pytest.raises(NotFound, match="nobody"):
        align(services, f"{OLD} S1", f"{NEW} S1", Ruling.UNDONE, by="Lin")
    assert dict(services.links.links()) == {}


def test_alignments_travel_as_sssom(services: Services, loaded_data: Path, tmp_path: Path) -> None:
    align(services, f"{OLD} S1", f"{OTHER} S1", Ruling.ACCEPTED, by="Lin", predicate="broadMatch")
    align(services, f"{OLD} K1", f"{OTHER} K1", Ruling.REJECTED, by="陳", comment="a\tb")
    align(services, OLD, NEW, Ruling.ACCEPTED, by="Wu")
    file = tmp_path / "a.sssom.tsv"
    file.write_bytes(export_links(services, select_alignments(services)))
    copy = Settings(data_dir=shutil.copytree(loaded_data, tmp_path / "copy"), embedder="toy")
    with open_services(copy) as fresh:
        assert import_decisions(fresh, file, by="x").recorded == 3
        assert fresh.links.links() == services.links.links()
        assert import_decisions(fresh, file, by="x").unchanged == 3
        # a file that says a pair the other way round says the same
        align(fresh, f"{OTHER} S1", f"{OLD} S1", Ruling.REJECTED, by="Chen")
        assert import_decisions(fresh, file, by="x").recorded == 1
        link = fresh.links.pair(fresh.standard_iri(OTHER) + "/S1", fresh.standard_iri(OLD) + "/S1")
        assert link is not None
        assert (link.status, len(link.history)) == (LinkStatus.ACCEPTED, 2)
    whole = json.loads(export_links(services, select_alignments(services), LinkFormat.SSSOM_JSON))
    rejected = next(one for one in whole["mappings"] if one.get("predicate_modifier") == "Not")
    assert (rejected["reviewer_label"], rejected["object_id"]) == (
        ["陳"],
        services.standard_iri(OTHER) + "/K1",
    )
    assert rejected["mapping_justification"] == "https://w3id.org/semapv/vocab/MappingReview"


@pytest.fixture(scope="module")
def case_1_0(shared_data: Path) -> jsonschema_rs.Draft4Validator:
    document = json.loads((shared_data / "case" / "case-v1p0-swagger.json").read_bytes())
    schema = {"$ref": "#/definitions/CFPackage.Type", "definitions": document["definitions"]}
    return jsonschema_rs.Draft4Validator(schema)


def test_alignments_go_out_as_case_associations(
    services: Services, case_1_0: jsonschema_rs.Draft4Validator
) -> None:
    align(services, f"{OLD} S1", f"{OTHER} S1", Ruling.ACCEPTED, by="Lin", predicate="exactMatch")
    align(services, f"{OLD} S2", f"{OTHER} S2", Ruling.ACCEPTED, by="Lin", predicate="narrowMatch")
    align(services, f"{OLD} K1", f"{OTHER} K1", Ruling.REJECTED, by="Lin")
    chosen = select_alignments(services)
    content = export_links(services, chosen, LinkFormat.CASE, of=OLD)
    whole = json.loads(content)
    assert content == export_links(services, chosen, LinkFormat.CASE, of=OLD)
    first, second = whole["CFAssociations"]
    assert (first["associationType"], second["associationType"]) == ("exactMatchOf", "isRelatedTo")
    assert {first["associationType"], second["associationType"]} <= set(ASSOCIATION_TYPES)
    assert second["extensions"]["competency-graph"]["predicate"] == "narrowMatch"
    assert second["extensions"]["competency-graph"]["by"] == "Lin"
    assert all(UUID.fullmatch(one["identifier"]) for one in (first, second, whole["CFDocument"]))
    # the items are named as the packages of their standards name them
    client = TestClient(create_app(services))
    for end, code in (("originNodeURI", OLD), ("destinationNodeURI", OTHER)):
        item = client.get(f"/ims/case/v1p1/CFItems/{first[end]['identifier']}").json()
        assert (item["uri"], item["CFDocumentURI"]["uri"]) == (first[end]["uri"], services.standard_iri(code))
    for one in (whole["CFDocument"], *whole["CFAssociations"]):
        for name in ("extensions", "frameworkType", "caseVersion"):
            one.pop(name, None)
    case_1_0.validate(whole)


def test_alignments_are_queried_with_the_terms_of_the_ontology(services: Services) -> None:
    align(services, f"{OLD} S1", f"{OTHER} S1", Ruling.ACCEPTED, by="Lin")
    align(services, f"{OLD} S1", f"{OTHER} S1", Ruling.UNDONE, by="Lin")
    rows = services.store.select("SELECT DISTINCT ?term WHERE { { ?s ?term ?o } UNION { ?s a ?term } }")
    used = {str(row["term"]) for row in rows if "competency-graph/ontology#" in str(row["term"])}
    assert used <= declared_terms()
    assert {one.rpartition("#")[2] for one in used} >= {"LinkDecision", "decisionOn", "linkTargetStandard"}


def run(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, [*arguments, "--data-dir", str(data)])


def test_the_command_line_aligns_lists_and_writes_files(
    data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COMPETENCY_EMBEDDER", "toy")
    pair = (f"{OLD} S1", f"{OTHER} S1")
    assert run(data, "align", *pair).exit_code == 2
    made = run(data, "align", *pair, "--accept", "--by", "Lin", "--predicate", "closeMatch", "--json")
    assert json.loads(made.stdout)["decision"] == "accepted"
    listed = json.loads(run(data, "alignments", OTHER, "--json").stdout)
    assert (listed["total"], listed["alignments"][0]["a"]["standard"]) == (1, OTHER)
    assert "by Lin" in run(data, "alignments", "--with", OTHER).stdout
    assert json.loads(run(data, "alignments", NEW, "--json").stdout)["total"] == 0
    for form, mark in (("sssom", "#curie_map"), ("sssom-json", '"mappings"'), ("case", "CFAssociations")):
        file = tmp_path / f"{form}.tsv"
        assert run(data, "alignments", OLD, "--export", str(file), "--format", form).exit_code == 0
        assert mark in file.read_text(encoding="utf-8")
    assert run(data, "alignments", "--export", str(tmp_path / "case.tsv")).exit_code == 2
    assert run(data, "align", *pair, "--undo", "--by", "Wu").exit_code == 0
    undone = json.loads(run(data, "alignments", "--decision", "undone", "--json").stdout)["alignments"]
    assert (undone[0]["by"], [one["status"] for one in undone[0]["history"]]) == (
        "Wu",
        ["accepted", "undone"],
    )
    taken = run(data, "alignments", "--import", str(tmp_path / "sssom.tsv"), "--json")
    assert json.loads(taken.stdout)["recorded"] == 1


HTML = {"Accept": "text/html"}
KEY = {"Authorization": "Bearer open sesame"}


@pytest.fixture
def client(services: Services) -> TestClient:
    settings = services.settings.model_copy(update={"api_key": SecretStr("open sesame")})
    return TestClient(create_app(replace(services, settings=settings)), raise_server_exceptions=False)


def test_pairs_are_settled_and_listed_over_http(client: TestClient) -> None:
    body = {"a": f"{OLD} S1", "b": f"{OTHER} S1", "decision": "accepted", "by": "Lin", "comment": "yes"}
    assert client.post("/api/v1/alignments", json=body).status_code == 401
    assert client.get("/api/v1/alignments").json()["total"] == 0
    made = client.post("/api/v1/alignments", headers=KEY, json=body)
    assert made.status_code == 200
    listed = client.get("/api/v1/alignments", params={"standard": OLD, "with": OTHER}).json()
    assert listed["alignments"] == [made.json()]
    assert client.get("/api/v1/alignments", params={"standard": NEW}).json()["alignments"] == []
    undone = client.post("/api/v1/alignments", headers=KEY, json=body | {"decision": "undone"}).json()
    assert (undone["decision"], len(undone["history"])) == ("undone", 2)
    for wrong, status in (({"b": "NONE-1"}, 404), ({"by": " "}, 400), ({"predicate": "sameAs"}, 422)):
        refused = client.post("/api/v1/alignments", headers=KEY, json=body | wrong)
        assert (refused.status_code, refused.headers["content-type"]) == (status, "application/problem+json")
    file = client.get("/api/v1/alignments/export", params={"format": "case", "standard": OLD})
    assert file.headers["content-disposition"] == f'attachment; filename="{OLD}-alignments.case.json"'


@pytest.mark.parametrize(("language", "words"), [("en", "accepted"), ("zh-Hant", "已確認")])
def test_a_pair_is_settled_in_a_form_that_sends_the_key(
    client: TestClient, services: Services, language: str, words: str
) -> None:
    a, b = (services.standard_iri(code) + "/S1" for code in (OLD, OTHER))
    page = client.get("/align", params={"a": f"{OLD} S1", "b": f"{OTHER} S1", "hl": language})
    assert (page.status_code, 'name="key"' in page.text) == (200, True)
    form = {"a": a, "b": b, "decision": "accepted", "by": "Lin", "predicate": "closeMatch"}
    address = f"/align?hl={language}"
    assert client.post(address, data=form | {"key": "guessed"}).status_code == 401
    assert select_alignments(services) == []
    done = client.post(address, data=form | {"key": "open sesame"})
    assert (done.status_code, f'<span class="tag">{words}</span>' in done.text) == (200, True)
    assert "Lin" in done.text
    assert [one.predicate for one in select_alignments(services)] == ["closeMatch"]
    compared = client.get("/compare", params={"a": OLD, "b": OTHER, "hl": language}, headers=HTML).text
    assert 'href="/align?' in compared
    (row,) = [one for one in compared.split("<tr>") if quote(a, safe="") in one and quote(b, safe="") in one]
    assert {"en": "a person says so", "zh-Hant": "經人工確認"}[language] in row
    keyless = TestClient(create_app(services))
    assert 'name="key"' not in keyless.get("/align", params={"a": a, "b": b}).text
    assert 'href="/align?' not in keyless.get("/compare", params={"a": OLD, "b": OTHER}, headers=HTML).text


def test_the_page_of_an_element_shows_its_alignments(client: TestClient, services: Services) -> None:
    align(services, f"{OLD} S1", f"{OTHER} S1", Ruling.ACCEPTED, by="Lin")
    for mine, other in ((OLD, OTHER), (OTHER, OLD)):
        iri = services.standard_iri(mine) + "/S1"
        page = client.get("/resource", params={"iri": iri, "hl": "en"}, headers={"Accept": "text/html"})
        section = page.text.partition('id="h-links"')[2].partition("</section>")[0]
        assert other in section
        assert '<span class="tag">accepted</span>' in section
