"""`map`: a first mapping for files that nobody has described."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from duewatch.cli.language import cli_words
from duewatch.cli.options import FILE, OUT


@click.command("map")
@click.argument("folder", type=FILE)
@OUT
def map_command(folder: Path, out: Path | None) -> int:
    """Look at unknown files, say what each seems to be, and write a mapping to begin with.

    The mapping goes to --out (or stdout), with the reason of each guess; the first rows as they would land follow.

    Example: python -m duewatch map export/ --out mapping.toml
    """
    from tempfile import TemporaryDirectory

    import polars as pl

    from duewatch.contract.errors import SourceError
    from duewatch.contract.localised_errors import localised_sentence
    from duewatch.contract.toml_file import checked_toml
    from duewatch.ingest.preview import first_rows
    from duewatch.sources.guess import guess_folder
    from duewatch.sources.guess_text import guess_sentences, mapping_text
    from duewatch.sources.mapping import Mapping

    words = cli_words()
    with TemporaryDirectory(prefix="duewatch-map-") as scratch:
        files = guess_folder(folder, Path(scratch))
    text = mapping_text(files, words)
    if out is None:
        print(text)
    else:
        out.write_text(text, encoding="utf-8")
    told = sys.stderr if out is None else sys.stdout
    print("\n".join(guess_sentences(files, words)), file=told)
    rows, errors = first_rows(folder, checked_toml(text, Mapping, error=SourceError, shown=str(out or "mapping")))
    with pl.Config(tbl_cols=-1, tbl_rows=-1, tbl_hide_dataframe_shape=True, tbl_width_chars=160, fmt_str_lengths=24):
        for table, frame in rows.items():
            print(f"\n{words('guess.first_rows', table=table)}\n{_filled(frame)}", file=told)
    for error in errors:
        print(f"\n{words('guess.to_do', sentence=localised_sentence(words, error))}", file=told)
    if out is not None:
        print(f"\n{words('guess.next', folder=folder, mapping=out)}", file=told)
    return 0


def _filled(frame: object) -> object:
    """Without the columns that hold nothing."""
    import polars as pl

    assert isinstance(frame, pl.DataFrame)
    return frame.select([series for series in frame if series.null_count() < len(series)])
