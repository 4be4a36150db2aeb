"""A desk on SQLite, and the same on a PostgreSQL that the test starts for itself where Debian's is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from duewatch.desk import Desk

SERVERS = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a throw-away cluster on a socket of its own. The server refuses to run as root, so root hands it to
    the user `postgres`."""
    if not SERVERS:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    tools = SERVERS[-1].parent
    home = Path(tempfile.mkdtemp(prefix="desk-"))
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(home, "postgres")
    data = home / "data"

    def run(*command: str) -> None:
        subprocess.run([*as_user, *command], check=True, capture_output=True, cwd=home)

    run(str(tools / "initdb"), "-D", str(data), "-A", "trust", "-U", "desk")
    options = f"-c listen_addresses='' -c unix_socket_directories='{home}'"
    run(str(tools / "pg_ctl"), "-D", str(data), "-w", "-l", str(home / "log"), "-o", options, "start")
    try:
        yield f"postgresql+psycopg://desk@/postgres?host={home}"
    finally:
        run(str(tools / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty desk."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'desk.sqlite'}"
    address: str = request.getfixturevalue("postgres")
    import psycopg

    name = f"desk_{os.getpid()}_{abs(hash(tmp_path)) % 10**9}"
    with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as con:
        con.execute(f"create database {name}".encode())
    return address.replace("/postgres?", f"/{name}?")


@pytest.fixture
def open_desk(url: str) -> Iterator[Callable[[], Desk]]:
    """Opens the desk, each time as another program would."""
    opened: list[Desk] = []

    def one() -> Desk:
        opened.append(Desk(url))
        return opened[-1]

    yield one
    for desk in opened:
        desk.close()
