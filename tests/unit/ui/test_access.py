from __future__ import annotations

import pytest

from duewatch.contract.errors import DuewatchError
from duewatch.ui.shell.access import grant_for


def test_someone_who_is_not_listed_sees_no_rows() -> None:
    assert grant_for("a@example.com", {}).scope.is_empty
    assert grant_for("", {"": {}}).scope.is_empty


def test_an_address_is_found_in_either_case() -> None:
    assert not grant_for("Lin@Example.com", {"lin@example.com": {}}).scope.is_empty


def test_a_limited_grant_hides_other_branches_rejects_and_private_data() -> None:
    scope = grant_for("lin@example.com", {"lin@example.com": {"branches": ["Chengdu"]}}).scope
    assert (scope.branches, scope.products) == (("Chengdu",), None)
    assert not scope.may_see_rejects
    assert not scope.may_see_private


def test_an_empty_list_of_branches_grants_nothing() -> None:
    assert grant_for("lin@example.com", {"lin@example.com": {"branches": []}}).scope.is_empty


@pytest.mark.parametrize("entry", [{"branches": "Chengdu"}, {"branch": ["Chengdu"]}, {"products": [1]}])
def test_a_wrong_entry_is_refused_and_never_widened(entry: dict[str, object]) -> None:
    with pytest.raises(DuewatchError, match=r"access\.toml"):
        grant_for("lin@example.com", {"lin@example.com": entry})
