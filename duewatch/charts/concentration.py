"""How unevenly contacts fall on debtors."""

from __future__ import annotations

from math import ceil

import plotly.graph_objects as go

from duewatch.charts.theme import Labels, TextOf, framed, rows_from_top, ticks

GROUPS = (("top_1", 0.01), ("next_4", 0.05), ("next_15", 0.20), ("rest", 1.0))
"""Name and cumulative share of debtors, the most contacted first."""


def shares_by_group(counts: list[int]) -> dict[str, tuple[int, int]]:
    """Group to (debtors, contacts). `counts`: contacts of each debtor, in any order. A group takes in the debtor on its
    border: the top 1 % of 50 debtors is one debtor."""
    ordered, since = sorted(counts, reverse=True), 0
    groups: dict[str, tuple[int, int]] = {}
    for name, share in GROUPS:
        until = max(since, ceil(len(ordered) * share))
        groups[name] = (until - since, sum(ordered[since:until]))
        since = until
    return groups


def concentration_bars(counts: list[int], labels: Labels, *, names: dict[str, str], percent: TextOf) -> go.Figure:
    """Two bars a group: its share of debtors in grey, its share of contacts in the accent."""
    colours, groups = labels.colours, shares_by_group(counts)
    total = sum(n for _, n in groups.values()) or 1
    group_names = [names[name] for name, _ in GROUPS]
    people = [groups[name][0] / max(len(counts), 1) for name, _ in GROUPS]
    contacts = [groups[name][1] / total for name, _ in GROUPS]
    figure = go.Figure()
    for key, values, colour in (("contacts", contacts, colours.accent), ("debtors", people, colours.grey)):
        figure.add_bar(
            y=group_names,
            x=values,
            orientation="h",
            name=names[key],
            marker={"color": colour},
            text=[f"{percent(value)} {names[key]}" for value in values],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    framed(figure, labels, height=300)
    figure.update_layout(barmode="group", bargap=0.3)
    rows_from_top(figure)
    ticks(figure.update_xaxes, 1.0, percent)
    return figure.update_xaxes(range=[0, 1.25])
