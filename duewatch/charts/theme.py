"""One look for every figure, in light and dark.

Text and grid take the app's theme in the browser, so nothing here names a text colour except where text stands on a
coloured cell. Buckets are one ramp, the worse the further from the paper: light to dark on white, dark to light in the
dark; grey is "no evidence"; vermilion and amber are for verdicts; a hatch marks what cannot be explained or assessed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import plotly.graph_objects as go
import plotly.io as pio

Say = Callable[[float], str]
"""Writes a number for an axis or a label, in the reader's language."""

TEMPLATE = "duewatch"
HATCH = "/"


@dataclass(frozen=True)
class Palette:
    """`ramp`: M0 to M7+, each further from the paper. `heat`: least to most of a share. `more` and `less` are
    movements, not verdicts."""

    ramp: tuple[str, ...]
    heat: tuple[str, str]
    accent: str
    more: str
    less: str
    total: str
    grey: str
    edge: str
    breach: str
    near: str
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


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two colours, 1 to 21."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def framed(figure: go.Figure, finding: str, *, height: int, x: str = "", y: str = "") -> go.Figure:
    """The figure in the house's look. `finding` is the sentence it shows, `x` and `y` name the axes with their unit.
    The sentence is kept in the figure's meta and drawn above it as text, where it wraps on a phone."""
    figure.update_layout(template=TEMPLATE, height=height, meta={"finding": finding}, title=None)
    figure.update_xaxes(title=x or None)
    figure.update_yaxes(title=y or None)
    return figure


def finding_of(figure: go.Figure) -> str:
    return str(figure.layout.meta["finding"])


def ticks(axis_of: Callable[..., object], top: float, say: Say, n: int = 4) -> None:
    """Round, zero-based ticks up to `top`, written by `say` (Plotly itself knows no 万)."""
    values = round_ticks(top, n)
    axis_of(tickvals=values, ticktext=[say(value) for value in values], rangemode="tozero")


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
    return {"color": "rgba(0,0,0,0)", "line": {"color": colour, "width": 1}, "pattern": pattern(colour)}


def pattern(colour: str) -> dict[str, object]:
    return {"shape": HATCH, "fgcolor": colour, "size": 6, "solidity": 0.35}


_layout = {
    "margin": {"l": 8, "r": 8, "t": 12, "b": 8},
    "showlegend": False,
    "hoverlabel": {"align": "left"},
    "bargap": 0.28,
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
    "dragmode": False,
    "xaxis": {"automargin": True, "showgrid": False, "zeroline": False, "fixedrange": True},
    "yaxis": {"automargin": True, "zeroline": False, "fixedrange": True},
}
pio.templates[TEMPLATE] = go.layout.Template(layout=_layout)
