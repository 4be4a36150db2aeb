"""The words of the app in one language, from `locales/`, and the headings of columns (`column.balance`) from the column
dictionary. The language is a value that is passed, never a global."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from duewatch.contract.column_dictionary import column_dictionary
from duewatch.contract.settings import PROJECT_ROOT

LANGUAGES = {"en": "English", "zh": "中文"}
"""Code in the address to the language's own name."""
LOCALES = PROJECT_ROOT / "locales"


@dataclass(frozen=True)
class Words:
    """`words("tile.since", day="2026-09-30")` is that sentence in `language`. A missing key raises KeyError."""

    language: str

    def __call__(self, key: str, **values: object) -> str:
        try:
            sentence = _sentences(self.language)[key]
        except KeyError:
            raise KeyError(f"locales/{self.language}.toml has no '{key}'") from None
        return sentence.format(**values) if values else sentence

    def has(self, key: str) -> bool:
        return key in _sentences(self.language)


def words_in(language: str) -> Words:
    """The words of a language that exists. Raises KeyError where it does not."""
    if language not in LANGUAGES:
        raise KeyError(f"there is no locales/{language}.toml")
    return Words(language)


def cited(words: Words, text: str) -> str:
    """A citation or source with our own remark on it (who quotes it; that no number was seen) in the reader's language;
    the words of the clause stay as published."""
    for key, ours in _sentences("en").items():
        if key.startswith("cite_remark.") and (text == ours or text.endswith(f"（{ours}）")):
            return text.replace(ours, words(key))
    return text


def all_keys(language: str) -> dict[str, str]:
    """Every key of a language with its sentence, for tests and for the generated docs."""
    return dict(_sentences(language))


@cache
def _sentences(language: str) -> dict[str, str]:
    text = (LOCALES / f"{language}.toml").read_text(encoding="utf-8")
    headings = {f"column.{name}": column.headings[language] for name, column in column_dictionary().items()}
    return headings | _flat(tomllib.loads(text))


def _flat(table: dict[str, object], prefix: str = "") -> dict[str, str]:
    """{'tile': {'since': 'x'}} is {'tile.since': 'x'}."""
    sentences: dict[str, str] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            sentences |= _flat(value, f"{prefix}{name}.")
        else:
            sentences[f"{prefix}{name}"] = str(value)
    return sentences
