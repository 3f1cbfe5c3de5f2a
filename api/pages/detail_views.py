"""Further fields of a source, as people read them."""

from __future__ import annotations

from dataclasses import dataclass

from ontology.case_form import detail_value, shown_detail

__all__ = ["DetailView", "detail_view"]

_FOLLOWED = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class DetailView:
    """A field by the name that the source gives it; ``href`` where its value is one link."""

    name: str
    text: str
    href: str | None = None


def detail_view(name: str, text: str) -> DetailView:
    """A link of CASE (an object with ``title`` and ``uri``) by its title, an address as a link to itself, and
    texts of a list after one another; everything else as it is."""
    value = detail_value(text)
    if isinstance(value, dict) and isinstance(address := value.get("uri"), str):
        title = value.get("title")
        return DetailView(name, title if isinstance(title, str) and title else address, _followed(address))
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return DetailView(name, ", ".join(value))
    shown = shown_detail(text)
    return DetailView(name, shown, _followed(shown))


def _followed(address: str) -> str | None:
    return address if address.startswith(_FOLLOWED) and not any(one.isspace() for one in address) else None
