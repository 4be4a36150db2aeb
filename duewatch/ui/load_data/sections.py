"""Sections of the Load data page, in the order of the work: files, mapping, check, load."""

from __future__ import annotations

import polars as pl
import streamlit as st

from duewatch.contract.errors import DuewatchError, SourceError
from duewatch.contract.i18n import Words
from duewatch.contract.localised_errors import localised, localised_sentence
from duewatch.contract.schema import SOURCE_TABLES
from duewatch.contract.settings import books_dir, load_settings
from duewatch.ingest import check
from duewatch.ingest.check_report import CheckReport, Problem
from duewatch.ingest.preview import first_rows
from duewatch.sources.presets import preset_names
from duewatch.ui.load_data.job import LoadJob, start_load
from duewatch.ui.load_data.upload import Upload, preset_text

UPLOAD, TEXT, LOOKED, CHECKED, JOB, GUESSED_FOR = (
    f"load_data.{name}" for name in ("upload", "text", "looked", "checked", "job", "guessed_for")
)
MASK = "•••"
EVERY_SECOND = 1.0
FORMS = ["csv", "tsv", "txt", "gz", "parquet", "xlsx", "xlsm", "xls", "ods"]


def files(words: Words) -> Upload | None:
    """Takes the dropped files; None while there are none."""
    st.subheader(words("load_data.files"), anchor=False)
    dropped = st.file_uploader(words("load_data.drop"), type=FORMS, accept_multiple_files=True)
    if not dropped:
        st.caption(words("load_data.files_note"))
        return None
    upload: Upload = st.session_state.setdefault(UPLOAD, Upload())
    upload.take(dropped)
    return upload


def mapping(words: Words, upload: Upload) -> str:
    """The mapping in an editor: guessed from the files, or a preset, then mended by hand."""
    st.subheader(words("load_data.mapping"), anchor=False)
    names = tuple(sorted(path.name for path in upload.folder.iterdir()))
    if st.session_state.get(GUESSED_FOR) != names:
        _guess(words, upload)
        st.session_state[GUESSED_FOR] = names
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    preset = left.selectbox(
        words("load_data.preset"), ["", *preset_names()], format_func=lambda name: name or words("load_data.guessed")
    )
    if right.button(words("load_data.take"), width="stretch"):
        if preset:
            st.session_state[TEXT] = preset_text(preset)
        else:
            _guess(words, upload)
    text: str = st.text_area(words("load_data.text"), key=TEXT, height=360)
    st.caption(words("load_data.mapping_note"))
    return text


def _guess(words: Words, upload: Upload) -> None:
    with st.spinner(words("load_data.guessing")):
        text, told = upload.guess(words)
    st.session_state[TEXT] = text
    for sentence in told:
        st.text(sentence)


def first_look(words: Words, upload: Upload, text: str) -> bool:
    """The first rows as they would land. False where the text is no mapping."""
    try:
        mapping = upload.write_mapping(text)
        if st.session_state.get(LOOKED, (None,))[0] != (basis := _basis(upload, text)):
            st.session_state[LOOKED] = (basis, *first_rows(upload.folder, mapping))
    except SourceError as error:
        st.error(_plain(localised_sentence(words, error)), icon=":material/error:")
        return False
    _, rows, errors = st.session_state[LOOKED]
    with st.expander(words("load_data.first_rows"), expanded=False):
        for table, frame in rows.items():
            st.text(words("guess.first_rows", table=table))
            st.dataframe(_shown(table, frame), hide_index=True)
    for refusal in errors:
        st.warning(_plain(localised_sentence(words, refusal)), icon=":material/warning:")
    return True


def _basis(upload: Upload, text: str) -> tuple[object, ...]:
    """What a look or a check rests on: the mapping and the files as they lie there."""
    stats = ((path.name, path.stat()) for path in upload.folder.iterdir())
    return (text, *sorted((name, stat.st_size, stat.st_mtime_ns) for name, stat in stats))


