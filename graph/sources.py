"""Where standards are published: what can be fetched by program, and what is downloaded by hand."""

from __future__ import annotations

from dataclasses import asdict, dataclass

__all__ = ["ONET_URL", "SOURCES", "Source"]

ONET_URL = "https://www.onetcenter.org/dl_files/database/db_29_3_text.zip"
"""The last release with the file names that readers of O*NET know; 30.3 renames and splits them."""


@dataclass(frozen=True, slots=True)
class Source:
    """A publisher's collection.

    ``key`` is what ``competency fetch`` takes, empty where nothing is fetched by program; ``page`` is for
    people, ``how`` says what to do, ``size`` is as far as known.
    """

    key: str
    name: str
    what: str
    licence: str
    attribution: str
    size: str
    page: str
    how: str

    def to_json(self) -> dict[str, str]:
        return asdict(self)


SOURCES: tuple[Source, ...] = (
    Source(
        key="onet",
        name="O*NET 29.3 Database",
        what="1,016 occupations of the United States with tasks, knowledge and skills, as tab-separated text",
        licence="CC BY 4.0",
        attribution="This page includes information from the O*NET 29.3 Database by the U.S. Department of "
        "Labor, Employment and Training Administration (USDOL/ETA). Used under the CC BY 4.0 license. "
        "O*NET® is a trademark of USDOL/ETA.",
        size="a zip file; its size is shown when the download begins",
        page="https://www.onetcenter.org/database.html",
        how="competency fetch onet",
    ),
    Source(
        key="",
        name="ESCO",
        what="occupations, skills and their relations, in the languages of the European Union",
        licence="reuse allowed with the source named (Commission Decision 2011/833/EU)",
        attribution="This service uses the ESCO classification of the European Commission.",
        size="depends on what is chosen there",
        page="https://esco.ec.europa.eu/en/use-esco/download",
        how="by hand: choose version, language and CSV, give an e-mail address, open the link that is sent, "
        "then competency ingest FILE",
    ),
    Source(
        key="",
        name="iCAP 職能基準",
        what="occupational competency standards of Taiwan, one document each (PDF or ODT)",
        licence="© 勞動部勞動力發展署",
        attribution="勞動部勞動力發展署 iCAP 職能發展應用平台",
        size="one document at a time",
        page="https://icap.wda.gov.tw/",
        how="by hand: the platform has no API; find the standard, download its document, then "
        "competency ingest FILE",
    ),
)
