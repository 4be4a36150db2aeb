"""The app's own visitor, which opens pages before people do (prepare.py), and how the app knows it.

`python -m duewatch run` draws a word at random and puts it into the environment of the app and of the visitor, who
says it in a header. Without that word a session is a person's.
"""

from __future__ import annotations

import hmac
import os

import streamlit as st

WORD = "DUEWATCH_VISITOR"
"""Environment: the word."""
HEADER = "X-Duewatch-Visitor"
PATIENCE = 1800.0
"""Seconds that a query of the visitor may take: nobody waits before a screen."""


def is_visitor() -> bool:
    """Whether the session that asks is the app's own visitor."""
    word = os.environ.get(WORD, "")
    given = st.context.headers.get(HEADER) or ""
    return bool(word) and hmac.compare_digest(given.encode(), word.encode())
