"""Classifications of occupations and industries, as SKOS concept schemes with their hierarchies.

``occupation-mol-tw`` is the 中華民國職業標準分類 (6th revision, 554 codes) and ``industry-dgbas-tw`` the
行業統計分類 (11th revision, 737 codes), both from a CC0 package. The occupations derive from ISCO-08, but
equal codes do not mean equal occupations, so nothing here links them to it.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from rdflib import DCTERMS, RDF, SKOS, Graph, Literal, URIRef

from ontology.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ontology.identifiers import Identifiers

__all__ = [
    "CATEGORY",
    "INDUSTRY",
    "ISCO",
    "ISCO_GROUPS",
    "OCCUPATION",
    "CodeScheme",
    "Concept",
    "NamedConcept",
    "codes_graph",
    "open_scheme",
    "resolve_printed",
]

OCCUPATION = "occupation-mol-tw"
INDUSTRY = "industry-dgbas-tw"
ISCO = "isco-08"
ISCO_GROUPS = "http://data.europa.eu/esco/isco/C"
"""What the IRI of a group of ISCO-08 begins with, as ESCO gives it; its code follows."""
CATEGORY = "category-icap"
"""The scheme of iCAP's own occupational categories (職類別), of which no list is published."""

_TITLES = {
    OCCUPATION: (
        "中華民國職業標準分類（第 6 次修訂）",
        "Standard Occupational Classification of Taiwan, 6th revision",
    ),
    INDUSTRY: ("行業統計分類（第 11 次修訂）", "Standard Industrial Classification of Taiwan, 11th revision"),
}
_SCHEMES = {"icap": {"occupation": OCCUPATION, "industry": INDUSTRY, "category": CATEGORY}}
_ISCO_CODE = re.compile(r"[0-9]{1,4}")
_CATEGORY_CODE = re.compile(r"[A-Z]{3,4}")
_SECTIONED = re.compile(r"([A-Z])(\d{2,4}|\d\d-\d\d)")


@dataclass(frozen=True, slots=True)
class Concept:
    """One code of a scheme; ``parent`` is the code above it (``None`` at the top), ``level`` is 1–4."""

    scheme: str
    code: str
    name: str
    parent: str | None
    level: int


class CodeScheme:
    """A classification: codes, their names and their hierarchy."""

    def __init__(self, name: str, concepts: Sequence[Concept]) -> None:
        self.name = name
        self._concepts = {concept.code: concept for concept in concepts}
        self._ranges: dict[str, Concept] = {}
        # Two divisions of the industries are printed as ranges: 45-46 and 47-48.
        for concept in concepts:
            first, separator, last = concept.code.partition("-")
            if separator:
                self._ranges |= {f"{code:02d}": concept for code in range(int(first), int(last) + 1)}
        self._narrower: dict[str | None, list[Concept]] = {}
        for concept in concepts:
            self._narrower.setdefault(concept.parent, []).append(concept)

    def __iter__(self) -> Iterator[Concept]:
        return iter(self._concepts.values())

    def __len__(self) -> int:
        return len(self._concepts)

    def __contains__(self, code: str) -> bool:
        return code in self._concepts

    def __getitem__(self, code: str) -> Concept:
        """Raises ``NotFound``."""
        try:
            return self._concepts[code]
        except KeyError:
            raise NotFound(code, f"{self.name} has no code {code!r}") from None

    def broader(self, code: str) -> Concept | None:
        parent = self[code].parent
        return self._concepts[parent] if parent else None

    def narrower(self, code: str | None) -> tuple[Concept, ...]:
        """Directly below ``code``; with ``None``, the top of the hierarchy."""
        return tuple(self._narrower.get(code, ()))

    def ancestors(self, code: str) -> tuple[Concept, ...]:
        """Everything above ``code``, nearest first."""
        above = []
        concept = self.broader(code)
        while concept is not None:
            above.append(concept)
            concept = self.broader(concept.code)
        return tuple(above)

    def resolve(self, printed: str) -> Concept | None:
        """The concept that a printed code means, by rule and never by name; ``None`` where it has none here.

        iCAP prints an industry with the letter of its section before it: ``M7010``. The letter must be the
        section of the code. The list leaves out a class that only repeats its group, so a code of four
        digits that ends in 0 and is not listed stands for its first three: ``M7010`` is 701. A division
        within a listed range means the range. Codes of older revisions do not resolve.
        """
        code = unicodedata.normalize("NFKC", printed).strip().upper()
        if code in self._concepts:
            return self._concepts[code]
        section = None
        if match := _SECTIONED.fullmatch(code):
            section, code = match[1], match[2]
        if self.name == OCCUPATION and section:
            return None
        concept = self._concepts.get(code) or self._ranges.get(code)
        if concept is None and len(code) == 4 and code.endswith("0") and code.isdigit():
            group = self._concepts.get(code[:3])
            concept = group if group and not self._narrower.get(group.code) else None
        if concept is None or (section and self._section(concept) != section):
            return None
        return concept

    def _section(self, concept: Concept) -> str:
        above = self.ancestors(concept.code)
        return above[-1].code if above else concept.code