def _shown(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Personal values stay with whoever has the file."""
    private = [
        column.name for column in SOURCE_TABLES[table].columns if column.private and column.name in frame.columns
    ]
    masked = [pl.when(pl.col(name).is_not_null()).then(pl.lit(MASK)).alias(name) for name in private]
    return frame.with_columns(masked)


def checked(words: Words, upload: Upload, text: str) -> CheckReport | None:
    """Reads everything and publishes nothing. The report stays until files or mapping change."""
    st.subheader(words("load_data.check"), anchor=False)
    basis = _basis(upload, text)
    if st.button(words("load_data.check_button")):
        with st.spinner(words("load_data.checking")):
            try:
                report = check(upload.folder, mapping=upload.mapping_path, settings=load_settings())
            except DuewatchError as error:
                st.session_state.pop(CHECKED, None)
                st.error(_plain(localised_sentence(words, error)), icon=":material/error:")
                return None
        st.session_state[CHECKED] = (basis, report)
    found = st.session_state.get(CHECKED)
    if found is None or found[0] != basis:
        st.caption(words("load_data.check_note"))
        return None
    _tell(words, found[1])
    return found[1] if not found[1].refusals else None


def _tell(words: Words, report: CheckReport) -> None:
    for error in report.refusals:
        st.error(_plain(localised_sentence(words, error)), icon=":material/error:")
    rows = [
        {
            words("column.table_name"): load.table,
            words("column.rows_read"): load.rows_read,
            words("column.rows_accepted"): load.rows_accepted,
            words("column.rows_rejected"): load.rows_rejected,
            words("column.rows_left_out"): load.rows_left_out,
        }
        for load in report.loads
    ]
    st.dataframe(pl.DataFrame(rows), hide_index=True)
    if report.problems:
        st.text(words("check.problems"))
        st.dataframe(pl.DataFrame([_problem(words, problem) for problem in report.problems]), hide_index=True)
    else:
        st.text(words("check.no_problems"))
    with st.expander(words("load_data.answers", n=len(report.answered), of=len(report.answered) + len(report.lacking))):
        for id_ in report.answered:
            st.text(f"+ {words(f'capability.{id_}')}")
        for id_, missing in report.lacking:
            st.text(f"- {words(f'capability.{id_}')}: {words('check.lacks', columns=', '.join(missing))}")
        if best := report.best_column:
            st.text(words("check.best_column", column=best[0], n=best[1]))
    if report.notes:
        with st.expander(words("load_data.notes", n=len(report.notes))):
            for note in report.notes:
                st.text(localised(words, note))


def _problem(words: Words, problem: Problem) -> dict[str, object]:
    """One line of the table of problems."""
    share = problem.balance_share
    key = "rows" if problem.is_row else "values"
    return {
        words("column.column_name"): f"{problem.table}.{problem.column}" if problem.column else problem.table,
        words("load_data.lost"): words(f"load_data.lost_{key}", n=problem.n_rows),
        words("load_data.of_balance"): "" if share is None else f"{100 * share:.1f} %",
        words("load_data.why"): words(f"reason.{problem.reason}"),
        words("column.example"): f"{problem.file}, {problem.line}: {problem.example}",
        words("load_data.mend"): words(f"fix.{problem.reason}") if words.has(f"fix.{problem.reason}") else "",
    }


def load(words: Words, upload: Upload, report: CheckReport | None) -> None:
    """Publishes a book, with progress and a way to stop."""
    st.subheader(words("load_data.load"), anchor=False)
    job: LoadJob | None = st.session_state.get(JOB)
    is_busy = job is not None and job.is_running
    if report is None:
        st.caption(words("load_data.load_note"))
    elif report.loses_something:
        st.caption(words("load_data.loses"))
    if st.button(words("load_data.load_button"), type="primary", disabled=report is None or is_busy):
        place = upload.mapping_path.parent
        st.session_state[JOB] = start_load(
            upload.folder, upload.mapping_path, books_dir(), language=words.language, place=place
        )
        st.rerun()
    if job is not None:
        st.fragment(run_every=EVERY_SECOND if is_busy else None)(_watch)(words, job)


def _watch(words: Words, job: LoadJob) -> None:
    """Draws how far the load is, and its end."""
    if job.is_running:
        st.info(_plain(words("load_data.running", step=job.last_step())), icon=":material/hourglass_top:")
        if st.button(words("load_data.stop")):
            job.stop()
            st.rerun()
        return
    if job.succeeded:
        st.success(words("load_data.done"), icon=":material/check:")
        st.code(job.report(), language=None)
        st.page_link("pages/data_health.py", label=words("page.data_health.title"))
    else:
        st.error(_plain(job.last_step() or words("load_data.stopped")), icon=":material/error:")
    if st.button(words("load_data.again")):
        st.session_state.pop(JOB, None)
        st.rerun()


def _plain(text: str) -> str:
    """A sentence with a file's own text in it, safe from being read as Markdown."""
    return "".join(f"\\{char}" if char in r"\`*_{}[]()#+!|<>~$:" else char for char in text)
