"""Judged sets out of what publishers release: names, links and titles that tell what belongs together.

A release has answers in it that nobody had to judge by hand: another name of a skill should find the skill,
the title of an occupation what its publisher mapped it to, or its tasks. The sets are made of the files when
they are needed. What is searched has names and descriptions, never other names (``search.passages``), so that
no query stands in what it should find, except where a description happens to use it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from graph import ConceptSummary, DatasetSummary
from ontology.dataset import Concept, Mapping
from ontology.errors import DocumentError, InvalidInput
from ontology.identifiers import Identifiers
from ontology.model import Standard
from ontology.rdf_dataset import dataset_iri
from ontology.readers import SUFFIXES, read_standards
from ontology.readers.csv_table import CsvTable
from ontology.readers.datasets import open_dataset
from search.evaluation.judged import Judged, Need
from search.folding import other_chinese_script, to_script, tokens
from search.passages import STANDARD_KIND, passages_of, passages_of_concepts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from ontology.dataset import Dataset, Progress
    from search.passages import Passage

    Maker = Callable[[Sequence[Path], Identifiers, Progress | None], Iterable[Need]]

__all__ = ["MAKERS", "make_judged", "passages_in"]

_GRADES = {"exactMatch": 2, "closeMatch": 2, "broadMatch": 1, "narrowMatch": 1}
_ISCO_GROUP = "/esco/isco/"
_TITLES = ("job_name", "expected_code", "expected_name")
_LONGEST = 1000


def passages_in(
    paths: Sequence[Path], identifiers: Identifiers, progress: Progress | None = None
) -> tuple[Passage, ...]:
    """What would be searched if these files and folders were loaded. Raises ``DocumentError``."""
    passages: list[Passage] = []
    for source in _sources(paths):
        if isinstance(source, Standard):
            passages += passages_of(source, identifiers)
            continue
        info = source.info
        release = DatasetSummary(
            dataset_iri(info, identifiers),
            info.title,
            info.version,
            info.framework,
            info.licence,
            info.attribution,
        )
        concepts = []
        for item in source.items(progress):
            if isinstance(item, Standard):
                passages += passages_of(item, identifiers)
            elif isinstance(item, Concept):
                concepts.append(_summary(item, info.framework, identifiers))
        passages += passages_of_concepts(sorted(concepts, key=lambda one: one.iri), [release])
    return tuple(passages)


def _summary(concept: Concept, framework: str, identifiers: Identifiers) -> ConceptSummary:
    return ConceptSummary(
        _concept_iri(concept, identifiers),
        concept.kind,
        "" if concept.code == concept.name else concept.code,
        concept.name,
        concept.language,
        framework,
        concept.description,
    )


def _concept_iri(concept: Concept, identifiers: Identifiers) -> str:
    return concept.iri or identifiers.concept(concept.scheme, concept.code)


def _sources(paths: Iterable[Path]) -> Iterator[Dataset | Standard]:
    """Of a folder, itself where it is a data set, else what is in it, by name."""
    opened = set()
    for path in paths:
        dataset = open_dataset(path)
        if dataset is not None:
            if dataset.info not in opened:
                opened.add(dataset.info)
                yield dataset
        elif path.is_dir():
            yield from _sources(
                one for one in sorted(path.iterdir()) if one.is_dir() or one.suffix.lower() in SUFFIXES
            )
        else:
            yield from read_standards(path)


@dataclass(frozen=True, slots=True)
class _Named:
    """Something of a release that has names."""

    iri: str
    kind: str
    name: str
    others: tuple[str, ...]
    language: str


def _named(paths: Sequence[Path], identifiers: Identifiers, progress: Progress | None) -> Iterator[_Named]:
    for source in _sources(paths):
        items = (source,) if isinstance(source, Standard) else source.items(progress)
        for item in items:
            if isinstance(item, Standard):
                iri, kind = identifiers.of_standard(item), STANDARD_KIND
            elif isinstance(item, Concept):
                iri, kind = _concept_iri(item, identifiers), item.kind.value
            else:
                continue
            yield _Named(iri, kind, item.name, item.alternative_names, item.language)


def _folded(text: str) -> str:
    return " ".join(token.text for token in tokens(text))


def _of_names(
    paths: Sequence[Path],
    identifiers: Identifiers,
    progress: Progress | None,
    *,
    kinds: Sequence[str] = (),
) -> Iterator[Need]:
    """Other names find what has them. One that is also the name of something of the same kind would find
    that, rightly, and is left out; one that several have should find them all."""
    named = [one for one in _named(paths, identifiers, progress) if not kinds or one.kind in kinds]
    names = {(one.kind, _folded(one.name)) for one in named}
    holders: dict[tuple[str, str], dict[str, None]] = {}
    queries: dict[tuple[str, str], tuple[str, str]] = {}
    for one in named:
        for other in one.others:
            key = (one.kind, _folded(other))
            if key[1] and key not in names:
                holders.setdefault(key, {})[one.iri] = None
                queries.setdefault(key, (other, one.language))
    for key, (query, language) in queries.items():
        yield Need(query, dict.fromkeys(holders[key], 2), {language: query})


def _of_mappings(
    paths: Sequence[Path], identifiers: Identifiers, progress: Progress | None
) -> Iterator[Need]:
    """Titles find what they are mapped to: the object's label the subjects, exact and close matches with
    grade 2, broader and narrower ones with 1. Groups of ISCO-08 are no occupations and are left out."""
    found: dict[str, dict[str, int]] = {}
    for source in _sources(paths):
        if isinstance(source, Standard):
            continue
        for item in source.items(progress):
            if not isinstance(item, Mapping) or not item.object_label or item.is_negated:
                continue
            grade = _GRADES.get(item.predicate, 0)
            if grade and _ISCO_GROUP not in item.subject:
                relevant = found.setdefault(item.object_label, {})
                iri = identifiers.absolute(item.subject)
                relevant[iri] = max(grade, relevant.get(iri, 0))
    for title, relevant in found.items():
        yield Need(title, relevant, {"en": title})


def _of_tasks(paths: Sequence[Path], identifiers: Identifiers, progress: Progress | None) -> Iterator[Need]:
    """The name of a standard finds its tasks; a Chinese name is asked in both scripts."""
    for source in _sources(paths):
        items = (source,) if isinstance(source, Standard) else source.items(progress)
        for item in items:
            if isinstance(item, Standard) and item.tasks:
                iri = identifiers.of_standard(item)
                relevant = {identifiers.element(iri, task.code): 2 for task in item.tasks}
                queries = {item.language: item.name}
                if script := other_chinese_script(item.language):
                    queries[script] = to_script(item.name, script)
                yield Need(item.code, relevant, queries)


def _of_titles(paths: Sequence[Path], identifiers: Identifiers, progress: Progress | None) -> Iterator[Need]:
    """Titles of jobs find the occupation that was expected for each: tables with the columns of ``_TITLES``,
    beside or in the folder of the classification that has the codes."""
    files = [one for path in paths for one in (sorted(path.iterdir()) if path.is_dir() else [path])]
    tables = [CsvTable(one) for one in files if one.suffix.lower() == ".csv"]
    titles = [table for table in tables if set(_TITLES) <= set(table.header())]
    if not titles:
        raise DocumentError(
            "there is no table of titles", file=str(paths[0]), expected=f"columns {', '.join(_TITLES)}"
        )
    iris: dict[str, str] = {}
    languages: dict[str, str] = {}
    for source in _sources(paths):
        for item in () if isinstance(source, Standard) else source.items(progress):
            if isinstance(item, Standard):
                iris[item.code] = identifiers.of_standard(item)
                languages[item.code] = item.language
            elif isinstance(item, Concept):
                iris.setdefault(item.code, _concept_iri(item, identifiers))
                languages.setdefault(item.code, item.language)
    found: dict[str, Need] = {}
    for table in titles:
        for row in table.rows():
            code, title = row["expected_code"], row["job_name"]
            if code not in iris or not _folded(title):
                continue
            before = found.get(title)
            relevant = {**(before.relevant if before else {}), iris[code]: 2}
            found[title] = Need(title, relevant, {languages[code]: title})
    yield from found.values()


MAKERS: dict[str, Maker] = {
    "names": _of_names,
    "mappings": _of_mappings,
    "tasks": _of_tasks,
    "titles": _of_titles,
}
"""What a judged set can be made of, by name."""


def make_judged(
    form: str,
    paths: Sequence[Path],
    *,
    identifiers: Identifiers | None = None,
    kinds: Sequence[str] = (),
    sample: int | None = None,
    seed: int = 1,
    progress: Progress | None = None,
) -> Judged:
    """A judged set of ``form`` (one of ``MAKERS``) out of the releases at ``paths``.

    ``sample`` draws so many needs by ``seed``, each element in the judgements of one at most, so that the
    needs are independent of each other. ``kinds`` narrows the names. Raises ``DocumentError``, and
    ``InvalidInput`` where the releases have nothing of the form.
    """
    identifiers = identifiers or Identifiers()
    maker = partial(_of_names, kinds=kinds) if form == "names" else MAKERS[form]
    needs = [
        replace(need, queries={language: query[:_LONGEST] for language, query in need.queries.items()})
        for need in maker(paths, identifiers, progress)
    ]
    if sample is not None:
        needs = _independent(needs, sample, seed)
    if not needs:
        raise InvalidInput(f"there are no {form} in {', '.join(map(str, paths))} to make a judged set of")
    languages = tuple(dict.fromkeys(language for need in needs for language in need.queries))
    return Judged(form, languages, tuple(needs))


def _independent(needs: Sequence[Need], count: int, seed: int) -> list[Need]:
    taken: set[str] = set()
    rows: list[int] = []
    for row in np.random.default_rng(seed).permutation(len(needs)).tolist():
        if len(rows) == count:
            break
        if not taken & set(needs[row].relevant):
            taken |= set(needs[row].relevant)
            rows.append(row)
    return [needs[row] for row in sorted(rows)]
