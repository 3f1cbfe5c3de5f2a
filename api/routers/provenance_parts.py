"""Where a standard comes from: its framework, publisher, licence, document and date, and how to cite it."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

from api.pages.messages import catalogue, translate
from api.pages.provenance_views import Provenance
from api.routers.browse_parts import browse_address
from ontology.case_form import detail_value
from ontology.vocabulary import framework_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api.pages import Page
    from graph import DatasetSummary
    from ontology.model import Standard

__all__ = ["document_name", "provenance"]

_SITES = {
    "icap": "https://icap.wda.gov.tw/",
    "esco": "https://esco.ec.europa.eu/en/classification",
    "onet": "https://www.onetcenter.org/database.html",
    "au": "https://training.gov.au/",
}
_RECORDS = {
    "onet": "https://www.onetonline.org/link/summary/{code}",
    "au": "https://training.gov.au/training/details/{code}",
}
_LICENCES = {
    "http://data.europa.eu/eli/dec/2011/833/oj": "eu_reuse",
    "https://creativecommons.org/licenses/by/4.0/": "cc_by_4",
}
_FOLLOWED = ("http://", "https://")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SAMPLE = "sample-"


def document_name(source: str) -> str:
    """The file that a standard was read from, without the folders it lay in."""
    return PurePosixPath(source.partition(" (")[0]).name if "/" in source else source


def provenance(page: Page, standard: Standard, iri: str, releases: Iterable[DatasetSummary]) -> Provenance:
    """``releases`` are the loaded ones; the only one of a framework with a licence tells it for all of it."""
    language = page.language
    framework = standard.framework
    details = {name: detail_value(text) for name, text in standard.details}
    document = document_name(standard.source)
    is_sample = framework == "icap" and document.startswith(_SAMPLE)
    stated = [one for one in releases if one.framework == framework and one.licence]
    release = stated[0] if len(stated) == 1 else None

    publisher = _words(language, "provenance_publisher_" + framework) or _text(
        details, "publisher", "creator"
    )
    site, record = _SITES.get(framework, ""), ""
    if framework in _RECORDS:
        record = _RECORDS[framework].format(code=quote(standard.code, safe=""))
    elif standard.iri.startswith(_FOLLOWED):
        record = standard.iri
    else:
        found = _text(details, "officialSourceURL", "uri")
        record = found if found.startswith(_FOLLOWED) else ""
    licence_href = release.licence if release else _address(details.get("licenseURI"))
    key = _LICENCES.get(licence_href, framework)
    licence = _words(language, "provenance_licence_" + key) or licence_href
    if is_sample:
        publisher = translate(page.language, "provenance_publisher_sample")
        licence = translate(page.language, "provenance_licence_sample")
        site = record = licence_href = ""
    date = _date(standard)
    return Provenance(
        framework=framework_name(framework, language),
        framework_href=page.url(browse_address("framework", framework)),
        publisher=publisher,
        site=site,
        record=record,
        licence=licence,
        licence_href=licence_href if licence_href.startswith(_FOLLOWED) else "",
        attribution=release.attribution if release else "",
        attribution_language="en",
        document=document,
        release=release.version if release else "",
        date=date,
        citation="" if is_sample else _citation(page, standard, iri, publisher, date, release),
    )


def _date(standard: Standard) -> str:
    """That of the last change, else of the version in the version table; a time is left out."""
    dates = [one.date for one in standard.history if one.code == standard.code and one.date]
    printed = standard.modified or (dates[0] if dates else "")
    return printed.partition("T")[0]


def _citation(
    page: Page, standard: Standard, iri: str, publisher: str, date: str, release: DatasetSummary | None
) -> str:
    """Publisher, year, title with code and version, framework, address: what style guides ask for."""
    language = page.language
    year = _YEAR.search(date)
    version = standard.version if not standard.code.casefold().endswith(standard.version.casefold()) else ""
    codes = [standard.code] if len(standard.code) < 30 else []
    if version:
        codes.append(version)
    collection = framework_name(standard.framework, language)
    if release and release.version and not version:
        collection = f"{collection} {release.version}"
    joint = "、" if language == "zh-Hant" else ", "
    return translate(
        page.language,
        "provenance_citation_" + ("coded" if codes else "plain"),
        publisher=publisher or collection,
        year=year.group() if year else translate(page.language, "provenance_no_date"),
        name=standard.name,
        codes=joint.join(codes),
        collection=collection,
        address=iri,
    )


def _words(language: str, key: str) -> str:
    """The message, empty where there is none of that key."""
    return translate(language, key) if key in catalogue(language) else ""


def _text(details: dict[str, object], *names: str) -> str:
    """The first of the details that is a text."""
    return next((one for name in names if isinstance(one := details.get(name), str) and one), "")


def _address(value: object) -> str:
    """A link of CASE: an address, or an object with its ``uri``."""
    if isinstance(value, dict):
        value = value.get("uri")
    return value if isinstance(value, str) else ""
