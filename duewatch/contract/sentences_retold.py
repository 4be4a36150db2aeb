"""Sentences that were made in English (a mistake in a TOML file, in a header), told in another language.

The English sentence is found again among those of `retold` in the locales; what stands in its gaps is kept. A sentence
that is not there stays English.
"""

from __future__ import annotations

import re
from functools import cache

from duewatch.contract.i18n import Words, all_keys

SECTION = "retold."
GAP = re.compile(r"\\\{(\w+)\\\}")
FIELD = "field"
"""A gap of this name holds a name without spaces, such as source.date_formats; others whatever stands there."""


def retold(words: Words, sentence: str) -> str:
    """The sentence in the reader's language."""
    if words.language == "en":
        return sentence
    for key, pattern in _patterns():
        if found := pattern.fullmatch(sentence):
            return words(key, **found.groupdict()) if found.groupdict() else words(key)
    return sentence


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """In the order of the locale: the more particular sentence stands first."""
    return tuple(
        (key, re.compile(GAP.sub(_gap, re.escape(english)), re.DOTALL))
        for key, english in all_keys("en").items()
        if key.startswith(SECTION)
    )


def _gap(found: re.Match[str]) -> str:
    return rf"(?P<{found[1]}>[\w.]+)" if found[1] == FIELD else f"(?P<{found[1]}>.+?)"
