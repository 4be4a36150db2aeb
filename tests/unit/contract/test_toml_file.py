"""A TOML file is read within bounds; what is wrong with it is one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from duewatch.contract.errors import SourceError
from duewatch.contract.toml_file import MAX_BYTES, text_of


def test_a_file_of_a_megabyte_is_read_and_one_byte_more_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text("#" * MAX_BYTES)
    assert text_of(path, error=SourceError, shown="mapping.toml") == "#" * 1_000_000
    path.write_text("#" * (MAX_BYTES + 1))
    with pytest.raises(SourceError) as told:
        text_of(path, error=SourceError, shown="mapping.toml")
    assert str(told.value) == "mapping.toml: this is larger than 1 MB; give a TOML file."
