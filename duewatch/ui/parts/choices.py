"""Small choices within a page. The address holds their values, so that a link shows the same in both languages."""

from __future__ import annotations

import streamlit as st

from duewatch.contract.i18n import Words


def one_of(words: Words, label: str, options: dict[str, str], key: str) -> str:
    """A choice that always has a value. `options`: value to locale key; the first is the default and does not stand in
    the address. Without a value in the address the session's own pick holds and is written back. The page warns of a
    wrong value in a link; a value left over from another choice is dropped."""
    in_address, in_session, default = st.query_params.get(key), st.session_state.get(key), next(iter(options))
    if in_address is not None and in_address not in options:
        if in_session != in_address:
            st.warning(words("explore.bad", label=words(label), value=in_address[:40]), icon=":material/link_off:")
        in_address = None
    choose(key, in_address or (in_session if in_session in options else default), default)

    def write() -> None:
        choose(key, st.session_state[key], default)

    choice = st.segmented_control(
        words(label),
        list(options),
        format_func=lambda value: words(options[value]),
        required=True,
        key=key,
        on_change=write,
    )
    return choice or default


def choose(key: str, value: str, default: str | None = None) -> None:
    """Make the choice of `one_of` for the person; the usual one takes it out of the address."""
    st.session_state[key] = value
    if value != default:
        if st.query_params.get(key) != value:
            st.query_params[key] = value
    elif key in st.query_params:
        del st.query_params[key]
