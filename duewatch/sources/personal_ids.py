"""Ids that are people: identity numbers, telephone numbers and e-mail addresses where an id is wanted."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import polars as pl

SHARE = 0.5
"""From this share of the distinct ids on a column is taken to be personal."""
SEEN = 2_000
"""Distinct ids that are looked at."""
_KINDS = {
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}"),
    "phone": re.compile(r"\+\d[\d\s().-]{6,18}|1[3-9]\d{9}|\(\d{3}\)\s?\d{3}-\d{4}|\d{3}-\d{3}-\d{4}"),
    "identity": re.compile(r"\d{3}-\d{2}-\d{4}|\d{1,2}\.?\d{3}\.?\d{3}-[\dkK]|\d{3}\.\d{3}\.\d{3}-\d{2}|\d{6}-\d{7}"),
}
"""Telephone: international, Chinese, North American. Identity: US SSN, Chilean RUT, Brazilian CPF, Korean RRN."""


def personal_kind(ids: pl.Series) -> str | None:
    """`identity`, `phone` or `email`, where most of the ids look like one; None where they do not."""
    values = [str(value) for value in ids.drop_nulls().unique().head(SEEN)]
    found = [kind for value in values if (kind := _kind(value))]
    if not values or len(found) < SHARE * len(values):
        return None
    return max(set(found), key=found.count)


def _kind(value: str) -> str | None:
    if is_chinese_identity(value):
        return "identity"
    return next((kind for kind, pattern in _KINDS.items() if pattern.fullmatch(value)), None)


def is_chinese_identity(value: str) -> bool:
    """18 characters with a day of birth in them (GB 11643); the check digit is not asked, for invented and mistyped
    ones are as personal."""
    if not re.fullmatch(r"[1-9]\d{16}[\dXx]", value):
        return False
    try:
        born = date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    except ValueError:
        return False
    return 1900 <= born.year <= datetime.now(UTC).year
