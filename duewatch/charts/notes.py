"""Many texts or shapes added to a figure in one step.

Plotly's `add_annotation` checks every annotation in the figure again: sixty of them one by one are eighteen hundred
checks, sixty at once are sixty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import plotly.graph_objects as go

Part = Mapping[str, object]


def write_notes(figure: go.Figure, notes: Iterable[Part]) -> None:
    """Texts without an arrow; each note as `add_annotation` takes it."""
    new = [{"showarrow": False, **note} for note in notes]
    figure.layout.annotations = [*figure.layout.annotations, *new]


def lay_shapes(figure: go.Figure, shapes: Iterable[Part]) -> None:
    """Each shape as `add_shape` takes it."""
    figure.layout.shapes = [*figure.layout.shapes, *(dict(shape) for shape in shapes)]
