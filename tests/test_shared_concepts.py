"""What standards share: in the store, in the index, and on the pages, over a small release."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.services import all_passages, ingest_and_index, open_services
from api.settings import Settings
from graph import list_concepts, list_datasets
from graph.ingest import Status
from ontology.dataset import Concept, ConceptScheme, Dataset, DatasetInfo, Item, Mapping
from ontology.identifiers import concept_reference, standard_reference
from ontology.model import ConceptKind, RelatedStandard, Requirement, Standard, Task
from ontology.readers import datasets
from search.results import OtherName

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from api.services import Services
    from ontology.dataset import Progress

LISTENING = concept_reference("skills", "2.A.1.b")
CONFLICT = "http://data.europa.eu/esco/skill/conflict"


class SmallRelease(Dataset):
    """Two occupations and three concepts, as a release might have them; ``version`` changes a name."""

    def __init__(self, path: Path) -> None:
        self.info = DatasetInfo("small", "onet", "Small release", path.read_text(), source=path.name)

    def _items(self, progress: Progress) -> Iterator[Item]:
        progress("Reading the small release", 0, 2)
        yield ConceptScheme("skills", "Skills")
        yield Concept(
            "skills", "2.A.1.b", ConceptKind.SKILL, "Active Listening", description="Giving attention"
        )
        yield Concept("", "", ConceptKind.SKILL, "handle conflicts", iri=CONFLICT)
        yield Concept("tools", "Telescope", ConceptKind.TECHNOLOGY, "Telescope")
        yield Standard(
            "onet",
            "11-1011.00",
            f"Chief Executives {self.info.version}",
            language="en",
            alternative_names=("Agency Owner",),
            requirements=(
                Requirement(ConceptKind.SKILL, LISTENING, "", 4.12, 4.62),
                Requirement(ConceptKind.SKILL, CONFLICT, "essential"),
                Requirement(ConceptKind.TECHNOLOGY, concept_reference("tools", "Telescope")),
            ),
            related=(RelatedStandard(standard_reference("onet", "11-1021.00"), "Primary-Short"),),
            tasks=(Task("8823", "Direct the finances of an organization", category="Core"),),
        )
        yield Standard("onet", "11-1021.00", "Operations Managers", language="en")
        yield Mapping(standard_reference("onet", "11-1011.00"), "closeMatch", CONFLICT, confidence=0.5)


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "release.small"
    path.write_text("1")
    reader = datasets.DatasetReader("a small release", lambda one: one.name == path.name, SmallRelease)
    monkeypatch.setattr(datasets, "DATASET_READERS", (reader,))
    return path


@pytest.fixture
def services(release: Path, sample_path: Path, tmp_path: Path) -> Iterator[Services]:
    settings = Settings(data_dir=tmp_path / "data", embedder="toy")
    ingest_and_index([release, sample_path], settings)
    with open_services(settings) as opened:
        yield opened


def test_a_release_is_one_document_and_is_replaced_whole(release: Path, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", embedder="toy")

    def ingest() -> tuple[Status, str]:
        [outcome] = ingest_and_index([release], settings).outcomes
        assert (outcome.counts["standard"], outcome.counts["concept"], outcome.counts["mapping"]) == (2, 3, 1)
        with open_services(settings) as opened:
            [iri] = [iri for iri in opened.store.graphs() if "dataset" in iri]
            assert iri.endswith("dataset/small")
            return outcome.status, opened.standard("11-1011.00")[0].name

    assert ingest() == (Status.ADDED, "Chief Executives 1")
    assert ingest() == (Status.UNCHANGED, "Chief Executives 1")
    release.write_text("2")
    assert ingest() == (Status.CHANGED, "Chief Executives 2")


def test_standards_of_a_release_come_back_as_they_were(services: Services, release: Path) -> None:
    expected = {one.code: one for one in SmallRelease(release).items() if isinstance(one, Standard)}
    assert services.standard("11-1011.00")[1] == expected["11-1011.00"]
    assert services.standard("11-1021.00")[1] == expected["11-1021.00"]


def test_concepts_and_releases_are_listed(services: Services) -> None:
    [release] = list_datasets(services.store)
    assert (release.title, release.version, release.framework) == ("Small release", "1", "onet")
    found = {one.name: one for one in list_concepts(services.store)}
    assert found["Active Listening"].code == "2.A.1.b"
    assert found["Telescope"].code == ""
    assert found["handle conflicts"].iri == CONFLICT


def test_concepts_are_searched_and_a_bare_number_is_no_code(services: Services) -> None:
    index = services.index.current()
    assert [hit.iri for hit in index.search("handle conflicts", limit=1).hits] == [CONFLICT]
    assert index.search("active listening", kinds=["skill"]).hits[0].standard_name == "Small release 1"
    assert index.search("8823").hits[0].reason.found_by != "code"
    assert [hit.code for hit in index.search("11-1011.00 8823").hits] == ["8823"]
    assert len({passage.iri for passage in all_passages(services)}) == len(all_passages(services))


def test_pages_show_what_a_standard_takes_and_lead_to_it(services: Services) -> None:
    with TestClient(create_app(services)) as client:
        page = client.get("/id/onet/11-1011.00?hl=en").text
        for shown in ("Active Listening", "4.12", "handle conflicts", "Telescope", "Operations Managers"):
            assert shown in page
        assert "/resource?iri=http%3A%2F%2Fdata.europa.eu%2Fesco%2Fskill%2Fconflict" in page
        concept = client.get("/resource", params={"iri": CONFLICT, "hl": "en"})
        assert (concept.status_code, "Chief Executives 1" in concept.text) == (200, True)
        turtle = client.get("/resource", params={"iri": CONFLICT}, headers={"Accept": "text/turtle"})
        assert turtle.headers["content-type"].startswith("text/turtle")
        assert client.get("/resource", params={"iri": "http://example.org/none"}).status_code == 404
        listed = client.get("/standards", params={"q": "operations", "hl": "en"}).text
        assert ("Operations Managers" in listed, "Chief Executives" in listed) == (True, False)


def test_words_of_another_name_find_what_is_called_so_and_say_which(services: Services) -> None:
    found = services.index.current().search("agency owner").hits[0]
    assert (found.code, found.reason.spans) == ("11-1011.00", ())
    assert found.reason.name == OtherName("Agency Owner", ((0, 6), (7, 12)))
    by_text = services.index.current().search("chief executives").hits[0]
    assert (by_text.code, by_text.reason.name) == ("11-1011.00", None)
    assert by_text.reason.spans


def test_the_answer_and_the_page_show_the_other_name(services: Services) -> None:
    client = TestClient(create_app(services))
    hit = client.get("/api/v1/search", params={"q": "agency owner"}).json()["hits"][0]
    assert hit["found_by"]["name"] == {"text": "Agency Owner", "spans": [[0, 6], [7, 12]]}
    page = client.get("/", params={"q": "agency owner", "hl": "zh-Hant"}).text
    assert '又稱： <span class="name"><mark>Agency</mark> <mark>Owner</mark></span>' in page


def test_a_measurement_leaves_other_names_out(services: Services) -> None:
    assert any(one.names for one in all_passages(services))
    assert not any(one.names for one in all_passages(services, names=False))
