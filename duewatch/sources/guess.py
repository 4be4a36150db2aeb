"""A first mapping for files that nobody has described: what each seems to be, column by column, with the reason."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from duewatch.contract.errors import SourceError
from duewatch.contract.localised_errors import LocalisedText
from duewatch.contract.schema import SOURCE_TABLES, Column, Kind
from duewatch.sources.batch import Look, inner_name
from duewatch.sources.cell_reading import ColumnReading
from duewatch.sources.convert import convert
from duewatch.sources.folder_encoding import FolderEncodings
from duewatch.sources.folder_files import entries, form_of
from duewatch.sources.header_row import loose_name
from duewatch.sources.layout import Layout
from duewatch.sources.mapping import FileSection, file_columns
from duewatch.sources.personal_ids import personal_kind
from duewatch.sources.presets import preset_mapping
from duewatch.sources.raw_file import RawFile, open_raw
from duewatch.sources.time_formats import DAY_PARTS, MOMENT_PARTS, TimeFormat, time_format
from duewatch.sources.vocabulary import names_of_codes, names_of_columns, plain, presets, spellings
from duewatch.sources.written_numbers import NumberStyle, written_number

LOOKED_AT = 2_000
"""Rows of each file."""
ALIKE = 0.6
"""Share of a preset's columns from which on a file is taken for one of that system."""
MOST_CODES = 40
SIGNS: dict[str, tuple[tuple[str, ...], ...]] = {
    "debtors": (("debtor_id",), ("name", "phone", "email", "address", "region", "time_zone", "id_number")),
    "accounts": (("account_id",), ("original_amount", "opened_on")),
    "snapshots": (("account_id",), ("days_past_due",), ("balance",)),
    "instalments": (("account_id",), ("due_on",), ("amount",)),
    "payments": (("account_id",), ("paid_on",), ("amount",)),
    "contacts": (("started_at",), ("outcome", "channel", "duration_seconds")),
    "promises": (("account_id",), ("due_on",), ("amount",)),
    "disputes": (("account_id",), ("opened_at",)),
    "assignments": (("account_id",), ("collector_id",), ("assigned_on",)),
    "collectors": (("collector_id",), ("team", "name")),
}
"""Table to the columns by which a file is known to give it: one of each group."""
OWN_WORDS = ("instalments", "promises", "disputes", "assignments")
"""Their columns are told from those of other tables by their own names alone."""
DAY_FORMS = (
    *("%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%Y", "%d/%m/%y", "%m/%d/%y", "%d-%b-%Y", "%d-%b-%y"),
    *("%-d/%-m/%Y", "%-m/%-d/%Y", "%d %b %Y", "%b %d, %Y", "%d %B %Y", "%B %d, %Y", "days since 1899-12-30"),
)
TIMES = (" %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p")
TIME_OF_DAY = r"^\d{1,2}:\d{2}(:\d{2})?( ?[AaPp][Mm])?$"


@dataclass(frozen=True)
class GuessedColumn:
    """`declaration`: the value in TOML; empty where a required column was not found."""

    column: str
    declaration: str
    reason: LocalisedText


@dataclass(frozen=True)
class GuessedTable:
    table: str
    columns: tuple[GuessedColumn, ...]
    distinct: bool = False

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(column.column for column in self.columns if not column.declaration)


@dataclass
class GuessedFile:
    """One file, or one sheet."""

    name: str
    section: str
    tables: list[GuessedTable] = field(default_factory=list)
    layout: dict[str, str] = field(default_factory=dict)
    """Keys of the layout with their value in TOML."""
    preset: str = ""
    preset_text: str = ""
    """The preset's own words for this file."""
    unused: tuple[str, ...] = ()
    refusal: SourceError | None = None
    stand_in: GuessedTable | None = None
    """Accounts as far as a list of balances tells them, where no file gives them."""


def guess_folder(folder: Path, scratch: Path) -> list[GuessedFile]:
    """Raises SourceError where there is no folder or nothing that can be read in it."""
    paths = [path for path in _files(folder) if form_of(path)]
    encodings = FolderEncodings(paths)
    guessed = [_guess_file(path, number, folder, scratch, encodings) for number, path in enumerate(paths)]
    if not any(table.table == "accounts" for file in guessed for table in file.tables):
        for file in guessed:
            file.tables = [*([file.stand_in] if file.stand_in else []), *file.tables]
    return guessed


def _files(folder: Path) -> list[Path]:
    return [part for entry in entries(folder) for part in (sorted(entry.iterdir()) if entry.is_dir() else [entry])]


