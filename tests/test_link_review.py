"""Links are settled by people: decisions survive ingest and linking, travel as SSSOM, stand in the graph."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from pydantic import SecretStr
from rdflib import SKOS
from starlette.testclient import TestClient

from api.app import create_app
from api.cli import cli
from api.exporting import export_standards
from api.link_exchange import export_links, import_decisions
from api.link_listing import list_links
from api.linking import changing_links, make_links
from api.services import ingest_and_index, open_services
from api.settings import Settings
from graph import query_text
from ontology.dataset import Mapping
from ontology.errors import DocumentError, InvalidInput, NotFound
from ontology.links import Link, LinkStatus
from ontology.readers.sssom import open_sssom
from ontology.vocabulary import declared_terms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import Result

    from api.services import Services

STANDARDS = Path(__file__).resolve().parent.parent / "data" / "standards"
ON = date(2026, 11, 25)
BOTH = ("sample-BGM2421-901v1.txt", "sample-BGM2421-901v2.txt")


@pytest.fixture(scope="module")
def linked_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with two versions of one standard, linked with the toy model: by equal texts alone."""
    folder = tmp_path_factory.mktemp("linked")
    settings = Settings(data_dir=folder, embedder="toy")
    ingest_and_index([STANDARDS / name for name in BOTH], settings)
    with open_services(settings) as services:
        make_links(services)
    return folder


@pytest.fixture
def data(linked_data: Path, tmp_path: Path) -> Path:
    return shutil.copytree(linked_data, tmp_path / "data")


@pytest.fixture
def services(data: Path) -> Iterator[Services]:
    with open_services(Settings(data_dir=data, embedder="toy")) as opened:
        yield opened


def link_of(services: Services, end: str) -> Link:
    """The link of the element whose IRI ends so."""
    (found,) = [one for one in services.links.links().values() if one.element.endswith(end)]
    return found


def settle(services: Services, link: Link, status: LinkStatus, by: str = "Lin") -> None:
    with changing_links(services) as book:
        book.settle({link.id: status}, by=by, on=ON, comment="same words, same use")


def plain(services: Services, link: Link) -> bool:
    """Whether the graph states the match itself."""
    rows = services.store.select(
        f"SELECT ?element ?concept WHERE {{ ?element <{SKOS.exactMatch}> ?concept }}"
    )
    return (link.element, link.concept) in {(str(row["element"]), str(row["concept"])) for row in rows}


def test_a_suggestion_is_no_statement_until_it_is_accepted(services: Services) -> None:
    link = link_of(services, "901v1/K7")
    assert (link.status, plain(services, link)) == (LinkStatus.SUGGESTED, False)
    settle(services, link, LinkStatus.ACCEPTED)
    now = services.links.link(link.id)
    assert (now.status, now.decided_by, now.decided_on) == (LinkStatus.ACCEPTED, "Lin", "2026-11-25")
    assert plain(services, link)
    with changing_links(services) as book:
        book.undo([link.id])
    back = services.links.link(link.id)
    assert replace(back, history=()) == link
    assert [(one.status, one.by) for one in back.history] == [
        (LinkStatus.ACCEPTED, "Lin"),
        (LinkStatus.OPEN, ""),
    ]
    assert not plain(services, link)


def test_decisions_survive_linking_and_ingest(services: Services) -> None:
    accepted, rejected = link_of(services, "901v1/K7"), link_of(services, "901v2/K7")
    settle(services, accepted, LinkStatus.ACCEPTED)
    settle(services, rejected, LinkStatus.REJECTED)
    revision = services.store.revision()
    make_links(services)
    assert services.store.revision() == revision
    ingest_and_index([STANDARDS / BOTH[0]], services.settings)
    make_links(services)
    assert services.links.link(accepted.id).status is LinkStatus.ACCEPTED
    assert services.links.link(rejected.id).status is LinkStatus.REJECTED
    assert not services.links.changed(services.links.link(accepted.id))
    assert [one.concept for one in services.links.links().values() if one.element == rejected.element] == [
        rejected.concept
    ]


