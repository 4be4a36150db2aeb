"""The command line in this process: what the program writes and the code it ends with, without a start of Python."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from unittest.mock import patch

import pytest

from duewatch.cli import main

PROGRAM = "duewatch"


def called(*args: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    """What `python -m duewatch ARGS` writes and returns, by way of the same `main`; `env` is added to the environment.
    Whether a process passes on what `main` writes and its code is tested once, in tests/unit/cli."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    with (
        patch.object(sys, "argv", [PROGRAM, *args]),
        patch.dict(os.environ, env or {}),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        code = _code_of_main()
    return subprocess.CompletedProcess([PROGRAM, *args], code, _written(out), _written(err))


def _code_of_main() -> int:
    with pytest.raises(SystemExit) as end:
        main()
    code = end.value.code
    assert isinstance(code, int)
    return code


def _written(stream: io.TextIOWrapper) -> bytes:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue()