@cache
def open_scheme(name: str) -> CodeScheme:
    """The scheme ``occupation-mol-tw`` or ``industry-dgbas-tw``. Raises ``NotFound``."""
    if name not in _TITLES:
        raise NotFound(name, f"no classification is known under {name!r}; there are {', '.join(_TITLES)}")
    text = files("data").joinpath("codes", f"{name}.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return CodeScheme(
        name,
        [Concept(name, row["code"], row["name"], row["parent"] or None, int(row["level"])) for row in rows],
    )


@dataclass(frozen=True, slots=True)
class NamedConcept:
    """A concept by its scheme and code, as ``Identifiers.concept`` takes them; ``iri`` is its own, where it
    has one."""

    scheme: str
    code: str
    iri: str = ""


def resolve_printed(framework: str, kind: str, printed: str) -> NamedConcept | None:
    """The concept that a printed code means in a framework; ``None`` where it is unknown.

    ``kind`` is ``category``, ``occupation`` or ``industry``. Occupations and industries resolve by their
    lists (``CodeScheme.resolve``). The categories of iCAP have no published list, so every code of their
    form, three or four letters, names one. ESCO's occupations stand in groups of ISCO-08, which have IRIs of
    ESCO's own.
    """
    if framework == "esco" and kind == "occupation" and _ISCO_CODE.fullmatch(printed):
        return NamedConcept(ISCO, printed, ISCO_GROUPS + printed)
    scheme = _SCHEMES.get(framework, {}).get(kind)
    if scheme is None:
        return None
    if scheme == CATEGORY:
        code = unicodedata.normalize("NFKC", printed).strip().upper()
        return NamedConcept(CATEGORY, code) if _CATEGORY_CODE.fullmatch(code) else None
    concept = open_scheme(scheme).resolve(printed)
    return NamedConcept(scheme, concept.code) if concept else None


def codes_graph(identifiers: Identifiers) -> Graph:
    """Both classifications as SKOS, and the scheme of the categories, whose concepts the standards name."""
    graph = Graph()
    categories = URIRef(identifiers.scheme(CATEGORY))
    graph.add((categories, RDF.type, SKOS.ConceptScheme))
    graph.add((categories, SKOS.prefLabel, Literal("iCAP 職類別", lang="zh-Hant")))
    graph.add((categories, SKOS.prefLabel, Literal("Occupational categories of iCAP", lang="en")))
    for name, (chinese, english) in _TITLES.items():
        scheme_iri = URIRef(identifiers.scheme(name))
        graph.add((scheme_iri, RDF.type, SKOS.ConceptScheme))
        for title, language in ((chinese, "zh-Hant"), (english, "en")):
            graph.add((scheme_iri, SKOS.prefLabel, Literal(title, lang=language)))
        graph.add((scheme_iri, DCTERMS.license, URIRef("https://creativecommons.org/publicdomain/zero/1.0/")))
        scheme = open_scheme(name)
        for concept in scheme:
            iri = URIRef(identifiers.concept(name, concept.code))
            graph.add((iri, RDF.type, SKOS.Concept))
            graph.add((iri, SKOS.inScheme, scheme_iri))
            graph.add((iri, SKOS.notation, Literal(concept.code)))
            graph.add((iri, SKOS.prefLabel, Literal(concept.name, lang="zh-Hant")))
            if concept.parent is None:
                graph.add((iri, SKOS.topConceptOf, scheme_iri))
                graph.add((scheme_iri, SKOS.hasTopConcept, iri))
            else:
                parent = URIRef(identifiers.concept(name, concept.parent))
                graph.add((iri, SKOS.broader, parent))
                graph.add((parent, SKOS.narrower, iri))
    return graph
