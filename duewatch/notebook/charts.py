"""Figures of the app for a notebook: each asks its own queries of a book of one currency."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import plotly.graph_objects as go
import polars as pl

from duewatch.charts.aging import aging_bars, aging_stack
from duewatch.charts.migration import LEAVING, migration_matrix
from duewatch.charts.net_flow import net_flow_lines
from duewatch.charts.theme import Labels
from duewatch.charts.vintage import vintage_curves
from duewatch.contract.errors import QueryError
from duewatch.contract.i18n import words_in
from duewatch.contract.months import step_start
from duewatch.engines import Ask
from duewatch.reads import portfolio

NamedAsk = Callable[..., pl.DataFrame]
"""Asks a query by name, with its parameters by name."""


@dataclass(frozen=True)
class _Wanted:
    """What a figure is drawn of."""

    ask: Ask
    days: Sequence[date]
    as_of: date
    labels: Labels

    @property
    def buckets(self) -> list[str]:
        buckets: list[str] = portfolio.bucket_bounds(self.ask)["bucket"].to_list()
        return buckets


def _aging(it: _Wanted) -> go.Figure:
    frame = _of_one_currency(portfolio.aging_buckets(it.ask, as_of=it.as_of))
    return aging_bars(frame, it.labels, it.buckets, measure="balance", text_of=_amount, percent=_percent)


def _aging_history(it: _Wanted) -> go.Figure:
    frame = _of_one_currency(portfolio.aging_by_day(it.ask, from_date=it.days[0], to_date=it.as_of))
    return aging_stack(frame, it.labels, it.buckets, measure="balance", text_of=_amount)


def _migration(it: _Wanted) -> go.Figure:
    start = step_start(it.days, it.as_of)
    if start is None:
        raise QueryError(f"no snapshot lies a month before {it.as_of}", next_step="pick a later day")
    moves = _of_one_currency(portfolio.transitions(it.ask, from_date=start, to_date=it.as_of))
    names = {code: words_in("en")(f"code.{code}") for code in LEAVING}
    return migration_matrix(moves, it.labels, share="share_balance", buckets=it.buckets, percent=_percent, names=names)


def _net_flow(it: _Wanted) -> go.Figure:
    flows = _of_one_currency(portfolio.net_flow_by_day(it.ask, from_date=it.days[0], to_date=it.as_of))
    return net_flow_lines(flows, it.labels, percent=_percent, accented="")


def _vintage(it: _Wanted) -> go.Figure:
    return vintage_curves(_of_one_currency(portfolio.vintage(it.ask, as_of=it.as_of)), it.labels, percent=_percent)


_DRAWN = {
    "aging": (_aging, "Balance by aging bucket"),
    "aging_history": (_aging_history, "Overdue balance by bucket"),
    "migration": (_migration, "Migration over the last month, by balance"),
    "net_flow": (_net_flow, "Net flow rates, month by month"),
    "vintage": (_vintage, "Ever in M2 or later, by months on book"),
}


def drawn(name: str, ask: NamedAsk, days: Sequence[date], as_of: date, title: str) -> go.Figure:
    """The figure of that name, one of CHARTS. Raises QueryError."""
    draw, usual_title = _DRAWN[name]
    labels = Labels(title or usual_title, is_dark=False)
    wanted = _Wanted(lambda query, params: ask(query, **params), days, as_of, labels)
    return draw(wanted).update_layout(title=labels.finding)


CHARTS = tuple(_DRAWN)


def _of_one_currency(frame: pl.DataFrame) -> pl.DataFrame:
    currencies = frame["currency"].unique().sort().to_list()
    if len(currencies) > 1:
        raise QueryError(
            f"the book has {', '.join(currencies)}, which never add up", next_step="name one: chart(..., currency=...)"
        )
    if not currencies:
        raise QueryError("there is nothing to draw", next_step="pick another day, or more accounts")
    return frame


def _amount(value: float) -> str:
    return f"{float(value):,.0f}"


def _percent(share: float) -> str:
    return f"{float(share) * 100:.1f}%"