def _guess_file(path: Path, number: int, folder: Path, scratch: Path, encodings: FolderEncodings) -> GuessedFile:
    name = path.relative_to(folder).as_posix()
    guessed = GuessedFile(name, _section(path, number))
    place = scratch / f"guess-{number}"
    place.mkdir()
    try:
        raw = open_raw(path, name, Layout(), spellings(), place, encodings)
        frame = next((block.frame.head(LOOKED_AT) for block in raw.blocks()), None)
    except SourceError as error:
        guessed.refusal = error
        return guessed
    if frame is None:
        return guessed
    cells = {
        header: frame[inner_name(header)].cast(pl.String).str.strip_chars().replace("", None) for header in raw.header
    }
    if _take_preset(guessed, raw):
        return guessed
    _guess_layout(guessed, cells)
    for table in SIGNS:
        if found := _guess_table(table, cells, guessed, path):
            guessed.tables.append(found)
    if any(table.table == "snapshots" for table in guessed.tables):
        guessed.stand_in = _stand_in(cells, guessed, path)
    used = {
        header
        for header in raw.header
        if any(json.dumps(header, ensure_ascii=False) in c.declaration for t in guessed.tables for c in t.columns)
    }
    guessed.unused = tuple(header for header in raw.header if header not in used)
    return guessed


def _section(path: Path, number: int) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", path.stem.lower()).strip("_")
    return words if re.search("[a-z]", words) else f"file_{number + 1}"


def _take_preset(guessed: GuessedFile, raw: RawFile) -> bool:
    """Whether a preset reads most of its columns from this file; the one that reads the most is taken."""
    present = {loose_name(name) for name in raw.header}
    best, best_share, best_section = "", 0.0, ""
    for preset, mapping in presets().items():
        for section, file in mapping.files.items():
            named = [source.headers for columns in file_columns(file).values() for source in columns.values()]
            named = [headers for headers in named if headers]
            found = [headers for headers in named if present & {loose_name(name) for name in headers}]
            share = len(found) / len(named) if len(set(found)) > 2 else 0.0
            if share > best_share:
                best, best_share, best_section = preset, share, section
    if best_share < ALIKE:
        return False
    guessed.preset, guessed.section = best, best_section
    guessed.preset_text = _section_text(best, best_section, guessed.name)
    file = presets()[best].files[best_section]
    guessed.tables = [GuessedTable(table, ()) for table in file_columns(file)]
    guessed.unused = _unread(file, raw.header)
    return True


def _unread(file: FileSection, header: tuple[str, ...]) -> tuple[str, ...]:
    sources = [source for columns in file_columns(file).values() for source in columns.values()]
    used = {loose_name(name) for source in sources for name in source.headers}
    return tuple(name for name in header if loose_name(name) not in used)


def _section_text(preset: str, section: str, file_name: str) -> str:
    """The part of the preset's mapping that speaks of one kind of file, with this file's name."""
    lines = preset_mapping(preset).read_text(encoding="utf-8").splitlines()
    kept: list[str] = []
    inside = False
    for line in lines:
        if line.startswith("["):
            inside = line == f"[files.{section}]" or line.startswith(f"[files.{section}.")
        if inside:
            is_file = re.match(r"file\s*=", line)
            kept.append(f"file = {json.dumps(file_name, ensure_ascii=False)}" if is_file else line)
    return "\n".join(kept).strip()


def _guess_layout(guessed: GuessedFile, cells: dict[str, pl.Series]) -> None:
    """The decimal mark, by what reads more cells that look like amounts."""
    amounts = [
        str(v) for s in cells.values() for v in s.drop_nulls().unique().head(200) if re.search(r"\d[.,]\d", str(v))
    ]
    points, commas = (
        sum(written_number(value, NumberStyle(mark)) is not None for value in amounts) for mark in (".", ",")
    )
    if commas > points:
        guessed.layout["decimal_mark"] = '","'


def _guess_table(table: str, cells: dict[str, pl.Series], guessed: GuessedFile, path: Path) -> GuessedTable | None:
    headers = _headers_of(table, cells)
    if not all(any(column in headers for column in group) for group in SIGNS[table]):
        return None
    return GuessedTable(table, _guessed_columns(table, cells, guessed, path), distinct=table == "debtors")


def _guessed_columns(
    table: str, cells: dict[str, pl.Series], guessed: GuessedFile, path: Path
) -> tuple[GuessedColumn, ...]:
    headers = _headers_of(table, cells)
    mark = json.loads(guessed.layout.get("decimal_mark", '"."'))
    columns = []
    for column in SOURCE_TABLES[table].columns:
        if column.name in headers:
            columns.append(_declared(table, column, headers[column.name], cells, mark))
        elif made := _made(table, column, cells, path):
            columns.append(made)
    return tuple(columns)


