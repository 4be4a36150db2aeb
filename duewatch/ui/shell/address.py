"""What the address of a page holds: language, day, whether as known then, currency, products, branches. A link shows
a colleague the same page.

The address decides. Where it holds no value (a click in the menu drops it), the session's last pick holds and is
written back. A value that does not exist gives a warning and the default.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

import streamlit as st

NAMES = ("lang", "as_of", "known", "currency", "product", "branch")
_REMEMBERED = "_address"


@dataclass
class RefusedValues:
    """Values of the address that do not exist: (parameter, value)."""

    items: list[tuple[str, str]] = field(default_factory=list)


def option_in_address(
    name: str, options: Sequence[str], default: str, parameters: Mapping[str, list[str]], refused: RefusedValues
) -> str:
    """The one option that the address names, else `default`; a value that is no option is noted in `refused`."""
    values = parameters.get(name, [])
    if not values:
        return default
    if values[0] in options:
        return values[0]
    refused.items.append((name, values[0]))
    return default


def options_in_address(
    name: str, options: Sequence[str], parameters: Mapping[str, list[str]], refused: RefusedValues
) -> list[str]:
    """The options that the address names; empty means all."""
    refused.items.extend((name, value) for value in parameters.get(name, []) if value not in options)
    return [value for value in parameters.get(name, []) if value in options]


def address_parameters() -> dict[str, list[str]]:
    """The address's parameters, the session's last picks where it is silent; both are brought into line."""
    remembered: dict[str, list[str]] = st.session_state.setdefault(_REMEMBERED, {})
    for name in NAMES:
        values = st.query_params.get_all(name)
        if values:
            remembered[name] = values
        elif remembered.get(name):
            st.query_params[name] = remembered[name]
    return {name: list(values) for name, values in remembered.items()}


def pick(name: str, values: Sequence[str]) -> None:
    """Write a pick to the address and remember it; nothing picked takes the name out of the address."""
    remembered: dict[str, list[str]] = st.session_state.setdefault(_REMEMBERED, {})
    if not values:
        remembered.pop(name, None)
        if name in st.query_params:
            del st.query_params[name]
        return
    remembered[name] = list(values)
    st.query_params[name] = list(values)


def forget_refused(refused: RefusedValues) -> None:
    """Takes values that do not exist out of the address, after the warning."""
    for name in {name for name, _ in refused.items}:
        pick(name, [])


def account_links(account_ids: Sequence[str | None]) -> list[str | None]:
    """For each account the address of its page, beside this one and with what is picked kept; None for none."""
    picks = {name: st.query_params.get_all(name) for name in NAMES if name in st.query_params}
    picks_text = f"&{urlencode(picks, doseq=True)}" if picks else ""
    return [
        None if number is None else f"account?account={quote(number, safe='')}{picks_text}" for number in account_ids
    ]