def test_a_decision_on_a_text_that_changed_is_due_another_look(services: Services, tmp_path: Path) -> None:
    link, other = link_of(services, "901v1/K7"), link_of(services, "901v1/K9")
    settle(services, link, LinkStatus.ACCEPTED)
    settle(services, other, LinkStatus.ACCEPTED)
    text = (STANDARDS / BOTH[0]).read_text(encoding="utf-8")
    changed = tmp_path / BOTH[0]
    changed.write_text(text.replace("風險管理的程序", "風險管理的流程"), encoding="utf-8")
    ingest_and_index([changed], services.settings)
    make_links(services)
    found, total = list_links(services, changed=True, limit=10)
    assert (total, found[0].link.id, found[0].element.text) == (1, link.id, "風險管理的流程")
    assert (found[0].link.status, found[0].link.element_text) == (LinkStatus.ACCEPTED, "風險管理的程序")
    assert plain(services, link)
    settle(services, link, LinkStatus.ACCEPTED)
    assert list_links(services, changed=True, limit=10) == ([], 0)


def test_decisions_travel_as_sssom(services: Services, linked_data: Path, tmp_path: Path) -> None:
    accepted, rejected = link_of(services, "901v1/K7"), link_of(services, "901v2/K9")
    settle(services, accepted, LinkStatus.ACCEPTED)
    settle(services, rejected, LinkStatus.REJECTED, by="陳")
    file = tmp_path / "links.sssom.tsv"
    file.write_bytes(export_links(services, services.links.links().values()))
    other = Settings(data_dir=shutil.copytree(linked_data, tmp_path / "other"), embedder="toy")
    with open_services(other) as fresh:
        report = import_decisions(fresh, file, by="somebody")
        assert (report.recorded, report.unknown) == (2, ())
        assert report.undecided == len(services.links.links()) - 2
        assert fresh.links.links() == services.links.links()
        again = tmp_path / "again.sssom.tsv"
        again.write_bytes(export_links(fresh, fresh.links.links().values()))
        assert again.read_bytes() == file.read_bytes()
        assert import_decisions(fresh, again, by="somebody").unchanged == 2
    read = {one.subject: one for one in open_sssom(file).items() if isinstance(one, Mapping)}
    assert read[rejected.element].is_negated
    assert dict(read[accepted.element].details)["reviewer_label"] == "Lin"
    assert read[accepted.element].justification == "semapv:MappingReview"


def test_a_decision_brings_its_local_concept_into_a_store_that_does_not_have_it(
    services: Services, tmp_path: Path
) -> None:
    link = link_of(services, "901v1/K7")
    settle(services, link, LinkStatus.ACCEPTED)
    file = tmp_path / "links.sssom.tsv"
    file.write_bytes(export_links(services, [services.links.link(link.id)]))
    alone = Settings(data_dir=tmp_path / "alone", embedder="toy")
    ingest_and_index([STANDARDS / BOTH[0]], alone)
    with open_services(alone) as fresh:
        assert import_decisions(fresh, file, by="x").recorded == 1
        make_links(fresh)
        assert [one.iri for one in fresh.links.concepts()] == [link.concept]
        assert plain(fresh, link)
    file.write_text(file.read_text(encoding="utf-8").replace("風險管理的程序", "變更管制"), encoding="utf-8")
    with open_services(Settings(data_dir=tmp_path / "empty", embedder="toy")) as empty:
        ingest_and_index([STANDARDS / BOTH[0]], empty.settings)
        report = import_decisions(empty, file, by="x")
        assert (report.recorded, report.unknown) == (0, (link.concept,))


HEADER = "subject_id\tpredicate_id\tobject_id\tmapping_justification\tmapping_date\tpredicate_modifier\n"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("semapv:ManualMappingCuration\tyesterday\t", "mapping_date"),
        ("semapv:LexicalMatching\tyesterday\tNot", "mapping_date"),
    ],
)
def test_a_file_with_a_slot_that_cannot_be_changes_nothing(
    services: Services, tmp_path: Path, row: str, message: str
) -> None:
    link = link_of(services, "901v1/K7")
    file = tmp_path / "a.sssom.tsv"
    file.write_text(f"{HEADER}{link.element}\tskos:closeMatch\t{link.concept}\t{row}\n", encoding="utf-8")
    before = services.store.revision()
    with pytest.raises(DocumentError, match=message):
        import_decisions(services, file, by="x")
    assert services.store.revision() == before


