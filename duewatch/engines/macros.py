"""Macros: formulas that many queries share, each written once in `queries/macros/` and put in as text.

    -- macro: wilson_low(part, whole)
    -- meaning: lower 95 % Wilson limit of part / whole
    select macros.share_low(macros.ratio(part, whole), nullif(cast(whole as double), 0)) as wilson_low

A query calls it as `macros.wilson_low(n_kept, n_matured)`. Parentheses are put round each argument and round the whole
formula, so that `macros.ratio(a + b, c)` means what it says. A macro may call others, never itself.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from duewatch.contract.errors import QueryError
from duewatch.contract.settings import PROJECT_ROOT

FOLDER = PROJECT_ROOT / "queries" / "macros"
_HEAD = re.compile(r"-- macro: (\w+)\(([\w, ]*)\)\n-- meaning: (\S[^\n]*)\n((?:--   \S[^\n]*\n)*)select\s")
_CALL = re.compile(r"\bmacros\.(\w+)(\s*\()?")
_SIMPLE = re.compile(r"[\w$.]+")
_QUOTED = re.compile(r"'(?:[^']|'')*'|--[^\n]*")


@dataclass(frozen=True)
class Macro:
    name: str
    arguments: tuple[str, ...]
    meaning: str
    formula: str


@cache
def macro_names() -> tuple[str, ...]:
    """Names of all macros, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.sql")))


@cache
def macro(name: str) -> Macro:
    """The macro of that name, which must be there. Raises QueryError where its file is not as this module says."""
    path = FOLDER / f"{name}.sql"
    text = path.read_text(encoding="utf-8")
    head = _HEAD.match(text)
    formula = text[head.end() :].strip().removesuffix(f" as {name}") if head else ""
    if head is None or head[1] != name or not formula or formula == text[head.end() :].strip():
        raise QueryError(
            f"this is not a macro '{name}'",
            where=place(path, 1),
            next_step=f"write '-- macro: {name}(arguments)', '-- meaning: ...', 'select formula as {name}'",
        )
    arguments = tuple(argument.strip() for argument in head[2].split(",") if argument.strip())
    further = "".join(f" {line[5:]}" for line in head[4].splitlines())
    return Macro(name, arguments, head[3] + further, formula)


def expanded(sql: str, path: Path, first_line: int = 1, inside: tuple[str, ...] = ()) -> str:
    """The text with each call of a macro replaced by its formula. `first_line`: the line of the file on which the text
    begins; `inside`: the macros that this is part of. Raises QueryError with file and line."""
    pieces: list[str] = []
    end = 0
    while call := _CALL.search(sql, end):
        line = first_line + sql.count("\n", 0, call.start())
        pieces.append(sql[end : call.start()])
        arguments, end = _arguments(sql, call, path, line)
        pieces.append(
            _formula(call[1], [expanded(argument, path, line, inside) for argument in arguments], path, line, inside)
        )
    return "".join([*pieces, sql[end:]])


def _formula(name: str, values: list[str], path: Path, line: int, inside: tuple[str, ...]) -> str:
    if name not in macro_names():
        near = difflib.get_close_matches(name, macro_names(), n=3) or macro_names()
        raise QueryError(
            f"there is no macro '{name}'", where=place(path, line), next_step=f"the nearest are {', '.join(near)}"
        )
    if name in inside:
        raise QueryError(f"macro '{name}' calls itself", where=place(path, line))
    definition = macro(name)
    if len(values) != len(definition.arguments):
        raise QueryError(
            f"macro '{name}' is called with {len(values)} arguments",
            where=place(path, line),
            next_step=f"it takes ({', '.join(definition.arguments)})",
        )
    by_argument = dict(zip(definition.arguments, values, strict=True))
    formula = expanded(definition.formula, FOLDER / f"{name}.sql", inside=(*inside, name))
    return _enclosed(_put_in(formula, by_argument))


def _put_in(formula: str, by_argument: dict[str, str]) -> str:
    """The formula with each argument's value in its place, in parentheses unless it is a single word; text in quotes
    and the columns of a table (`accounts.n`) stay."""
    if not by_argument:
        return formula
    word = re.compile(rf"{_QUOTED.pattern}|(?<![\w.$])({'|'.join(by_argument)})(?![\w(])")

    def value(match: re.Match[str]) -> str:
        text = by_argument.get(match[1] or "")
        if text is None:
            return match[0]
        return _enclosed(text)

    return word.sub(value, formula)


def _enclosed(text: str) -> str:
    """The text in parentheses, unless it is a single word, one call, or stands in parentheses already."""
    if _SIMPLE.fullmatch(text):
        return text
    opening = re.match(r"\w*\(", text)
    is_whole = opening is not None and _closing(text, opening.end()) == len(text)
    return text if is_whole else f"({text})"


def _closing(sql: str, at: int) -> int:
    """Where the parenthesis ends that was opened just before `at`; 0 where it does not."""
    depth = 1
    while at < len(sql) and depth:
        quoted = _QUOTED.match(sql, at)
        depth += 0 if quoted else {"(": 1, ")": -1}.get(sql[at], 0)
        at = quoted.end() if quoted else at + 1
    return 0 if depth else at


def _arguments(sql: str, call: re.Match[str], path: Path, line: int) -> tuple[list[str], int]:
    """The arguments of a call as written, and where the call ends."""
    if not call[2]:
        raise QueryError(
            f"macro '{call[1]}' is named but not called", where=place(path, line), next_step="write '(...)'"
        )
    end = _closing(sql, call.end())
    if not end:
        raise QueryError(
            f"the call of macro '{call[1]}' has no end", where=place(path, line), next_step="close its '('"
        )
    return _parts(sql[call.end() : end - 1]), end


def _parts(text: str) -> list[str]:
    """The text cut at the commas that stand in no parentheses and in no quotes."""
    parts, at = [""], 0
    while at < len(text):
        quoted = _QUOTED.match(text, at)
        end = quoted.end() if quoted else _closing(text, at + 1) if text[at] == "(" else at + 1
        parts = [*parts, ""] if text[at:end] == "," else [*parts[:-1], parts[-1] + text[at:end]]
        at = end
    return [part.strip() for part in parts] if text.strip() else []


def place(path: Path, line: int) -> str:
    """A line of a file, to say where something is wrong."""
    relative = path.relative_to(PROJECT_ROOT) if path.is_relative_to(PROJECT_ROOT) else path
    return f"{relative.as_posix()}, line {line}"
