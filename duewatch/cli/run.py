"""`run`: the app, on this machine only."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from duewatch.cli.options import BOOKS
from duewatch.contract.settings import PROJECT_ROOT, books_dir


@click.command("run")
@click.option("--port", default=8501, show_default=True, envvar="PORT", help="Port on 127.0.0.1.")
@BOOKS
@click.option(
    "--prepare/--no-prepare",
    default=True,
    show_default=True,
    help="Ask recent queries again in the background when the app starts and when a new book comes.",
)
def run_command(port: int, books: Path | None, prepare: bool) -> None:
    """Start the app in the browser, on this machine only.

    Example: python -m duewatch run --port 8600
    """
    os.environ["DUEWATCH_BOOKS"] = str(books_dir(books).resolve())
    script = str(PROJECT_ROOT / "app.py")
    os.chdir(PROJECT_ROOT)
    os.environ["DUEWATCH_PREPARE"] = "1" if prepare else "0"
    server = [sys.executable, "-m", "duewatch.ui.shell.server", "run", script, f"--server.port={port}"]
    os.execv(sys.executable, server)
