"""The laws of the rooms: what each may hold, open or import."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from duewatch.contract.data_dictionary import data_dictionary
from duewatch.metrics.registry import METRICS

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "pages").glob("*.py"))
PACKAGE = sorted((ROOT / "duewatch").rglob("*.py"))
TOP_LEVEL = {"app.py", "pages", "queries", "locales", "data", "duewatch", "tests", "bench", "docs", "examples"}
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).exists()]


def imports(path: Path) -> set[str]:
    """Top-level names of everything a file imports, inside functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def modules(path: Path) -> set[str]:
    """Full names of all that a file imports: `from a.b import c` gives a.b and a.b.c."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def other_pages(path: Path, own: str, pages: set[str]) -> set[str]:
    """The pages, but for its own, whose folder a file imports from."""
    folders = {name.split(".")[2] for name in modules(path) if name.startswith("duewatch.ui.")}
    return folders & pages - {own}


def room(path: Path) -> str:
    """The folder of the package that a module stands in."""
    return path.relative_to(ROOT).parts[1]


def test_there_are_pages_to_judge() -> None:
    assert {path.stem for path in PAGES} >= {"overview", "aging", "data_health", "definitions"}


GUARDS = ("open_page", "open_page_to_load")
"""The second is for the page that makes books and so needs none; it guards alike."""


def why_it_does_not_open(page: Path) -> str | None:
    """None where the first statement that does anything is `... = open_page("<the page's own name>")`."""
    for node in ast.parse(page.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef):
            continue
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if not isinstance(node, ast.Assign | ast.AnnAssign):
            return f"{page.name} does something before open_page()"
        value = node.value
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in GUARDS:
            opens = ast.literal_eval(value.args[0])
            return None if opens == page.stem else f"{page.name} opens {opens}"
        if not isinstance(value, ast.Constant | ast.Tuple | ast.Dict | ast.List):
            return f"{page.name} calls before open_page()"
    return f"{page.name} never calls open_page()"


def test_every_page_opens_with_open_page() -> None:
    assert [why for page in PAGES if (why := why_it_does_not_open(page))] == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("import x\nctx = open_page('a_page')\n", None),
        ("print()\nctx = open_page('a_page')\n", "before open_page"),
        ("found = ask()\nctx = open_page('a_page')\n", "calls before"),
        ("ctx = open_page('other')\n", "opens other"),
        ("N = 3\n", "never calls"),
    ],
)
def test_a_page_that_opens_otherwise_is_told(tmp_path: Path, text: str, why: str | None) -> None:
    page = tmp_path / "a_page.py"
    page.write_text(text, encoding="utf-8")
    found = why_it_does_not_open(page)
    assert found is None if why is None else why in str(found)


def test_a_page_imports_no_engine_and_no_other_page() -> None:
    barred = {"duckdb", "polars", "sqlglot", "pages", "app"}
    assert {page.name: found for page in PAGES if (found := imports(page) & barred)} == {}


def test_the_frame_is_under_60_lines_and_touches_no_data() -> None:
    frame = ROOT / "app.py"
    assert len(frame.read_text(encoding="utf-8").splitlines()) < 60
    assert not imports(frame) & {"duckdb", "polars", "plotly"}


def test_only_the_ui_imports_streamlit() -> None:
    assert [path for path in PACKAGE if room(path) != "ui" and "streamlit" in imports(path)] == []


def test_only_the_engines_and_what_builds_books_import_duckdb() -> None:
    rooms = ("engines", "ingest", "sources")
    assert [path for path in PACKAGE if room(path) not in rooms and "duckdb" in imports(path)] == []


def test_the_folder_of_a_page_imports_no_other_pages_folder() -> None:
    pages = {path.stem for path in PAGES}
    ui = [(path, path.relative_to(ROOT).parts[2]) for path in PACKAGE if room(path) == "ui"]
    scripts = [(path, path.stem) for path in PAGES]
    bent = {str(path.relative_to(ROOT)): other_pages(path, own, pages) for path, own in [*ui, *scripts]}
    assert {name: others for name, others in bent.items() if others} == {}
    assert {own for _, own in ui} >= pages - {"definitions"}, "a page's folder bears the page's name"


@pytest.mark.parametrize(
    "line",
    ["from duewatch.ui import aging", "from duewatch.ui.aging import summary", "import duewatch.ui.aging.summary"],
)
def test_an_import_of_another_page_is_seen_however_it_is_written(tmp_path: Path, line: str) -> None:
    file = tmp_path / "x.py"
    file.write_text(line, encoding="utf-8")
    assert other_pages(file, "recovery", {"aging", "recovery"}) == {"aging"}
    assert other_pages(file, "aging", {"aging", "recovery"}) == set()


def test_a_metric_that_names_a_page_is_drawn_there() -> None:
    """A page draws the metrics that name it where its script calls declared_metrics."""
    drawing = {path.stem for path in PAGES if "declared_metrics(" in path.read_text(encoding="utf-8")}
    naming = {metric.id: metric for metric in METRICS.values() if metric.page or metric.by}
    assert {name: metric.page for name, metric in naming.items() if metric.page not in drawing} == {}
    assert {name: metric.by for name, metric in naming.items() if metric.by not in metric.units.dims} == {}
    assert naming


def test_queries_hold_only_sql_columns_and_metrics_and_locales_only_words() -> None:
    others = {path.name for path in (ROOT / "queries").rglob("*") if path.is_file() and path.suffix != ".sql"}
    assert others == {"columns.toml", "metrics.toml"}
    assert {path.name for path in (ROOT / "locales").iterdir()} == {"en.toml", "zh.toml"}


def flat(tree: dict[str, object], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in tree.items():
        found |= flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": str(value)}
    return found


def locale(language: str) -> dict[str, str]:
    return flat(tomllib.loads((ROOT / "locales" / f"{language}.toml").read_text(encoding="utf-8")))


def test_locales_have_the_same_keys_and_placeholders() -> None:
    english, chinese = locale("en"), locale("zh")
    assert english.keys() == chinese.keys()
    assert len(english) > 50
    for key in english:
        assert set(re.findall(r"{(\w+)", english[key])) == set(re.findall(r"{(\w+)", chinese[key])), key
        assert english[key].strip(), f"{key} is empty in English"
        assert chinese[key].strip(), f"{key} is empty in Chinese"


def test_the_data_dictionary_is_what_the_schema_says() -> None:
    written = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert written == data_dictionary(), "stale: run 'make docs'"


def test_the_app_and_the_command_line_import_without_spark() -> None:
    """Blocks pyspark and sqlglot, then imports every module of the package in a fresh process."""
    modules = [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in PACKAGE]
    wanted = [module for module in modules if not module.endswith("__main__")]
    code = (
        "import sys, importlib\n"
        "for name in ('pyspark', 'sqlglot', 'pandas', 'pytest'): sys.modules[name] = None\n"
        f"for name in {wanted!r}: importlib.import_module(name)\n"
        "print('imported', len(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.startswith("imported")


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert not {path.stem for path in PACKAGE + PAGES} & VAGUE


def test_no_room_is_empty() -> None:
    folders = {path.parent for path in tracked()}
    for folder in (path for path in ROOT.iterdir() if path.is_dir() and path.name in TOP_LEVEL):
        assert any(folder == found or folder in found.parents for found in folders), f"{folder.name} is empty"


def test_requirements_have_hashes_and_no_addresses() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-duckdb2.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|file:|index-url", text), name


def test_every_pin_has_its_reason_beside_it() -> None:
    for name in ("requirements.in", "requirements-dev.in", "requirements-duckdb2.in"):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith(("#", "-r", " ")):
                assert re.match(r"[\w\[\]-]+==\S+\s+# \w+", line), f"{name}: {line}"
