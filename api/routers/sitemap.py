"""What search engines read first: ``/robots.txt`` and the sitemap (https://www.sitemaps.org/protocol.html)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, StreamingResponse

from api.addresses import local_path
from api.latest import Latest
from graph import query_text
from ontology.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from starlette.responses import Response

    from api.services import Services
    from graph.store import Row

__all__ = ["make_router"]

_ADDRESSES = 50_000
"""So many addresses one file may have by the protocol."""
_PARTS = ("pages", "standards", "codes")
_OWN_PAGES = (
    "/",
    "/standards",
    "/browse",
    "/map",
    "/explore",
    "/match",
    "/compare",
    "/curriculum",
    "/query",
    "/schema",
    "/api",
    "/embed",
)
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
# pages that are made anew for each question, and data
_COSTLY = (
    "/api/",
    "/sparql",
    "/cypher",
    "/query?",
    "/compare?",
    "/match?",
    "/similar",
    "/places",
    "/*?*format=",
)
_Entry = tuple[str, str]


def make_router(services: Services) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    entries = _Entries(services)

    @router.get("/robots.txt")
    def robots(request: Request) -> Response:
        lines = ["User-agent: *", *(f"Disallow: {one}" for one in _COSTLY)]
        return PlainTextResponse("\n".join([*lines, "", f"Sitemap: {_host(request)}/sitemap.xml", ""]))

    @router.get("/sitemap.xml")
    def index(request: Request) -> Response:
        host = _host(request)
        names = [
            f"{part}-{number}"
            for part in _PARTS
            for number in range(1, -(-len(entries.of(part)) // _ADDRESSES) + 1)
        ]
        rows = (f"<sitemap><loc>{host}/sitemap/{name}.xml</loc></sitemap>\n" for name in names)
        return _xml("sitemapindex", rows)

    @router.get("/sitemap/{part}-{number}.xml")
    def part(request: Request, part: str, number: int) -> Response:
        start = (number - 1) * _ADDRESSES
        found = entries.of(part)[start : start + _ADDRESSES] if part in _PARTS and number > 0 else ()
        if not found:
            raise NotFound(f"{part}-{number}", "there is no such part of the sitemap; see /sitemap.xml")
        host = _host(request)
        return _xml("urlset", (_row(host, *one) for one in found))

    return router


class _Entries:
    """The paths of the pages and their dates, asked of the store once a revision."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._stored: Latest[Mapping[str, Sequence[_Entry]]] = Latest(services.store, self._asked, {})

    def of(self, part: str) -> Sequence[_Entry]:
        return [(path, "") for path in _OWN_PAGES] if part == "pages" else self._stored.get().get(part, ())

    def _asked(self) -> Mapping[str, Sequence[_Entry]]:
        """Three short queries: one that says all of each page takes three times as long."""
        dates: dict[str, str] = {}
        for row in self._rows("pages-modified.rq"):
            page, date = str(row["page"]), _DATE.match(str(row["modified"]))
            dates[page] = max(dates.get(page, ""), date[0] if date else "")
        nameless = {str(row["page"]) for row in self._rows("pages-nameless.rq")}
        pages = {
            "standards": {one.iri for one in self._services.standards()},
            "codes": {str(row["page"]) for row in self._rows("pages-codes.rq")} - nameless,
        }
        return {
            part: sorted(
                (path, dates.get(iri, ""))
                for iri in iris
                # what this service does not answer itself is of another host
                if (path := local_path(iri, self._services.identifiers)).startswith("/")
            )
            for part, iris in pages.items()
        }

    def _rows(self, query: str) -> Sequence[Row]:
        return self._services.store.select(query_text(query))


def _host(request: Request) -> str:
    return escape(str(request.base_url).rstrip("/"))


def _row(host: str, path: str, date: str) -> str:
    changed = f"<lastmod>{date}</lastmod>" if date else ""
    return f"<url><loc>{host}{escape(path)}</loc>{changed}</url>\n"


def _xml(root: str, rows: Iterator[str]) -> Response:
    def text() -> Iterator[str]:
        yield f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} {_SPACE}>\n'
        block: list[str] = []
        for row in rows:
            block.append(row)
            if len(block) == 1000:
                yield "".join(block)
                block.clear()
        yield "".join([*block, f"</{root}>\n"])

    return StreamingResponse(text(), media_type="application/xml")
