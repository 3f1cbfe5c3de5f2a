"""What every page has: its language, its links, its alternates, and the renderer of templates."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from api.addresses import local_path
from api.negotiation import preferred_language
from api.pages.assets import asset_address
from api.pages.help_views import Examples
from api.pages.messages import LANGUAGES, catalogue, doubt_sentence, translate
from ontology.vocabulary import framework_short

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from starlette.requests import Request

    from ontology.identifiers import Identifiers

__all__ = ["LANGUAGES", "Alternate", "Page", "Renderer"]


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same content in another media type."""

    media_type: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Page:
    """The frame around a view. ``parameters`` are the query parameters the address had, ``hl`` (the
    language of the page, as asked for) left out; ``origin`` is what absolute addresses of this service begin
    with, without a slash at the end."""

    language: str
    explicit_language: bool
    path: str
    parameters: tuple[tuple[str, str], ...]
    identifiers: Identifiers
    section: str
    alternates: tuple[Alternate, ...] = ()
    origin: str = ""

    @property
    def canonical(self) -> str:
        """The absolute address of this page, without what only changes how it is shown."""
        return self.origin + self.here(view=None, format=None, sort=None, rows=None)

    @property
    def languages(self) -> tuple[str, ...]:
        return LANGUAGES

    def language_name(self, language: str) -> str:
        return catalogue(language)["language_name"]

    def framework(self, framework: str) -> str:
        """The short name of a framework in the language of the page."""
        return framework_short(framework, self.language)

    @staticmethod
    def asset(name: str) -> str:
        """Where the page loads a file of the ``static`` folder from."""
        return asset_address(name)

    def url(self, path: str, **parameters: str) -> str:
        """An address of ours that keeps the language the reader chose."""
        return self._address(
            path, tuple(parameters.items()), self.language if self.explicit_language else None
        )

    def here(self, **changes: str | None) -> str:
        """This page with some parameters changed; ``None`` takes one away."""
        kept = tuple((name, value) for name, value in self.parameters if name not in changes)
        added = tuple((name, value) for name, value in changes.items() if value is not None)
        return self._address(self.path, kept + added, self.language if self.explicit_language else None)

    def without(self, *pairs: tuple[str, str], names: Collection[str] = ()) -> str:
        """This page, from its first part on, without the parameters that are ``pairs`` of name and value, and
        without those of ``names`` whatever their values."""
        kept = tuple(
            one for one in self.parameters if one not in pairs and one[0] not in names and one[0] != "page"
        )
        return self._address(self.path, kept, self.language if self.explicit_language else None)

    def in_language(self, language: str) -> str:
        """This page in another language."""
        return self._address(self.path, self.parameters, language)

    def local(self, iri: str) -> str:
        """Where this service answers an IRI: ``/id/…`` for its own, ``/resource`` for those that frameworks
        keep, the IRI itself for others."""
        path = local_path(iri, self.identifiers)
        if path == iri or not self.explicit_language:
            return path
        address, mark, fragment = path.partition("#")
        joint = "&" if "?" in address else "?"
        return f"{address}{joint}{urlencode({'hl': self.language})}{mark}{fragment}"

    @staticmethod
    def _address(path: str, parameters: tuple[tuple[str, str], ...], language: str | None) -> str:
        if language is not None:
            parameters = (*parameters, ("hl", language))
        safe_path = quote(path, safe="/%~:@!$&'()*+,;=-._")
        return f"{safe_path}?{urlencode(parameters)}" if parameters else safe_path


class Renderer:
    """Renders views with the project's templates. One per app."""

    def __init__(self, identifiers: Identifiers, examples: Callable[[], Examples] = Examples) -> None:
        """``examples`` gives what the help of a page may show."""
        self._identifiers = identifiers
        self._examples = examples
        self._environment = Environment(
            loader=PackageLoader("api.pages"),
            autoescape=select_autoescape(default=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def page(self, request: Request, section: str = "", alternates: tuple[Alternate, ...] = ()) -> Page:
        """The frame for this request: ``hl`` in its address decides the language, or ``Accept-Language``."""
        asked = request.query_params.get("hl", "")
        explicit = asked in LANGUAGES
        language = (
            asked if explicit else preferred_language(request.headers.get("accept-language"), LANGUAGES)
        )
        parameters = tuple(
            (name, value) for name, value in request.query_params.multi_items() if name != "hl"
        )
        return Page(
            language=language,
            explicit_language=explicit,
            path=request.url.path,
            parameters=parameters,
            identifiers=self._identifiers,
            section=section,
            alternates=alternates,
            origin=str(request.base_url).rstrip("/"),
        )

    def render(self, template: str, page: Page, view: Any, *, status: int = 200) -> HTMLResponse:
        """``view`` is one of the types of ``api.pages.views``."""
        html = self._environment.get_template(template).render(
            page=page,
            view=view,
            t=partial(translate, page.language),
            doubt_sentence=partial(doubt_sentence, page.language),
            examples=self._examples,
        )
        headers = {"Vary": "Accept, Accept-Language", "Content-Language": page.language}
        return HTMLResponse(html, status_code=status, headers=headers)
