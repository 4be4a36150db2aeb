"""An evidence pack from the page: of the findings shown, or of the one picked."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from duewatch.contract.errors import DeskError, EvidenceError
from duewatch.contract.localised_errors import localised_sentence
from duewatch.contract.settings import load_settings
from duewatch.desk import Desk
from duewatch.evidence import FORMATS, Choice, PackSource, Written, written_pack
from duewatch.ui.parts.review import desk_here
from duewatch.ui.shell.access import person
from duewatch.ui.shell.frame import PageContext

MIME = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "pdf": "application/pdf"}


def offer_evidence(ctx: PageContext, choices: dict[str, Choice]) -> None:
    """`choices`: by the locale key that names them. A pack is made on request, noted on the desk, and only then
    offered."""
    words = ctx.words
    with st.expander(words("evidence.button"), icon=":material/gavel:"):
        st.caption(words("evidence.button_why"))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            choice_key = st.segmented_control(
                words("evidence.button"),
                list(choices),
                default=next(iter(choices)),
                format_func=words,
                key="evidence_of",
                label_visibility="collapsed",
            )
            file_format = st.segmented_control(
                words("evidence.form"),
                FORMATS,
                default=FORMATS[0],
                format_func=str.upper,
                key="evidence_format",
                label_visibility="collapsed",
            )
            is_pressed = st.button(words("evidence.button"), key="evidence_make")
        if is_pressed and choice_key and file_format:
            _make(ctx, choices[choice_key], file_format)


def _make(ctx: PageContext, choice: Choice, file_format: str) -> None:
    try:
        desk = desk_here()
        pack = _evidence_pack(ctx, choice, file_format, desk)
        made_at = datetime.now(UTC).replace(tzinfo=None)
        desk.note_export(pack.export(choice, person(), made_at, scope=ctx.scope.key))
    except (DeskError, EvidenceError) as error:
        st.error(localised_sentence(ctx.words, error), icon=":material/error:")
        return
    n, sha = ctx.numbers.count(pack.n_findings), pack.sha256[:16]
    st.markdown(ctx.words("evidence.ready", name=pack.name, n=n, sha=sha))
    save = ctx.words("evidence.save", name=pack.name)
    st.download_button(
        save, pack.content, file_name=pack.name, mime=MIME[file_format], key="evidence_save", on_click="ignore"
    )


def _evidence_pack(ctx: PageContext, choice: Choice, file_format: str, desk: Desk) -> Written:
    scope = ", ".join(
        f"{name}: {', '.join(values)}"
        for name, values in (
            (ctx.words("pick.currency"), ctx.scope.currencies),
            (ctx.words("pick.product"), ctx.scope.products),
            (ctx.words("pick.branch"), ctx.scope.branches),
        )
        if values
    )
    source = PackSource(ctx.ask, ctx.book, ctx.words, load_settings(), desk, scope)
    return written_pack(source, choice, file_format)