def test_what_cannot_be_settled_is_refused(services: Services) -> None:
    link = link_of(services, "901v1/K7")
    with pytest.raises(InvalidInput, match="name"):
        settle(services, link, LinkStatus.ACCEPTED, by="  ")
    with changing_links(services) as book, pytest.raises(NotFound):
        book.settle({"nothing": LinkStatus.ACCEPTED, link.id: LinkStatus.ACCEPTED}, by="a", on=ON)
    assert services.links.link(link.id) == link


def test_exports_carry_what_was_settled_and_no_suggestion(services: Services) -> None:
    def exported() -> list[str]:
        text = b"".join(export_standards(services, [], "sssom").chunks).decode()
        return [line for line in text.splitlines() if "901v1" in line]

    assert exported() == []
    settle(services, link_of(services, "901v1/K7"), LinkStatus.ACCEPTED)
    settle(services, link_of(services, "901v1/K9"), LinkStatus.REJECTED)
    (accepted,) = [line for line in exported() if "/K7" in line]
    (rejected,) = [line for line in exported() if "/K9" in line]
    assert "Not" not in accepted.split("\t")
    assert "Not" in rejected.split("\t")


def test_links_are_queried_with_the_terms_of_the_ontology(services: Services) -> None:
    rows = services.store.select("SELECT DISTINCT ?term WHERE { ?link a ?kind ; ?term ?value }")
    used = {str(row["term"]) for row in rows if "competency-graph/ontology#" in str(row["term"])}
    assert {one for one in used if "#link" in one} <= declared_terms()
    documents = query_text("example-shared.rq").replace("DISTINCT ?series) > 1", "DISTINCT ?code) > 1")
    (found,) = [row for row in services.store.select(documents) if str(row["name"]) == "風險管理的程序"]
    assert sorted(str(found["standards"]).split(", ")) == ["BGM2421-901v1", "BGM2421-901v2"]
    # two versions of one standard share nothing with another standard
    assert services.store.select(query_text("example-shared.rq")) == []


