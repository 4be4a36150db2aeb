"""One look for every figure, in light and dark.

Text and grid take the app's theme in the browser: a text colour stands here only for text on a coloured cell. The
buckets are one ramp: the worse, the further from the paper. Grey is "no evidence"; vermilion and amber are verdicts; a
hatch marks what cannot be explained or judged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
import plotly.io as pio

TextOf = Callable[[float], str]
"""Writes a number for an axis or a label, in the reader's language."""

TEMPLATE = "duewatch"
CLEAR = "rgba(0,0,0,0)"
LEGEND_ABOVE = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0}


@dataclass(frozen=True)
class Palette:
    """Colours of one theme, as #RRGGBB."""

    ramp: tuple[str, ...]
    """Of the buckets M0 to M7+: the worse, the further from the paper."""
    heat: tuple[str, str]
    """Of a share: least and most."""
    accent: str
    more: str
    """A movement up. Not a verdict."""
    less: str
    """A movement down. Not a verdict."""
    total: str
    grey: str
    """No evidence."""
    edge: str
    breach: str
    near: str
    """At a limit, but not past it."""
    ink: str
    paper: str


LIGHT = Palette(
    ramp=("#D6E4F2", "#B3CDE6", "#8DB3D8", "#6798C8", "#447DB5", "#2C639C", "#1C497B", "#102F55"),
    heat=("#F1F5FA", "#17487F"),
    accent="#1F5FA8",
    more="#1F5FA8",
    less="#2A9D8F",
    total="#66788C",
    grey="#9AA5B1",
    edge="#AEB9C5",
    breach="#C2410C",
    near="#D99A00",
    ink="#1B2430",
    paper="#FFFFFF",
)
DARK = Palette(
    ramp=("#2F5D94", "#3B6FAB", "#4D84C1", "#659AD2", "#82B1E0", "#A2C7EB", "#C3DCF4", "#E3EFFB"),
    heat=("#1B2531", "#9CC8F5"),
    accent="#6CA8E8",
    more="#6CA8E8",
    less="#5CC2AF",
    total="#8495A8",
    grey="#7B8794",
    edge="#4A5866",
    breach="#F08A4B",
    near="#E9B949",
    ink="#10161E",
    paper="#10161E",
)


def palette(is_dark: bool) -> Palette:
    return DARK if is_dark else LIGHT


@dataclass(frozen=True)
class Labels:
    """The words around a figure, and the paper it is drawn on."""

    finding: str
    """The sentence that the figure shows."""
    is_dark: bool
    x: str = ""
    y: str = ""
    """What an axis shows, with its unit; empty for an axis that needs no name."""

    @property
    def colours(self) -> Palette:
        return palette(self.is_dark)


def bucket_colours(n_buckets: int, is_dark: bool) -> list[str]:
    """A colour for each bucket, the worse the further from the paper, however many a lender's settings cut."""
    ramp = palette(is_dark).ramp
    if n_buckets <= 1:
        return [ramp[0]][:n_buckets]
    last = len(ramp) - 1
    return [ramp[round(n * last / (n_buckets - 1))] for n in range(n_buckets)]


def mixed(low: str, high: str, share: float) -> str:
    """The colour `share` (0-1) of the way from low to high, both #RRGGBB."""
    share = min(max(share, 0.0), 1.0)
    pairs = zip(_rgb(low), _rgb(high), strict=True)
    return "#" + "".join(f"{round(start + (end - start) * share):02X}" for start, end in pairs)


def ink_on(colour: str) -> str:
    """Black or white, whichever reads better on a cell of that colour (WCAG contrast)."""
    dark, light = "#000000", "#FFFFFF"
    return dark if contrast(dark, colour) >= contrast(light, colour) else light


