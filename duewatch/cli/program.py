"""The command line: which commands there are, and how each ends.

Exit codes: 0 done; 1 something asked for was found wanting (rows rejected under --strict); 2 bad usage or
bad input, with one plain sentence on stderr. Results go to stdout or --out, all else to stderr.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Never

import click

from duewatch import __version__
from duewatch.contract.errors import DuewatchError

COMMANDS = {
    "audit": "Judge every contact by the rule packs: one row a finding.",
    "clear": "Say which planned contacts are allowed, and the others when.",
    "demo": "Write an invented lender's source files, faults and all.",
    "desk": "Decide about findings: confirmed, exempt, remediated.",
    "export": "Write an evidence pack: findings, rules, contacts, queries, book.",
    "grades": "Grade overdue accounts by the scorecard, and say whether grades separate.",
    "ingest": "Check a folder of source files and put a new book in service.",
    "map": "Look at unknown files and write a mapping to begin with.",
    "process": "Judge the collection process step by step: one row a finding.",
    "query": "Ask the book a question of queries/.",
    "recount": "Count history under another limit or another pack.",
    "restate": "Compare two books about one day: one row an account that stands otherwise.",
    "run": "Start the app, on this machine only.",
    "whatif": "Run scenarios beside today, and say how far each answer can be trusted.",
}
"""Command to its line in the help. Each stands in the module of its name, as <name>_command."""


class Commands(click.Group):
    """Loads the module of the command that is called, and no other: help and a mistyped name answer at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"duewatch.cli.{cmd_name}"), f"{cmd_name}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="duewatch")
def app() -> None:
    """Watch what is due and due process: build a book from a lender's files, ask it, read it in the browser."""


def main() -> None:
    """Run the command line and exit with the contract's codes."""
    try:
        code = app(standalone_mode=False, prog_name="python -m duewatch")
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message())
        sys.exit(2)
    except click.ClickException as error:
        command = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "python -m duewatch"
        message = error.format_message().rstrip(".")
        _fail(f"{message}{' See' if message.endswith('?') else '; see'} '{command} --help'.")
    except DuewatchError as error:
        _fail(_sentence(error))
    except (KeyboardInterrupt, click.Abort):
        _fail("stopped; the book in service is the one from before.")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)


def _sentence(error: DuewatchError) -> str:
    """In the language of DUEWATCH_LANG, as far as the error has words of its own."""
    from duewatch.cli.language import VARIABLE, cli_words
    from duewatch.contract.localised_errors import localised_sentence

    return error.sentence if error.where == VARIABLE else localised_sentence(cli_words(), error)


def _fail(sentence: str) -> Never:
    print(f"duewatch: {sentence}", file=sys.stderr)
    sys.exit(2)
