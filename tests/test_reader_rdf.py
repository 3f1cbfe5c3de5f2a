"""RDF that was exported is read back the same, whatever its base; nothing is fetched on the way."""

from __future__ import annotations

import dataclasses
import json
import socket
import urllib.request
from typing import TYPE_CHECKING, NoReturn

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import standards

from ontology.errors import DocumentError
from ontology.identifiers import Identifiers
from ontology.model import Standard, Task
from ontology.readers import read_standard, read_standards
from ontology.writers import writer_named

if TYPE_CHECKING:
    from pathlib import Path

FORMS = ["turtle", "ntriples", "jsonld"]
BASES = ["https://w3id.org/competency-graph/id/", "https://example.org/ns#", "urn:example:x/"]


@pytest.mark.parametrize("form", FORMS)
@settings(deadline=None, max_examples=20, suppress_health_check=list(HealthCheck))
@given(standard=standards(), base=st.sampled_from(BASES))
def test_an_exported_standard_is_read_back_the_same(form: str, standard: Standard, base: str) -> None:
    writer = writer_named(form)
    if writer.losses([standard]):
        return
    data = writer.write([standard], Identifiers(base))
    again = read_standard(data, "export")
    assert again == (standard if standard.source else dataclasses.replace(standard, source="export"))


@pytest.mark.parametrize("form", FORMS)
def test_the_bundled_standard_and_another_come_back_from_one_file(
    sample_path: Path, tmp_path: Path, form: str
) -> None:
    sample = read_standard(sample_path)
    other = dataclasses.replace(sample, code="BGM1219-0021v1", history=(), doubts=())
    longer = dataclasses.replace(sample, code="BGM1219-002v2/T1", history=(), doubts=())
    file = tmp_path / "export"
    file.write_bytes(writer_named(form).write([longer, sample, other], Identifiers(BASES[1])))
    assert set(read_standards(file)) == {sample, other, longer}


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("the network was tried")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(urllib.request, "urlopen", refuse)


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize(
    ("context", "field"),
    [
        ("http://127.0.0.1:9/context.jsonld", "@context"),
        ([{"a": "http://example.org/a"}, "file:///etc/passwd"], "@context"),
        ({"@import": "http://127.0.0.1:9/context.jsonld"}, "@context.@import"),
        (
            {"a": {"@id": "http://example.org/a", "@context": "http://127.0.0.1:9/c.jsonld"}},
            "@context.a.@context",
        ),
    ],
)
def test_a_context_elsewhere_is_refused_and_not_fetched(context: object, field: str) -> None:
    document = {
        "@context": context,
        "@id": "http://example.org/x",
        "@type": "https://w3id.org/competency-graph/ontology#Standard",
    }
    with pytest.raises(DocumentError, match="context elsewhere") as caught:
        read_standards(json.dumps(document).encode(), "x.jsonld")
    assert caught.value.field == field


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("form", FORMS)
def test_reading_an_export_needs_no_network(form: str) -> None:
    standard = Standard("icap", "BGM1219-002v2", "基層主管", source="a.txt", tasks=(Task("T1", "提升"),))
    assert read_standard(writer_named(form).write([standard], Identifiers())) == standard


NAMESPACE = "https://w3id.org/competency-graph/ontology#"


@pytest.mark.parametrize(
    ("text", "says", "line"),
    [
        (f"@prefix cg: <{NAMESPACE}> .\n<urn:x> a cg:Standard ;; .;", "not valid Turtle", 2),
        (f"<urn:x> a <{NAMESPACE}Task> .", "the graph holds no standard", None),
        (
            f"<urn:a> a <urn:b> . [] a <{NAMESPACE}Standard> .",
            "the graph holds no standard",
            None,
        ),
        (f"<urn:x> a <{NAMESPACE}Standard> .", "urn:x cannot be read as a standard", None),
        (
            f"<urn:x:y> a <{NAMESPACE}Standard> ; <{NAMESPACE}framework> <urn:x/icap> ; "
            f"<{NAMESPACE}hasTask> <urn:x:y/T1> .",
            "urn:x:y cannot be read as a standard",
            None,
        ),
        (f"<urn:x> a <{NAMESPACE}Standard> ; <urn:p> {'[ <urn:p> ' * 3000}", "not valid Turtle", None),
        (f'{{"@context": 3, "@id": "{NAMESPACE}"}}', "not valid JSON-LD", None),
    ],
)
def test_what_is_no_export_is_refused_with_a_reason(text: str, says: str, line: int | None) -> None:
    with pytest.raises(DocumentError, match=says) as caught:
        read_standards(text.encode(), "x.ttl")
    assert (caught.value.file, caught.value.line) == ("x.ttl", line)
