"""Who the person at the screen is, and what they may see. A person who is not known has no scope, and so sees no rows.

Without `[auth]` in Streamlit's secrets the app serves the one person at this machine, who sees the whole book.
With it, a person must be signed in and listed by e-mail in `access.toml` beside `app.py`:

    ["lin@example.com"]
    branches = ["Chengdu"]      # missing: all branches
    products = ["Cash loan"]    # missing: all products
    private = true              # missing: no personal data
    load = true                 # missing: may not load data
"""

from __future__ import annotations

import getpass
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from duewatch.contract.errors import DuewatchError
from duewatch.contract.scope import NO_SCOPE, WHOLE_BOOK, Scope, Values
from duewatch.contract.settings import PROJECT_ROOT

_KEYS = {"branches", "products", "private", "load"}


@dataclass(frozen=True)
class Grant:
    """What a person may see."""

    scope: Scope
    refusal: str = ""
    """Locale key of the sentence that says why the scope is empty."""
    may_load: bool = False
    """Whether this person may put a new book in service."""


def grant_of_session() -> Grant:
    """What the person of this session may see. Asked anew on every run; never cached."""
    if not _sign_in_is_set_up():
        return Grant(WHOLE_BOOK, may_load=True)
    if not st.user.is_logged_in:
        return Grant(NO_SCOPE, "access.sign_in")
    return grant_for(str(st.user.get("email") or ""), _access_list())


def person() -> str:
    """The e-mail address that signed in; without a sign-in, the account of this machine."""
    return str(st.user.get("email")) if _sign_in_is_set_up() else getpass.getuser()


def grant_for(email: str, access_list: dict[str, Any]) -> Grant:
    """The grant of one e-mail address in a table as read from access.toml. Raises DuewatchError on a wrong entry."""
    entry = {name.lower(): value for name, value in access_list.items()}.get(email.lower()) if email else None
    if entry is None:
        return Grant(NO_SCOPE, "access.not_listed")
    unknown_keys = set(entry) - _KEYS
    if unknown_keys:
        raise DuewatchError(
            f"'{sorted(unknown_keys)[0]}' is not known",
            where=f"access.toml, {email}",
            next_step="use branches, products, private or load",
        )
    branches, products = _values(entry, "branches", email), _values(entry, "products", email)
    is_whole = branches is None and products is None
    return Grant(
        Scope(branches, products, None, may_see_rejects=is_whole, may_see_private=entry.get("private") is True),
        may_load=entry.get("load") is True,
    )


def _values(entry: dict[str, Any], name: str, email: str) -> Values:
    """All where the entry is silent; a text in place of a list is refused, since it would be read letter by letter."""
    names = entry.get(name)
    if names is None:
        return None
    if not isinstance(names, list) or not all(isinstance(value, str) for value in names):
        raise DuewatchError(
            f"{name} is not a list of names", where=f"access.toml, {email}", next_step=f'write {name} = ["..."]'
        )
    return tuple(sorted(names))


def _sign_in_is_set_up() -> bool:
    return bool(st.secrets.load_if_toml_exists()) and "auth" in st.secrets


def _access_list() -> dict[str, Any]:
    path = Path(os.environ.get("DUEWATCH_ACCESS") or PROJECT_ROOT / "access.toml")
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise DuewatchError(f"this is not valid TOML: {error}", where=str(path), next_step="mend that line") from None
