"""Why a source row is not in the book: one code a reason; the locales hold the sentences."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Written to `rejects.reason`. A row has one: that of its first failing column in contract order."""

    WRONG_FIELD_COUNT = "wrong_field_count"  # more or fewer cells than the header
    BAD_QUOTING = "bad_quoting"  # a quote that is not opened, closed or doubled as RFC 4180 says
    TOTAL_ROW = "total_row"  # the key cell says 合计 or total: a sum, not a row
    MISSING_VALUE = "missing_value"
    BAD_TEXT = "bad_text"  # NUL or another control character
    TOO_LONG = "too_long"  # more than MAX_CELL characters
    SCIENTIFIC_ID = "scientific_id"  # 1.23E+17, or a spreadsheet number of more than 15 digits
    UNKNOWN_CODE = "unknown_code"
    UNKNOWN_TIME_ZONE = "unknown_time_zone"
    NOT_A_DATE = "not_a_date"
    NOT_AN_INSTANT = "not_an_instant"
    NOT_A_NUMBER = "not_a_number"
    TOO_MANY_DIGITS = "too_many_digits"  # would have to be rounded to fit
    NOT_A_BOOLEAN = "not_a_boolean"
    BELOW_MINIMUM = "below_minimum"
    NO_SUCH_LOCAL_TIME = "no_such_local_time"  # a wall time that the clocks skipped
    DANGLING_KEY = "dangling_key"  # names a row that is not in the book
    REPEATED_ROW = "repeated_row"  # the same row once more
    NO_ACCOUNT = "no_account"  # a contact without account whose debtor or number is not known
    SEVERAL_ACCOUNTS = "several_accounts"  # the same, and it could be about any of several
    PERHAPS_SHIFTED = (
        "perhaps_shifted"  # a debtor of no account with a value that cannot be read: cells may have slipped
    )
    CONFLICTING_KEY = "conflicting_key"  # the same key with other content


class LeftOut(StrEnum):
    """Why a row that is right is not in the book: counted in `loads.rows_left_out`, no reject."""

    FOLDED = "folded"  # the same row once more, in a table of distinct rows
    SUPERSEDED = "superseded"  # a later row of the same key stands
    NOT_CASH = "not_cash"  # a payment that failed, was reversed or is pending
