"""Every sentence that a scenario can raise is told in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from duewatch.books.published import current_book
from duewatch.compliance.packs import load_packs
from duewatch.contract.errors import DuewatchError
from duewatch.contract.i18n import all_keys, words_in
from duewatch.contract.localised_errors import LocalisedText, Refusal, localised_sentence
from duewatch.contract.settings import PROJECT_ROOT, Settings
from duewatch.whatif import cap_grid as grid
from duewatch.whatif import caps
from duewatch.whatif.levers import CHOICES, LEVERS
from duewatch.whatif.query_session import period_of
from duewatch.whatif.report import values as report
from duewatch.whatif.scenario import from_address, from_toml, read_scenario, scenario_of
from duewatch.whatif.scenario_run import run

EN, ZH = words_in("en"), words_in("zh")
DAY = date(2026, 10, 1)


def levers(**given: object) -> Callable[[], object]:
    return lambda: scenario_of({"levers": given}, LocalisedText("refused.link"))


def given(**keys: object) -> Callable[[], object]:
    return lambda: scenario_of(keys, ZH("whatif.form"))


def capped(rule: str, **more: object) -> Callable[[], object]:
    return lambda: caps.cap_of(load_packs(), scenario_of({"levers": {"cap_rule": rule, **more}}, ""), Settings())


def gridded(rule: str) -> Callable[[], object]:
    made = scenario_of({"levers": {"cap_rule": rule}}, "")
    return lambda: grid.today_on(load_packs(), made, Settings())


def of_days(first: date | None, last: date | None, **keys: object) -> Callable[[], object]:
    """A book whose log goes from one local day to another."""
    known = pl.DataFrame({"first_day": [first], "last_day": [last]})
    return lambda: period_of(lambda name, params: known, scenario_of(keys, ""))


OF_A_MONTH = "au.rg_96.monthly"
RAISED: dict[str, list[Callable[[], object]]] = {
    "no_file": [lambda: read_scenario(Path("no such file.toml"))],
    "no_toml": [
        lambda: from_toml("a =", "方案.toml"),
        lambda: from_toml("levers = [", "方案.toml"),
        lambda: from_toml(b"\xff", LocalisedText("refused.saved", {"n": 3})),
    ],
    "no_key": [given(lever={})],
    "from_after_to": [given(**{"from": date(2026, 2, 1), "to": date(2026, 1, 1)})],
    "bad_seed": [given(seed=-1)],
    "no_table": [given(levers=3)],
    "no_hour_open": [levers(hours_from=20, hours_to=8)],
    "no_lever": [levers(calls=5)],
    "no_lever_by_bucket": [levers(M1={"wait_hours": 5})],
    "key_below_levers": [levers(seed=5)],
    "bad_value": [
        *(levers(**{each.id: -1}) for each in LEVERS.values() if each.id not in CHOICES),
        levers(bucket_bounds="60,30"),
        levers(M1={"cap_max": 11}),
    ],
    "bad_choice": [levers(**{name: "worst"}) for name in CHOICES],
    "no_plain_text": [given(title="a\nb"), given(author=3)],
    "bad_day": [given(**{"from": "soon"}), lambda: from_address("to=soon")],
    "no_number": [
        lambda: from_address("cap_max=two"),
        lambda: from_address("calls=two"),
        lambda: from_address("seed=two"),
    ],
    "no_counting_rule": [capped("none.such")],
    "how_many": [lambda: report.answers(None, {}, [], None, settings=Settings())],  # type: ignore[arg-type]
    "bucket_by_dates": [capped(OF_A_MONTH, M1={"cap_days": 3})],
    "not_on_grid": [gridded(OF_A_MONTH)],
    "no_local_day": [of_days(None, None)],
    "no_contact_then": [of_days(DAY, DAY, **{"from": "2001-01-01", "to": "2001-02-01"})],
}
"""By key of the locales: what raises it. `no_bucket` needs a book; `too_slow` is with the engine."""
SAID_AS_IT_IS = re.compile(
    r"\b(TOML|UTF-8|levers|No such file or directory|none|nan|such|soon|worst|two|calls|lever|seed|title|author|from|to"
    r"|query_seconds|[a-z]{2,5}(\.[a-z0-9_]+)+|toml)\b|"
    + "|".join(rf"\b{word}\b" for word in (*LEVERS, *(each for some in CHOICES.values() for each in some))),
    re.ASCII,
)
"""Names that a file, a link or a rule pack is written in, and what was given."""


def in_both(raiser: Callable[[], object], key: str) -> tuple[str, str]:
    with pytest.raises(DuewatchError) as caught:
        raiser()
    assert isinstance(caught.value.refusal, Refusal)
    assert caught.value.refusal.key == key
    english, chinese = (localised_sentence(words, caught.value) for words in (EN, ZH))
    assert english == caught.value.sentence == str(caught.value)
    return english, chinese


def assert_chinese(sentence: str) -> None:
    left = SAID_AS_IT_IS.sub("", sentence)
    assert re.search("[\u4e00-\u9fff]", sentence), sentence
    assert sentence.endswith("。"), sentence
    assert not re.search(r"[A-Za-z]{3}", left), sentence


@pytest.mark.parametrize("key", RAISED)
def test_a_sentence_is_told_in_english_and_in_chinese(key: str) -> None:
    for raiser in RAISED[key]:
        english, chinese = in_both(raiser, key)
        assert not re.search("[\u4e00-\u9fff]", english.replace(ZH("whatif.form"), "").replace("方案.toml", ""))
        assert_chinese(chinese)


def test_what_needs_a_book_is_told_in_both(demo_book: Path) -> None:
    book = current_book(demo_book)
    scenario = scenario_of({"levers": {"M12": {"cap_max": 1}}}, "")
    _, chinese = in_both(lambda: run(book, load_packs(), scenario), "no_bucket")
    assert chinese.startswith("M12.cap_max：账册中没有账龄段 M12；可用的有：M0、M1")


def test_every_refusal_of_the_locales_is_raised_here() -> None:
    keys = {key.split(".")[1] for key in all_keys("zh") if re.fullmatch(r"refused\.\w+\.what", key)}
    assert keys == {*RAISED, "no_bucket", "too_slow"}


def test_every_lever_has_a_unit_or_a_wish_in_both_languages() -> None:
    for lever in LEVERS.values():
        for words in (EN, ZH):
            key = f"refused.wanted.{lever.id}" if lever.kind == "text" else f"refused.unit.{lever.id}"
            assert words(key)


def test_no_scenario_is_refused_with_words_outside_the_locales() -> None:
    """What the command line alone says (which files were named) stands in `commands`."""
    calls = [
        (path.name, node.lineno)
        for path in [
            *(PROJECT_ROOT / "duewatch" / "whatif").glob("*.py"),
            *(PROJECT_ROOT / "duewatch" / "ui").rglob("*.py"),
        ]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ScenarioError"
    ]
    assert not calls


def test_no_page_tells_an_error_in_english_alone() -> None:
    paths = [*(PROJECT_ROOT / "duewatch" / "ui").rglob("*.py"), *(PROJECT_ROOT / "pages").glob("*.py")]
    assert len(paths) > 80
    assert not [path.name for path in paths if "error.sentence" in path.read_text(encoding="utf-8")]


def test_an_error_without_words_of_its_own_is_told_as_it_is() -> None:
    assert (
        localised_sentence(ZH, DuewatchError("the desk is closed", next_step="open it"))
        == "the desk is closed; open it."
    )
