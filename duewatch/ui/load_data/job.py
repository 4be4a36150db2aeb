"""A load in a process of its own, the command line's own `ingest`, so that it can be watched and stopped."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from duewatch.contract.settings import PROJECT_ROOT

STOP_SECONDS = 10.0


@dataclass
class LoadJob:
    """`log`: a file with what the process says, a line a step."""

    process: subprocess.Popen[bytes]
    log: Path
    result: Path

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    @property
    def succeeded(self) -> bool:
        return self.process.poll() == 0

    def last_step(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines() if self.log.exists() else []
        return lines[-1] if lines else ""

    def report(self) -> str:
        """What the command printed."""
        return self.result.read_text(encoding="utf-8", errors="replace") if self.result.exists() else ""

    def stop(self) -> None:
        """The book in service stays: a new one is published in one step at the end."""
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start_load(folder: Path, mapping: Path, books: Path, *, language: str, place: Path) -> LoadJob:
    log, result = place / "steps.log", place / "result.txt"
    command = [
        sys.executable,
        "-m",
        "duewatch",
        "ingest",
        str(folder),
        "--mapping",
        str(mapping),
        "--books",
        str(books),
    ]
    environment = os.environ | {"DUEWATCH_LANG": language, "DUEWATCH_PROGRESS": "always", "PYTHONIOENCODING": "utf-8"}
    with log.open("wb") as steps, result.open("wb") as printed:
        process = subprocess.Popen(
            command, cwd=PROJECT_ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=printed, stderr=steps
        )
    return LoadJob(process, log, result)
