"""Definitions: what exactly is this number?"""

import streamlit as st

from duewatch.contract.i18n import Words
from duewatch.metrics.definitions import definition
from duewatch.metrics.registry import METRICS
from duewatch.ui.parts.figures import empty
from duewatch.ui.parts.tiles import draw_definition
from duewatch.ui.shell.frame import open_page

ctx = open_page("definitions", needs_snapshots=False)


def matching(words: Words, text: str) -> list[str]:
    """Metrics whose id, name or definition holds the text, in either case."""
    needle = text.strip().lower()
    return [
        metric.id
        for metric in METRICS.values()
        if needle
        in " ".join([metric.id, metric.query, _name(words, metric.id), *_definition_texts(words, metric.id)]).lower()
    ]


def _name(words: Words, metric_id: str) -> str:
    return words(f"metric.{metric_id}.name")


def _definition_texts(words: Words, metric_id: str) -> list[str]:
    return [text for _, text in definition(METRICS[metric_id], words)]


st.subheader(ctx.words("definitions.headline", n=len(METRICS)), anchor=False)
text = st.text_input(
    ctx.words("definitions.search"),
    placeholder=ctx.words("definitions.search_hint"),
    key="search",
    bind="query-params",
    icon=":material/search:",
)
metric_ids = matching(ctx.words, text)
if text and metric_ids:
    st.caption(ctx.words("definitions.found", n=len(metric_ids), all=len(METRICS), text=text))
if not metric_ids:
    empty(ctx.words("definitions.none", text=text))
for metric_id in metric_ids:
    with st.expander(
        f"**{_name(ctx.words, metric_id)}** — {ctx.words(f'metric.{metric_id}.question')}",
        expanded=len(metric_ids) == 1,
    ):
        draw_definition(ctx, metric_id)
