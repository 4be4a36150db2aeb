"""The words of the app, under the name that the pages know them by."""

from duewatch.words import LANGUAGES, Words, all_keys, words_in

__all__ = ["LANGUAGES", "Words", "all_keys", "words_in"]