def contrast(colour: str, background: str) -> float:
    """WCAG 2 contrast ratio of two colours, 1 to 21."""
    bright, dim = sorted((_luminance(colour), _luminance(background)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def framed(figure: go.Figure, labels: Labels, *, height: int) -> go.Figure:
    """The figure in the common look. The finding is kept in the figure's meta: the page writes it above the figure as
    text, which wraps on a phone."""
    figure.update_layout(template=TEMPLATE, height=height, meta={"finding": labels.finding}, title=None)
    figure.update_xaxes(title=labels.x or None)
    figure.update_yaxes(title=labels.y or None)
    return figure


def finding_of(figure: go.Figure) -> str:
    return str(figure.layout.meta["finding"])


def ticks(axis_of: Callable[..., object], top: float, text_of: TextOf, n: int = 4) -> None:
    """Round, zero-based ticks up to `top`, written by `text_of` (Plotly itself knows no 万)."""
    values = round_ticks(top, n)
    axis_of(tickvals=values, ticktext=[text_of(value) for value in values], rangemode="tozero")


def round_ticks(top: float, n: int = 4) -> list[float]:
    """0 and up to n more steps of 1, 2, 2.5 or 5 times a power of ten, the last one at or below top."""
    if top <= 0:
        return [0.0]
    size = 10 ** len(str(int(top / n))) if top / n >= 1 else 10.0 ** (-_zeros(top / n))
    step = next(
        scale * size / 10 for scale in (1, 2, 2.5, 5, 10, 20, 25, 50, 100) if scale * size / 10 * n >= top * 0.999
    )
    return [step * k for k in range(n + 2) if step * k <= top * 1.001]


def _zeros(share: float) -> int:
    places = 0
    while share < 1 and places < 12:
        share, places = share * 10, places + 1
    return places - 1


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    parts = [part / 255 for part in _rgb(colour)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def hatched(colour: str) -> dict[str, object]:
    """A bar's marker for what is not explained or not assessable."""
    return {"color": CLEAR, "line": {"color": colour, "width": 1}, "pattern": pattern(colour)}


def pattern(colour: str, solidity: float = 0.35) -> dict[str, object]:
    return {"shape": "/", "fgcolor": colour, "size": 6, "solidity": solidity}


def whiskers(
    points: Sequence[tuple[float, float | None, float | None]], colour: str, *, thickness: float = 1.5, width: int = 4
) -> dict[str, object]:
    """Error bars. `points`: value, lower and upper limit; a limit that is not known has no bar."""
    return {
        "type": "data",
        "symmetric": False,
        "color": colour,
        "thickness": thickness,
        "width": width,
        "array": [0.0 if high is None else high - value for value, _, high in points],
        "arrayminus": [0.0 if low is None else value - low for value, low, _ in points],
    }


def heat_map(
    x: Sequence[object], y: Sequence[object], z: Sequence[Sequence[float | None]], ramp: tuple[str, str], **more: object
) -> go.Heatmap:
    """Cells coloured from `ramp[0]` at 0 to `ramp[1]` at `zmax` (1 by default); a cell without a value stays blank."""
    settings = {"zmax": 1, "xgap": 1, "ygap": 1, **more}
    return go.Heatmap(x=x, y=y, z=z, zmin=0, colorscale=[[0, ramp[0]], [1, ramp[1]]], showscale=False, **settings)


def rows_from_top(figure: go.Figure) -> go.Figure:
    """One row a name, the first on top."""
    return figure.update_yaxes(type="category", autorange="reversed", showgrid=False)


_layout = {
    "margin": {"l": 8, "r": 8, "t": 12, "b": 8},
    "showlegend": False,
    "hoverlabel": {"align": "left"},
    "bargap": 0.28,
    "paper_bgcolor": CLEAR,
    "plot_bgcolor": CLEAR,
    "dragmode": False,
    "xaxis": {"automargin": True, "showgrid": False, "zeroline": False, "fixedrange": True},
    "yaxis": {"automargin": True, "zeroline": False, "fixedrange": True},
}
pio.templates[TEMPLATE] = go.layout.Template(layout=_layout)