def _stand_in(cells: dict[str, pl.Series], guessed: GuessedFile, path: Path) -> GuessedTable:
    """Accounts of a list of balances: its balance and due date in place of the amount lent and the day of opening."""
    balances = next(table for table in guessed.tables if table.table == "snapshots")
    of = {column.column: column.declaration for column in balances.columns}
    places = {"original_amount": of.get("balance", ""), "opened_on": of.get("oldest_due_on", "")}
    columns = []
    for column in _guessed_columns("accounts", cells, guessed, path):
        declaration = column.declaration or places.get(column.column, "")
        reason = column.reason if column.declaration or not declaration else LocalisedText("guess.stand_in")
        columns.append(GuessedColumn(column.column, declaration, reason))
    return GuessedTable("accounts", tuple(columns))


def _headers_of(table: str, cells: dict[str, pl.Series]) -> dict[str, list[str]]:
    """Column of the contract to the headers that may be it."""
    found: dict[str, list[str]] = {}
    for header in cells:
        targets = [target for target in names_of_columns().get(plain(header), ()) if target[0] == table]
        others = names_of_columns().get(plain(header), ())
        if table in OWN_WORDS and others and others[0][0] != table and targets and targets[0][1] != "account_id":
            continue
        for _, column in targets:
            found.setdefault(column, []).append(header)
    return found


def _declared(table: str, column: Column, headers: list[str], cells: dict[str, pl.Series], mark: str) -> GuessedColumn:
    header = headers[0]
    values = cells[header]
    parts: dict[str, str] = {}
    reason = LocalisedText("guess.named", {"header": header})
    if column.kind in (Kind.MOMENT, Kind.INSTANT) and (pair := _date_and_time(headers, cells)):
        values = cells[pair[0]] + " " + cells[pair[1]]
        parts["join"] = _toml(list(pair))
    else:
        parts["column"] = _toml(header)
    if column.kind in (Kind.DATE, Kind.MOMENT, Kind.INSTANT):
        forms, fits = _form(column, values)
        if forms:
            parts["formats"] = _toml([forms[0].text])
            key = "guess.form_sure" if len(forms) == 1 else "guess.form_unsure"
            reason = LocalisedText(key, {"header": header, "form": forms[0].text, "other": forms[-1].text})
        elif not fits:
            reason = LocalisedText("guess.no_form", {"header": header, "example": str(values.drop_nulls()[0])})
    elif column.kind is Kind.RATE and _is_percent(values, mark):
        parts["factor"] = "0.01"
        reason = LocalisedText("guess.percent", {"header": header})
    elif column.kind is Kind.CODE:
        codes, unknown = _codes(table, column, values)
        if codes:
            parts["codes"] = _toml_table(codes)
        if unknown:
            reason = LocalisedText("guess.codes_open", {"header": header, "codes": tuple(unknown)})
    elif column.kind is Kind.ID and not column.private and (kind := personal_kind(values)):
        parts["pseudonymise"] = "true"
        reason = LocalisedText(
            "guess.personal", {"header": header, "holds": LocalisedText(f"refused.source.personal_kind.{kind}")}
        )
    plain_column = set(parts) == {"column"}
    declaration = parts["column"] if plain_column else "{ " + ", ".join(f"{k} = {v}" for k, v in parts.items()) + " }"
    return GuessedColumn(column.name, declaration, reason)


