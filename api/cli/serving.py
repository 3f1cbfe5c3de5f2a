"""The command that serves the pages and the API."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.shared import DATA_DIR, settings_of
from ontology.errors import CompetencyError

if TYPE_CHECKING:
    from fastapi import FastAPI

    from api.services import Services

__all__ = ["COMMANDS"]


@click.command()
@click.option("--host", help="Address to listen on (default: 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on (default: 8000).")
@click.option(
    "--search-engine", type=click.Choice(["local", "neo4j"]), help="What searches (default: local files)."
)
@DATA_DIR
def serve(*, host: str | None, port: int | None, search_engine: str | None, data_dir: Path | None) -> None:
    """Serve the pages and the API."""
    import uvicorn

    from api.app import create_app
    from api.services import open_services
    from ontology.errors import IndexStale

    settings = settings_of(data_dir, host=host, port=port, search_engine=search_engine)
    with _listening(settings.host, settings.port) as listener, open_services(settings) as services:
        try:
            services.warm()
        except IndexStale as error:
            click.echo(f"Search is not ready, the rest is: {error}", err=True)
        address = f"http://{settings.host}:{listener.getsockname()[1]}"
        click.echo(f"Competency Graph on {address}  (Ctrl + C stops it)", err=True)
        app = create_app(services)
        threading.Thread(target=_gather, args=(services, app), name="gather", daemon=True).start()
        config = uvicorn.Config(app, log_level="warning", server_header=False)
        uvicorn.Server(config).run(sockets=[listener])


def _gather(services: Services, app: FastAPI) -> None:
    """Gathers what the first page of the schema and of the API would wait for: seconds over large data."""
    app.openapi()
    with suppress(CompetencyError):
        services.contents.get()


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens there, bound before anything is loaded, so that a taken port is known at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise click.ClickException(
            f"cannot listen on {host}:{port}: {error.strerror}; choose another with --port (make run PORT=…)"
        ) from error
    return listener


COMMANDS = (serve,)
