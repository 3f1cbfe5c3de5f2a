"""Drafts of job descriptions: only what the standard has, as data, Markdown, Word and a page."""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docx import Document
from hypothesis import given, settings
from small_esco import tables, zipped
from small_onet import release, write_texts
from starlette.testclient import TestClient
from strategies import standards
from test_cli import run
from test_pages import Outline

from api.app import create_app
from graph import list_standards, load_standard, make_draft
from graph.ingest import ingest
from graph.oxigraph import MemoryStore
from ontology.drafting import Draft, DraftItem, draft_of
from ontology.errors import NotFound
from ontology.identifiers import Identifiers
from ontology.model import Standard
from ontology.readers import read_standard
from ontology.writers.draft import draft_docx, draft_json, draft_markdown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.services import Services

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "data" / "standards"
DRAFT = "/api/v1/standards/BGM1219-002v2/draft"


def bundled(name: str) -> Standard:
    return read_standard(SAMPLES / f"{name}.txt")


def items(draft: Draft) -> Iterator[DraftItem]:
    for duty in draft.duties:
        yield from (duty.task, *duty.activities)
    for group in draft.requirements:
        for item in group.items:
            yield from (item, *item.items)
    for point in draft.assessment:
        yield from (*point.outputs, *point.indicators)


def test_a_whole_draft_has_every_element_once() -> None:
    standard = bundled("BGM1219-002v2")
    expected = Counter((one.code, one.text) for one in standard.elements() if one.text.strip())
    assert Counter((one.code, one.text) for one in items(draft_of(standard))) == expected


def test_a_draft_of_tasks_has_what_they_require_and_no_more() -> None:
    standard = bundled("BGM1219-002v2")
    first, third = standard.tasks[0], standard.tasks[2]
    draft = draft_of(standard, ["t3", "T1", "T1 "])
    assert draft.tasks == ("T1", "T3")
    assert [duty.task.code for duty in draft.duties] == ["T1", "T3"]
    by_kind = {group.kind: group.items for group in draft.requirements}
    assert {one.code for one in by_kind["knowledge"]} == {*first.knowledge, *third.knowledge}
    assert {one.code for one in by_kind["skill"]} == {*first.skills, *third.skills}
    assert len(by_kind["attitude"]) == len(standard.attitudes)
    k1 = next(one for one in by_kind["knowledge"] if one.code == "K1")
    assert "T1" in k1.required_by
    assert {point.activity.code.split(".")[0] for point in draft.assessment} == {"T1", "T3"}


def test_the_newer_template_says_which_activity_requires_what() -> None:
    standard = bundled("sample-BAS3341-902v1")
    draft = draft_of(standard, ["T1"])
    required = {code for one in standard.tasks[0].activities for code in (*one.knowledge, *one.skills)}
    assert required
    got = {one.code for group in draft.requirements if group.kind != "attitude" for one in group.items}
    assert got == required
    assert all(
        code.startswith("T1.")
        for group in draft.requirements
        for one in group.items
        for code in one.required_by
    )


def test_an_unknown_task_is_told_with_those_there_are() -> None:
    with pytest.raises(NotFound, match="no task with the code 'T9'; it has T1, T2, T3, T4, T5"):
        draft_of(bundled("BGM1219-002v2"), ["T1", "T9"])
    with pytest.raises(NotFound, match="it has no tasks at all"):
        draft_of(Standard(framework="icap", code="X1-001v1", name="空"), ["T1"])


def test_a_standard_without_content_says_so() -> None:
    draft = draft_of(Standard(framework="icap", code="X1-001v1", name="網站工程師", description="建置網站。"))
    assert draft.is_empty
    assert draft_json(draft)["empty"] is True
    assert "X1-001v1 在這裡只有名稱與說明，沒有內容" in draft_markdown(draft)
    assert "X1-001v1 has no content here" in draft_markdown(draft, "en")


def test_occupations_of_esco_name_what_they_share_essential_first(tmp_path: Path) -> None:
    store, identifiers = MemoryStore(), Identifiers()
    ingest([zipped(tmp_path, tables())], store, identifiers)
    shown = 0
    for one in list_standards(store):
        standard = load_standard(store, identifiers, one.iri)
        draft = make_draft(store, identifiers, standard)
        relations = [group.relation for group in draft.requirements]
        assert relations == sorted(relations, key=["essential", "optional"].index)
        found = {item.iri for group in draft.requirements for item in group.items}
        assert found == {identifiers.absolute(need.concept) for need in standard.requirements}
        assert all(item.text.strip() for group in draft.requirements for item in group.items)
        shown += len(found)
    assert shown > 3


def test_occupations_of_onet_put_what_is_important_first(tmp_path: Path) -> None:
    store, identifiers = MemoryStore(), Identifiers()
    write_texts(tmp_path, release())
    ingest([tmp_path], store, identifiers)
    seen = set()
    for one in list_standards(store):
        standard = load_standard(store, identifiers, one.iri)
        draft = make_draft(store, identifiers, standard)
        importance = {identifiers.absolute(need.concept): need for need in standard.requirements}
        for group in draft.requirements:
            for item in group.items:
                rating = importance[item.iri].importance
                assert not importance[item.iri].suppressed
                assert (group.relation == "important") == (rating is not None and rating >= 3)
            seen.add(group.relation)
    assert "important" in seen


