"""The guesses as the text of a mapping, each with its reason, ready to be read again and mended by hand."""

from __future__ import annotations

import json
from collections import Counter

from duewatch.contract.i18n import Words
from duewatch.contract.localised_errors import localised, localised_sentence
from duewatch.sources.guess import GuessedFile, GuessedTable
from duewatch.sources.vocabulary import presets

SHOWN = 12


def mapping_text(files: list[GuessedFile], words: Words) -> str:
    """TOML. What could not be guessed stands as a comment, so that the file can be read and says what it lacks."""
    blocks = [f"# {words('guess.head')}", _source(files)]
    taken: Counter[str] = Counter()
    for file in files:
        blocks.append(_file(file, words, taken))
    return "\n\n".join(block for block in blocks if block) + "\n"


def guess_sentences(files: list[GuessedFile], words: Words) -> list[str]:
    """What each file seems to be."""
    return [_told(file, words) for file in files]


def _told(file: GuessedFile, words: Words) -> str:
    if file.refusal is not None:
        return localised_sentence(words, file.refusal)
    if not file.tables:
        return words("guess.nothing", file=file.name)
    tables = ", ".join(table.table for table in file.tables)
    if file.preset:
        return words("guess.by_preset", file=file.name, tables=tables, preset=file.preset)
    missing = [f"{table.table}.{column}" for table in file.tables for column in table.missing]
    told = words("guess.gives", file=file.name, tables=tables)
    return f"{told} {words('guess.lacks', columns=', '.join(missing))}" if missing else told


def _source(files: list[GuessedFile]) -> str:
    """`[source]`, from the presets in use: zones and the like that a whole system shares."""
    lines = ["[source]"]
    for preset in dict.fromkeys(file.preset for file in files if file.preset):
        source = presets()[preset].source
        values = source.model_dump(exclude_defaults=True, include={"default_time_zone", "log_time_zone", "currency"})
        lines += [f"{key} = {_toml(value)}" for key, value in values.items()]
    return "\n".join(dict.fromkeys(lines)) if len(lines) > 1 else '[source]\n# default_time_zone = "Asia/Shanghai"'


def _file(file: GuessedFile, words: Words, taken: Counter[str]) -> str:
    told = "\n".join(f"# {line}" for line in _told(file, words).splitlines())
    unused = f"\n# {words('guess.unused', headers=_short(file.unused))}" if file.unused and file.tables else ""
    if not file.tables:
        return told
    taken[file.section] += 1
    section = file.section if taken[file.section] == 1 else f"{file.section}_{taken[file.section]}"
    if file.preset:
        text = file.preset_text.replace(f"[files.{file.section}", f"[files.{section}")
        return f"{told}{unused}\n{text}"
    lines = [f"{told}{unused}", f"[files.{section}]", f"file = {_toml(file.name)}"]
    lines += [f"{key} = {value}" for key, value in file.layout.items()]
    return "\n".join(lines) + "".join(f"\n\n{_table(section, table, words)}" for table in file.tables)


def _table(section: str, table: GuessedTable, words: Words) -> str:
    lines = [f"[files.{section}.{table.table}]"]
    lines += ["distinct = true", 'on_conflict = "last"'] if table.distinct else []
    for column in table.columns:
        reason = " ".join(localised(words, column.reason).split())
        if column.declaration:
            lines.append(f"{column.column} = {column.declaration}  # {reason}")
        else:
            lines.append(f"# {column.column} = {words('guess.todo')}  # {reason}")
    return "\n".join(lines)


def _short(headers: tuple[str, ...]) -> str:
    shown = ", ".join(" ".join(header.split()) for header in headers[:SHOWN])
    return shown if len(headers) <= SHOWN else f"{shown} ..."


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
