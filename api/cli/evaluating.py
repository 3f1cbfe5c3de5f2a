"""Commands that measure the search: evaluate, make-judged."""

from __future__ import annotations

from pathlib import Path

import click

from api.cli.shared import DATA_DIR, JSON, print_json, settings_of, show_progress

__all__ = ["COMMANDS"]

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_PATH = click.Path(exists=True, path_type=Path)
_STANDARD = "BGM1219-002v2"
_METHODS = ("plain", "words", "centred", "meaning", "recipe")
_FORMS = ("names", "mappings", "tasks", "titles")
_SAMPLE = click.option("--sample", type=click.IntRange(1), help="Take so many needs, drawn at random.")
_SEED = click.option("--seed", default=1, show_default=True, help="What --sample draws by.")


@click.command()
@click.argument("judged", type=_FILE, required=False)
@click.option(
    "--standard",
    "standards",
    multiple=True,
    help=f"Search only these standards (default: {_STANDARD} where the judgements name none; repeatable).",
)
@click.option("--framework", "frameworks", multiple=True, help="Search only these frameworks (repeatable).")
@click.option("--kind", "kinds", multiple=True, help="Search only these kinds, such as skill (repeatable).")
@click.option(
    "--over", type=_PATH, multiple=True, help="Search these files, not what is loaded (repeatable)."
)
@_SAMPLE
@_SEED
@click.option(
    "--method", "methods", multiple=True, type=click.Choice(_METHODS), help="Only these (repeatable; all)."
)
@click.option("--questions", is_flag=True, help="Ask each need as questions, too, and print what that loses.")
@click.option("--skip-unknown", is_flag=True, help="Leave out judgements of what is not searched.")
@click.option("--details", is_flag=True, help="Print the score of every need as well.")
@DATA_DIR
@JSON
def evaluate(
    judged: Path | None,
    *,
    standards: tuple[str, ...],
    frameworks: tuple[str, ...],
    kinds: tuple[str, ...],
    over: tuple[Path, ...],
    sample: int | None,
    seed: int,
    methods: tuple[str, ...],
    questions: bool,
    skip_unknown: bool,
    details: bool,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Measure the search on a JUDGED file (default: the one that comes with the program).

    Prints nDCG@10, MRR and recall@20 per language for the recipe, its arms and its baselines, in one run.
    """
    from importlib.resources import as_file, files

    from api.evaluating import evaluate_search
    from search.evaluation import Searched, read_judged
    from search.evaluation.asking import bundled_frames

    with as_file(files("data") / "eval" / "BGM1219-002v2.tsv") as default:
        needs = read_judged(judged or default)
    if not (standards or frameworks or kinds or over or needs.names_standards):
        standards = (_STANDARD,)
    report = evaluate_search(
        needs if sample is None else needs.sample(sample, seed),
        settings_of(data_dir),
        Searched(standards, frameworks, kinds),
        over=over,
        skip_unknown=skip_unknown,
        frames=bundled_frames() if questions else None,
        methods=methods or _METHODS,
        progress=show_progress,
    )
    if as_json:
        print_json(report.to_json())
    else:
        click.echo(report.to_text(details=details))


@click.command("make-judged")
@click.argument("form", type=click.Choice(_FORMS))
@click.argument("paths", nargs=-1, required=True, type=_PATH)
@click.option("--kind", "kinds", multiple=True, help="Names of these kinds only, such as skill (repeatable).")
@_SAMPLE
@_SEED
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Default: stdout.")
@click.option("--force", is_flag=True, help="Overwrite the file.")
def make_judged(
    form: str,
    paths: tuple[Path, ...],
    *,
    kinds: tuple[str, ...],
    sample: int | None,
    seed: int,
    output: Path | None,
    force: bool,
) -> None:
    """Make a judged file of the releases at PATHS, for `evaluate`.

    `names`: another name of a skill or an occupation finds it. `mappings`: the title of an occupation finds
    what a crosswalk maps it to. `tasks`: the name of a standard finds its tasks. `titles`: titles of jobs
    find the occupation that was expected for them.
    """
    from ontology.identifiers import Identifiers
    from search.evaluation import releases, write_judged

    if output and output.exists() and not force:
        raise click.UsageError(f"{output} exists; --force overwrites it")
    judged = releases.make_judged(
        form,
        paths,
        identifiers=Identifiers(settings_of(None).base_iri),
        kinds=kinds,
        sample=sample,
        seed=seed,
        progress=show_progress,
    )
    text = write_judged(judged)
    if output:
        output.write_text(text, encoding="utf-8")
    else:
        click.echo(text, nl=False)
    click.echo(f"{len(judged.needs)} needs in {', '.join(judged.languages)}", err=True)


COMMANDS = (evaluate, make_judged)
