"""Nothing in the pages is left untranslated."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from api.negotiation import preferred_language
from api.pages.messages import LANGUAGES, catalogue, doubt_sentence, translate

TEMPLATES = Path(__file__).resolve().parent.parent / "api" / "pages" / "templates"


def _placeholders(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name}


def _is_singular(key: str) -> bool:
    """Whether the message is what another says of one thing; Chinese has no form of its own for that."""
    return key.endswith("_one") and key.removesuffix("_one") in catalogue("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_have_the_same_keys_and_placeholders(language: str) -> None:
    reference = catalogue("en")
    words = catalogue(language)
    singular = {key for key in reference if _is_singular(key)} - set(words)
    assert set(words) == set(reference) - singular
    assert {key: _placeholders(text) for key, text in words.items()} == {
        key: _placeholders(text) for key, text in reference.items() if key not in singular
    }
    assert all(text.strip() for text in words.values())


def test_templates_use_only_known_messages_and_all_of_them() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.html"))
    source += "".join(path.read_text(encoding="utf-8") for path in TEMPLATES.parent.glob("*.py"))
    for path in (TEMPLATES.parent.parent / "routers").glob("*.py"):
        source += path.read_text(encoding="utf-8")
    call = r"""\b(?:t|translate)\((?:page\.language, )?["']([a-z_0-9-]+)["']\s*[,)]"""
    used = set(re.findall(call, source))
    used |= set(re.findall(r"""\bclassification\("([a-z]+)", view""", source))
    prefixes = (*re.findall(r"""["']([a-z_]+_)["'] ?[~+]""", source), "problem_", "doubt_", "language_name")
    known = {key for key in catalogue("en") if not _is_singular(key)}
    assert used <= known
    assert {key for key in known if key not in used and not key.startswith(prefixes)} == set()


def test_one_thing_is_told_in_the_singular_where_the_language_has_it() -> None:
    assert translate("en", "search_group", count=1) == "1 that fits"
    assert translate("en", "search_group", count=0) == "0 that fit"
    assert translate("en", "standards_count", total=1) == "1 standard"
    assert translate("en", "standards_count", total=4032) == "4,032 standards"
    assert translate("zh-Hant", "search_group", count=1) == "1 項相符"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_singular_tells_the_number_or_a_word_for_it(language: str) -> None:
    words = catalogue(language)
    singular = [key for key in words if _is_singular(key)]
    for key in singular:
        assert _placeholders(words[key]) <= _placeholders(words[key.removesuffix("_one")])
    assert (singular == []) == (language == "zh-Hant")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "zh-Hant"),
        ("", "zh-Hant"),
        ("zh-TW,zh;q=0.9,en-US;q=0.8", "zh-Hant"),
        ("zh-CN", "zh-Hant"),
        ("en-GB,en;q=0.9", "en"),
        ("de-DE,de;q=0.9,en;q=0.1,zh;q=0.5", "zh-Hant"),
        ("fr", "en"),
        ("en;q=0, zh", "zh-Hant"),
        ("en;q=high", "zh-Hant"),
        (";;;,,q", "en"),
    ],
)
def test_language_of_a_page_follows_the_reader(header: str | None, language: str) -> None:
    assert preferred_language(header, LANGUAGES) == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_doubt_that_readers_have_is_put_into_words(language: str) -> None:
    readers = TEMPLATES.parent.parent.parent / "ontology" / "readers"
    source = "\n".join(path.read_text(encoding="utf-8") for path in readers.glob("*.py"))
    kinds = set(re.findall(r"""(?:[dD]oubt\(|self\._doubt\()\s*"([a-z]+(?:-[a-z]+)+)\"""", source))
    assert {"unfinished-sentence", "missing-code"} <= kinds
    general = doubt_sentence(language, "never-heard-of")
    assert {kind for kind in kinds if doubt_sentence(language, kind) == general} == set()
