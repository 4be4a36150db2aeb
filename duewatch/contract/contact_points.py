"""One form for a telephone number or address, however it was written, so that it counts as one.

`138 0000 0001` and `008613800000001` are one number in China (phonenumbers, Google's libphonenumber)."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers

NUMBER = re.compile(r"^[\s\d+().\-/xX;=a-z#]*\d[\s\d+().\-/xX;=a-z#]*$")
"""What may be a telephone number; other text is an address or an id."""
DIGITS = re.compile(r"^[\s\d+().-]+$")


def one_form(text: str, country: str | None) -> str:
    """A possible telephone number as +8613800000001 (with `;ext=12` after it where it has an extension); other text in
    small letters with single spaces. `country`: ISO code of the place where a number without its own is dialled."""
    cleaned = " ".join(unicodedata.normalize("NFKC", text).split()).casefold().removeprefix("tel:")
    if "@" in cleaned or not NUMBER.match(cleaned):
        return cleaned
    number = _parsed(cleaned, country) or (_parsed(f"+{cleaned[2:]}", None) if cleaned.startswith("00") else None)
    if number is None:
        return re.sub(r"[\s().-]", "", cleaned) if DIGITS.match(cleaned) else cleaned
    form = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{form};ext={number.extension}" if number.extension else form


def _parsed(text: str, country: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None