def _made(table: str, column: Column, cells: dict[str, pl.Series], path: Path) -> GuessedColumn | None:
    """Required columns that the file does not have."""
    if not column.required:
        return None
    if column.name == SOURCE_TABLES[table].key[0] and table in ("payments", "contacts", "promises", "disputes"):
        return GuessedColumn(column.name, "{ content = true }", LocalisedText("guess.content"))
    if (table, column.name) == ("contacts", "direction"):
        return GuessedColumn(column.name, '{ constant = "out" }', LocalisedText("guess.outbound"))
    if (table, column.name) == ("contacts", "channel"):
        return GuessedColumn(column.name, '{ constant = "call" }', LocalisedText("guess.call"))
    if (table, column.name) == ("accounts", "product"):
        return GuessedColumn(column.name, '{ constant = "loan" }', LocalisedText("guess.product"))
    if column.name == "currency" and (code := _currency(cells)):
        return GuessedColumn(
            column.name, f"{{ constant = {_toml(code)} }}", LocalisedText("guess.currency", {"code": code})
        )
    if (table, column.name) == ("accounts", "debtor_id") and (ids := _headers_of("accounts", cells).get("account_id")):
        return GuessedColumn(column.name, _toml(ids[0]), LocalisedText("guess.one_debtor"))
    if column.name == "as_of":
        if found := re.search(r"\d{4}-?\d{2}-?\d{2}|\d{2}\.\d{2}\.\d{4}", path.name):
            pattern = re.sub(r"\d+", lambda m: rf"\d{{{len(m[0])}}}", re.escape(found[0]).replace(r"\-", "-"))
            form = ', formats = ["%d.%m.%Y"]' if "." in found[0] else ""
            text = f"{{ file_name = {_literal(f'({pattern})')}{form} }}"
            return GuessedColumn(column.name, text, LocalisedText("guess.file_name", {"day": found[0]}))
        day = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC).date().isoformat()
        return GuessedColumn(
            column.name, f"{{ constant = {_toml(day)} }}", LocalisedText("guess.file_day", {"day": day})
        )
    return GuessedColumn(column.name, "", LocalisedText("guess.not_found"))


def _currency(cells: dict[str, pl.Series]) -> str:
    """By the marks at amounts, where one currency alone writes them so."""
    marks = {
        "元": "CNY",
        "¥": "CNY",
        "￥": "CNY",
        "RMB": "CNY",
        "€": "EUR",
        "£": "GBP",
        "₹": "INR",
        "R$": "BRL",
        "₩": "KRW",
    }
    values = " ".join(str(v) for s in cells.values() for v in s.drop_nulls().head(50) if re.search(r"\d", str(v)))
    found = {code for mark, code in marks.items() if mark in values}
    return found.pop() if len(found) == 1 else ""


def _date_and_time(headers: Sequence[str], cells: dict[str, pl.Series]) -> tuple[str, str] | None:
    times = [header for header in headers if _all_match(cells[header], TIME_OF_DAY)]
    dates = [header for header in headers if header not in times]
    return (dates[0], times[0]) if times and dates else None


def _all_match(values: pl.Series, pattern: str) -> bool:
    filled = values.drop_nulls()
    return bool(len(filled)) and bool(filled.str.contains(pattern).all())


def _form(column: Column, values: pl.Series) -> tuple[list[TimeFormat], bool]:
    """The forms that read every cell, by different days; none where the cells are read anyway. And whether all are."""
    filled = values.drop_nulls().unique()
    reading = ColumnReading()
    if not len(filled) or convert(column, filled, Look(), reading).typed[0].null_count() == 0:
        return [], True
    moments = column.kind in (Kind.MOMENT, Kind.INSTANT)
    forms = [time_format(text, DAY_PARTS) for text in DAY_FORMS]
    if moments:
        ends = [text + time for text in DAY_FORMS if "since" not in text for time in TIMES]
        ends += ["seconds since 1970-01-01", "milliseconds since 1970-01-01"]
        forms = [time_format(text, MOMENT_PARTS) for text in ends] + forms
    fitting: list[tuple[TimeFormat, pl.Series]] = []
    for form in forms:
        read = convert(column, filled, Look(), ColumnReading(formats=(form,))).typed[0]
        if read.null_count() == 0 and not any(read.equals(other) for _, other in fitting):
            fitting.append((form, read))
    return [form for form, _ in fitting], bool(fitting)


def _is_percent(values: pl.Series, mark: str) -> bool:
    """A rate above 1 that carries no percent sign counts percent."""
    filled = [str(value) for value in values.drop_nulls().unique().head(200)]
    numbers = [float(text) for value in filled if (text := written_number(value, NumberStyle(mark)))]
    return bool(numbers) and max(numbers) > 1.5


def _codes(table: str, column: Column, values: pl.Series) -> tuple[dict[str, str], list[str]]:
    known = names_of_codes()[table, column.name]
    codes: dict[str, str] = {}
    unknown: list[str] = []
    for value in values.drop_nulls().unique(maintain_order=True).head(MOST_CODES):
        if (code := known.get(plain(value))) is None:
            unknown.append(value)
        elif code != value:
            codes[value] = code
    if unknown and "unknown" in column.codes:
        codes |= dict.fromkeys(unknown, "unknown")
    elif unknown and not column.required:
        codes |= dict.fromkeys(unknown, "")
    return codes, unknown


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _literal(text: str) -> str:
    return f"'{text}'"


def _toml_table(codes: dict[str, str]) -> str:
    return "{ " + ", ".join(f"{_toml(code)} = {_toml(value)}" for code, value in codes.items()) + " }"
