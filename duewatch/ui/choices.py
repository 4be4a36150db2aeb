"""Small choices within a page."""

from __future__ import annotations

import streamlit as st

from duewatch.ui.words import Words


def one_of(words: Words, label: str, options: dict[str, str], key: str) -> str:
    """A choice that is always made: `options` maps value to locale key, the first is the default."""
    return st.segmented_control(
        words(label), list(options), default=next(iter(options)), format_func=lambda value: words(options[value]),
        required=True, key=key,
    )  # fmt: skip
