"""Errors told in the reader's language: the sentence stands in the locales, the error keeps its key and values.

    raise refused(ScenarioError, "from_after_to", where=Saying("refused.link"), first=first, last=last)

The command line and logs tell it in English (`error.sentence`), a page by `sentence_in(words, error)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from duewatch.contract.errors import DuewatchError
from duewatch.contract.i18n import Words, words_in
from duewatch.contract.sentences_retold import retold

Error = TypeVar("Error", bound=DuewatchError)


@dataclass(frozen=True)
class LocalisedText:
    """Words of the locales by their key. A value that is a saying itself is told in the same language, a tuple as a
    list."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Refusal:
    """What an error says: `refused.KEY.what` and `.next`, and where."""

    key: str
    where: str | LocalisedText
    values: Mapping[str, object]


def localised_error(kind: type[Error], key: str, *, where: str | LocalisedText = "", **values: object) -> Error:
    """An error of this kind whose words are `refused.KEY` in the locales. Raises KeyError where there are none."""
    english, refusal = words_in("en"), Refusal(key, where, values)
    what, next_step = _parts(english, refusal)
    error = kind(what, where=localised(english, where), next_step=next_step)
    error.refusal = refusal
    return error


def localised_sentence(words: Words, error: DuewatchError) -> str:
    """The error's sentence in the reader's language, in English where the locales do not have it."""
    if isinstance(error.refusal, Refusal):
        what, next_step = _parts(words, error.refusal)
        place = localised(words, error.refusal.where)
    elif words.language == "en":
        return error.sentence
    else:
        what, next_step, place = (retold(words, text) for text in (error.what, error.next_step, error.where))
        if (what, next_step) == (error.what, error.next_step):
            return error.sentence
        if not next_step:
            return words("refused.bare_placed" if place else "refused.bare", where=place, what=what)
    return words("refused.placed" if place else "refused.plain", where=place, what=what, next=next_step)


def localised(words: Words, value: object) -> str:
    if isinstance(value, LocalisedText):
        return words(value.key, **{name: localised(words, part) for name, part in value.values.items()})
    if isinstance(value, tuple):
        return words("refused.comma").join(localised(words, part) for part in value)
    return str(value)


def _parts(words: Words, refusal: Refusal) -> tuple[str, str]:
    values = {name: localised(words, value) for name, value in refusal.values.items()}
    return words(f"refused.{refusal.key}.what", **values), words(f"refused.{refusal.key}.next", **values)