def run(data: Path, *arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(cli, [*arguments, "--data-dir", str(data)], input=text)


def test_the_command_line_lists_and_settles(
    data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COMPETENCY_EMBEDDER", "toy")
    linked = json.loads(run(data, "link", "--json").stdout)
    assert linked["statuses"]["suggested"] == linked["methods"]["exact_text"] > 10
    assert linked["is_measured"] is False
    listed = json.loads(run(data, "review", "--status", "suggested", "--json", "--limit", "2").stdout)
    assert (len(listed["links"]), listed["total"]) == (2, linked["statuses"]["suggested"])
    first, second = (one["id"] for one in listed["links"])
    refused = run(data, "review", "--status", "suggested")
    assert refused.exit_code == 2
    assert "--json" in refused.stderr
    settled = run(data, "review", "--accept", first, "--reject", second, "--by", "Lin", "--comment", "so")
    assert (settled.exit_code, "1 accepted, 1 rejected" in settled.stderr) == (0, True)
    shown = run(data, "review", "--status", "accepted", "--list").stdout
    assert first in shown
    assert "accepted by Lin" in shown
    file = tmp_path / "links.sssom.tsv"
    assert run(data, "review", "--export", str(file), "--status", "rejected").exit_code == 0
    assert run(data, "review", "--export", str(file)).exit_code == 2
    assert run(data, "review", "--undo", second).exit_code == 0
    assert json.loads(run(data, "review", "--status", "rejected", "--json").stdout)["total"] == 0
    assert json.loads(run(data, "review", "--import", str(file), "--json").stdout)["recorded"] == 1
    assert run(data, "review", "--accept", first, "--reject", first).exit_code == 2


def test_on_a_terminal_links_are_put_one_by_one(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from api.cli import linking

    monkeypatch.setattr(linking, "_is_terminal", lambda: True)
    asked = run(data, "review", "--status", "suggested", "--by", "Lin", text="what\ny\nskip\nn\nquit\n")
    assert asked.exit_code == 0, asked.output
    assert "2 links were settled by Lin" in asked.stderr
    assert json.loads(run(data, "review", "--status", "accepted", "--json").stdout)["total"] == 1
    assert json.loads(run(data, "review", "--status", "rejected", "--json").stdout)["total"] == 1


@pytest.fixture
def client(services: Services) -> TestClient:
    settings = services.settings.model_copy(update={"api_key": SecretStr("open sesame")})
    keyed = replace(services, settings=settings)
    return TestClient(create_app(keyed), raise_server_exceptions=False)


KEY = {"Authorization": "Bearer open sesame"}


def test_links_are_listed_and_settled_over_http(client: TestClient) -> None:
    whole = client.get("/api/v1/links", params={"status": "suggested", "limit": 200}).json()
    assert whole["total"] == len(whole["links"]) > 10
    second = client.get("/api/v1/links", params={"status": "suggested", "limit": 1, "offset": 1}).json()
    assert (second["links"], second["total"]) == ([whole["links"][1]], whole["total"])
    (link,) = [one for one in whole["links"] if one["element"]["iri"].endswith("901v1/K7")]
    assert (link["element"]["text"], link["element"]["standard"]) == ("風險管理的程序", "BGM2421-901v1")
    for end in ("element", "concept"):
        found = client.get("/api/v1/links", params={end: link[end]["iri"]}).json()
        assert link in found["links"]
        assert {one[end]["iri"] for one in found["links"]} == {link[end]["iri"]}
    address = f"/api/v1/links/{link['id']}/decision"
    accepted = client.post(address, headers=KEY, json={"decision": "accept", "by": "Lin", "comment": "yes"})
    assert accepted.status_code == 200
    body = accepted.json()
    assert (body["status"], body["decided_by"], body["comment"]) == ("accepted", "Lin", "yes")
    assert client.get("/api/v1/links", params={"status": "accepted"}).json()["links"] == [body]
    undone = client.post(address, headers=KEY, json={"decision": "undo", "by": "Wu"}).json()
    assert undone | {"history": []} == link
    assert [(one["status"], one["by"]) for one in undone["history"]] == [("accepted", "Lin"), ("open", "Wu")]


def test_nothing_is_settled_over_http_without_the_key(client: TestClient, services: Services) -> None:
    link = link_of(services, "901v1/K7")
    address, body = f"/api/v1/links/{link.id}/decision", {"decision": "reject", "by": "Eve"}
    for sent in ("", "Bearer close sesame", "Bearer é", "Basic open sesame"):
        headers = {b"authorization": sent.encode()}
        refused = client.post(address, headers=headers, json=body)
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
        assert refused.json()["type"].endswith(":not-authorised")
    keyless = TestClient(create_app(services), raise_server_exceptions=False)
    refused = keyless.post(address, headers=KEY, json=body)
    assert refused.status_code == 403
    assert "COMPETENCY_API_KEY" in refused.json()["detail"]
    assert services.links.link(link.id) == link
    assert client.post("/api/v1/links/none/decision", headers=KEY, json=body).status_code == 404
    assert client.post(address, headers=KEY, json={"decision": "accept"}).status_code == 400
    assert client.post(address, headers=KEY, json={"decision": "perhaps", "by": "x"}).status_code == 422


@pytest.mark.parametrize(("language", "status"), [("en", "suggested"), ("zh-Hant", "建議")])
def test_pages_of_an_element_and_of_a_concept_show_the_links(
    client: TestClient, services: Services, language: str, status: str
) -> None:
    link = link_of(services, "901v1/K7")
    for iri, other in ((link.element, link.concept), (link.concept, link.element)):
        page = client.get("/resource", params={"iri": iri, "hl": language}, headers={"Accept": "text/html"})
        assert page.status_code == 200
        section = page.text.partition('id="h-links"')[2].partition("</section>")[0]
        assert urlsplit(other).path.removeprefix("/competency-graph") in section
        assert f'<span class="tag">{status}</span>' in section
        assert "風險管理的程序" in section
