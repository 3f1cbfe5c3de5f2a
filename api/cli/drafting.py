"""The command that drafts a job description."""

from __future__ import annotations

from pathlib import Path

import click

from api.cli.shared import DATA_DIR, JSON, print_json, settings_of

__all__ = ["COMMANDS"]


@click.command()
@click.argument("code")
@click.option("--task", "tasks", multiple=True, help="Only this task (code; repeatable).")
@click.option(
    "--docx", type=click.Path(dir_okay=False, path_type=Path), help="File for the draft as a Word document."
)
@click.option("--hl", type=click.Choice(["zh-Hant", "en"]), help="Language of the headings.")
@click.option("--force", is_flag=True, help="Overwrite the file.")
@DATA_DIR
@JSON
def draft(
    code: str,
    *,
    tasks: tuple[str, ...],
    docx: Path | None,
    hl: str | None,
    force: bool,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Draft a job description from the standard CODE: Markdown on stdout, made only of its own elements."""
    from api.services import open_services
    from graph import make_draft
    from ontology.writers.draft import draft_docx, draft_json, draft_markdown

    if docx and docx.exists() and not force:
        raise click.UsageError(f"{docx} exists; --force overwrites it")
    with open_services(settings_of(data_dir)) as services:
        _, standard = services.standard(code)
        made = make_draft(services.store, services.identifiers, standard, tasks)
    if docx:
        docx.write_bytes(draft_docx(made, hl or ""))
        click.echo(f"the draft is in {docx}", err=True)
    elif as_json:
        print_json(draft_json(made))
    else:
        click.echo(draft_markdown(made, hl or ""), nl=False)


COMMANDS = (draft,)
