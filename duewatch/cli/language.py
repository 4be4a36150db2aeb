"""The language of the command line: English, or Chinese under DUEWATCH_LANG=zh."""

from __future__ import annotations

import os

from duewatch.contract.errors import DuewatchError
from duewatch.contract.i18n import LANGUAGES, Words, words_in

VARIABLE = "DUEWATCH_LANG"


def cli_words() -> Words:
    """Raises DuewatchError where the variable names no language that there is."""
    language = os.environ.get(VARIABLE) or "en"
    if language not in LANGUAGES:
        raise DuewatchError(
            f"there is no language '{language}'", where=VARIABLE, next_step=f"use one of {', '.join(LANGUAGES)}"
        )
    return words_in(language)
