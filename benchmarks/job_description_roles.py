"""Precision and recall of the requirements of judged job advertisements, by rules alone and with likeness.

python benchmarks/job_description_roles.py [FOLDER] [--split held-out] [--misread]
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from search.background import LanguageSpace, background_vectors, load_background
from search.embedding.interface import open_embedder
from search.embedding.remembering import RememberingEmbedder
from search.evaluation.roles import measure_roles, misread, read_judged_roles
from search.matching.roles import RoleReader
from search.matching.segments import Segment, split_segments
from search.ranking import Recipe


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", nargs="?", type=Path, default=Path("data/eval"))
    options.add_argument("--split", default="held-out")
    options.add_argument("--misread", action="store_true", help="list the lines that are misread")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _measure(asked, RememberingEmbedder(open_embedder(), Path(folder)))


def _measure(asked: argparse.Namespace, embedder: RememberingEmbedder) -> None:
    background = load_background()
    vectors = background_vectors(background, embedder)
    space = LanguageSpace.of(background, vectors, Recipe().directions)
    reader = RoleReader(space, embedder)

    def with_likeness(text: str) -> tuple[Segment, ...]:
        segments = split_segments(text)
        texts = [one.plain for one in segments]
        found = embedder.embed(texts, role="query")
        languages = [space.language_of(one, vector) for one, vector in zip(texts, found, strict=True)]
        return reader.settle(segments, space.without_language(found, languages))

    texts = [one for one in read_judged_roles(asked.folder) if one.split == asked.split]
    for name, split in (("rules", split_segments), ("with likeness", with_likeness)):
        for language in sorted({one.language for one in texts}):
            own = [one for one in texts if one.language == language]
            figures = measure_roles(own, split)
            print(
                f"{name:14} {language:8} {figures.texts:3} texts {figures.judged:4} requirements  "
                f"precision {figures.precision:.3f}  recall {figures.recall:.3f}"
            )
            for file, line, is_requirement in misread(own, split) if asked.misread else ():
                print(f"    {file}: {line!r} is {'a' if is_requirement else 'no'} requirement")


if __name__ == "__main__":
    main()