@settings(max_examples=60, deadline=None)
@given(standards())
def test_any_standard_can_be_drafted_in_any_form(standard: Standard) -> None:
    draft = draft_of(standard)
    known = {one.text for one in standard.elements()}
    assert {one.text for one in items(draft)} <= known
    json.dumps(draft_json(draft))
    assert draft_markdown(draft).startswith("# ")


def test_the_word_document_has_headings_and_every_code() -> None:
    draft = draft_of(bundled("BGM1219-002v2"), ["T1"])
    document = Document(io.BytesIO(draft_docx(draft)))
    text = [paragraph.text for paragraph in document.paragraphs]
    assert text[0] == "基層主管：職務說明草稿"
    headings = [one.text for one in document.paragraphs if one.style and one.style.name == "Heading 1"]
    assert headings == ["職責", "應備知識", "應備技能", "態度", "面談與評量要點"]
    for one in items(draft):
        assert any(line.startswith(one.code) and one.text in line for line in text), one


def test_a_text_with_what_xml_cannot_carry_is_written() -> None:
    standard = Standard(framework="icap", code="X1-001v1", name="a\x00b", description="c\x1f")
    assert Document(io.BytesIO(draft_docx(draft_of(standard)))).paragraphs[0].text.startswith("a\ufffdb")


def test_text_stays_text_in_markdown() -> None:
    standard = Standard(framework="icap", code="X1-001v1", name="*a* [b](c) <i>", description="1. one\n# two")
    lines = draft_markdown(draft_of(standard), "en").splitlines()
    assert lines[0] == r"# \*a\* \[b\](c) \<i\>: draft of a job description"
    assert r"1\. one # two" in lines


@pytest.fixture(scope="module")
def client(services: Services) -> TestClient:
    return TestClient(create_app(services))


def test_the_api_answers_in_the_form_that_is_asked_for(client: TestClient) -> None:
    body = client.get(DRAFT, params={"task": ["T1", "T2"]}).json()
    assert body["tasks"] == ["T1", "T2"]
    assert body["duties"][0]["iri"] == "https://w3id.org/competency-graph/id/icap/BGM1219-002v2/T1"
    markdown = client.get(DRAFT, headers={"Accept": "text/markdown"})
    assert markdown.headers["content-type"].startswith("text/markdown")
    assert "## 應備技能" in markdown.text
    assert "## Duties" in client.get(DRAFT, params={"format": "md", "hl": "en"}).text
    word = client.get(DRAFT, params={"format": "docx", "task": "T1"})
    assert 'filename="draft-BGM1219-002v2-T1.docx"' in word.headers["content-disposition"]
    assert Document(io.BytesIO(word.content)).paragraphs


@pytest.mark.parametrize(
    ("parameters", "status", "words"),
    [
        ({"task": "T9"}, 404, "it has T1, T2, T3, T4, T5"),
        ({"format": "pdf"}, 400, "format must be one of json, md, docx"),
        ({"hl": "fr"}, 400, "hl must be one of zh-Hant, en"),
    ],
)
def test_wrong_wishes_are_told(
    client: TestClient, parameters: dict[str, str], status: int, words: str
) -> None:
    answer = client.get(DRAFT, params=parameters)
    assert (answer.status_code, words in answer.json()["detail"]) == (status, True)


def test_the_page_offers_the_tasks_and_shows_those_chosen(client: TestClient) -> None:
    html = client.get("/standards/BGM1219-002v2/draft?task=T2&hl=en", headers={"Accept": "text/html"}).text
    outline = Outline(html)
    boxes = outline.all("input", type="checkbox", name="task")
    assert [one["value"] for one in boxes if "checked" in one] == ["T2"]
    assert len(boxes) == 5
    assert "P2.1.1" in outline.text
    assert "P1.1.1" not in outline.text
    standard = Outline(client.get("/id/icap/BGM1219-002v2?hl=en", headers={"Accept": "text/html"}).text)
    assert standard.all("a", href="/standards/BGM1219-002v2/draft?hl=en")


def test_the_command_prints_markdown_json_and_writes_word(loaded_data: Path, tmp_path: Path) -> None:
    done = run("draft", "bgm1219-002", "--task", "T1", data_dir=loaded_data)
    assert done.returncode == 0, done.stderr
    assert "- **T1** 提升團隊效能" in done.stdout
    body = json.loads(run("draft", "BGM1219-002v2", "--json", data_dir=loaded_data).stdout)
    assert len(body["duties"]) == 5
    file = tmp_path / "draft.docx"
    written = run("draft", "BGM1219-002v2", "--docx", str(file), "--hl", "en", data_dir=loaded_data)
    assert (written.returncode, written.stdout) == (0, "")
    assert "Duties" in [one.text for one in Document(str(file)).paragraphs]
    again = run("draft", "BGM1219-002v2", "--docx", str(file), data_dir=loaded_data)
    assert (again.returncode, "--force" in again.stderr) == (2, True)
    wrong = run("draft", "BGM1219-002v2", "--task", "T9", data_dir=loaded_data)
    assert (wrong.returncode, "T1, T2" in wrong.stderr) == (1, True)
