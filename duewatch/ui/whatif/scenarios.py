"""The scenarios of the What-if page: read from the address, run beside today, worded as a headline and a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

import polars as pl
import streamlit as st

from duewatch.books.published import Book
from duewatch.compliance.packs import RULES, as_touched, load_packs
from duewatch.compliance.scorecard import FILE as CARD
from duewatch.contract.errors import DuewatchError, ScenarioError
from duewatch.contract.i18n import Words
from duewatch.contract.localised_errors import localised_sentence
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import load_settings
from duewatch.engines import Scalar
from duewatch.reads import whatif as reads
from duewatch.ui.parts.code_labels import code_text
from duewatch.ui.parts.numbers import DASH, Numbers
from duewatch.ui.parts.tiles import Tile
from duewatch.ui.shell.book_service import ask_of, cached_frame
from duewatch.ui.shell.frame import PageContext
from duewatch.whatif import comparison as compare
from duewatch.whatif import recounts
from duewatch.whatif import scenario_run as run
from duewatch.whatif.levers import CHOICES
from duewatch.whatif.query_session import QuerySession, ScenarioInputs
from duewatch.whatif.result import Line, Report
from duewatch.whatif.scenario import Scenario, from_address

IN_ADDRESS, MOST, LETTERS = "s", compare.MOST, compare.LETTERS
FIRST = Scenario(levers=(("cap_days", 7), ("cap_max", 2)))
"""What the page opens with where the address names no scenario."""
TILES = {
    "contacts_stopped": "recount_stopped",
    "breaches_counted": "recount_over",
    "early_calls": "early_calls",
    "contacts_held": "contacts_held",
    "hours_freed": "hours_freed",
    "share_kept": "kept_ratio",
}
"""Measure of a line to the metric that a tile shows."""
ROWS = ("contacts_stopped", "breaches_counted", "early_calls", "contacts_held")
"""Measures whose contacts can be listed."""


@dataclass(frozen=True)
class ScenarioAnswer:
    """A scenario and what came of it."""

    letter: str
    scenario: Scenario
    report: Report | None
    """None where it was refused."""
    refusal: str = ""
    """Why it was refused, in words."""

    def line(self, measure: str) -> Line | None:
        lines = self.report.lines if self.report else ()
        return next((line for line in lines if line.measure == measure), None)


def in_address(words: Words) -> list[Scenario]:
    """Up to four scenarios; one that makes no sense gives a warning and is left out."""
    scenarios = []
    for text in st.query_params.get_all(IN_ADDRESS)[:MOST]:
        try:
            scenarios.append(from_address(text))
        except ScenarioError as error:
            st.warning(words("whatif.bad_link", reason=localised_sentence(words, error)), icon=":material/link_off:")
    return scenarios or [FIRST]


def to_address(scenarios: list[Scenario]) -> None:
    st.query_params[IN_ADDRESS] = [scenario.as_address() for scenario in scenarios[:MOST]]


def pick_view(words: Words, views: dict[str, str]) -> str:
    """The part of the page that is shown, by its own name in the address, which does not change with the language."""
    in_address = st.query_params.get("view", "")
    view = st.segmented_control(
        words("whatif.view.title"),
        list(views),
        default=in_address if in_address in views else next(iter(views)),
        format_func=lambda name: words(views[name]),
        required=True,
        key="view_shown",
    )
    st.query_params["view"] = view
    return view


def name_of(words: Words, letter: str, scenario: Scenario) -> str:
    return f"{letter} · {scenario.title or levers_text(words, scenario)}"


def levers_text(words: Words, scenario: Scenario) -> str:
    """The levers set, in words: "at most 2 contacts in 7 dates, M1 contacts allowed 1"."""
    if not scenario.levers:
        return words("whatif.nothing_moved")
    levers = dict(scenario.levers)
    parts = []
    if {"cap_max", "cap_days"} <= set(levers):
        parts = [cap_words(words, levers.pop("cap_max"), levers.pop("cap_days"))]
    parts += [f"{lever_name(words, name)} {lever_value(words, name, value)}" for name, value in levers.items()]
    return words("whatif.and").join(parts)


def cap_words(words: Words, n: object, days: object) -> str:
    return words("whatif.cap_date" if days == 1 else "whatif.cap", n=n, days=days)


def lever_name(words: Words, name: str) -> str:
    bucket, _, lever = name.rpartition(".")
    name_text = words(f"lever.{lever}")
    return f"{bucket} {name_text}" if bucket else name_text


def lever_value(words: Words, name: str, value: object) -> str:
    if name in CHOICES:
        return words(f"whatif.{name}.{value}")
    return f"{value:g}" if isinstance(value, float) else str(value)


def query_session_of(ctx: PageContext) -> QuerySession:
    """The whole book is only counted over; what is shown is cut to the scope (caps, run.marked_sides)."""
    return QuerySession(ctx.ask, ask_of(ctx.book, WHOLE_BOOK), ctx.scope)


def answer_of(ctx: PageContext, letter: str, scenario: Scenario) -> ScenarioAnswer:
    try:
        key = ctx.scope_key(scenario.as_address(), repr((load_settings(), as_touched(RULES / CARD))))
        report = _report(key, _book=ctx.book, _scenario=scenario, _session=query_session_of(ctx))
    except DuewatchError as error:
        return ScenarioAnswer(letter, scenario, None, localised_sentence(ctx.words, error))
    return ScenarioAnswer(letter, scenario, report)


@st.cache_data(max_entries=64, show_spinner=False)
def _report(key: str, *, _book: Book, _scenario: Scenario, _session: QuerySession) -> Report:
    del key
    return run.report(_book, load_packs(), _scenario, _session, load_settings())


def headline(ctx: PageContext, answer: ScenarioAnswer) -> str:
    """What the scenario changes, the largest changes of what is counted first."""
    words = ctx.words
    title = answer.scenario.title or levers_text(ctx.words, answer.scenario)
    changed = [line for line in answer.report.lines if line.difference] if answer.report else []
    if not changed:
        return words("headline.whatif_none", title=title)
    parts = [
        words(
            "whatif.change",
            measure=_within(measure_name(ctx.words, line.measure)),
            today=value_text(ctx.numbers, line, line.today),
            scenario=value_text(ctx.numbers, line, line.scenario),
        )
        for line in changed[:3]
    ]
    return words("headline.whatif", title=title, changes=words("whatif.and").join(parts))


def _within(name: str) -> str:
    """A name inside a sentence: its first letter small, unless it is a code (M1) or an abbreviation."""
    return name[0].lower() + name[1:] if name[1:2].islower() or name[1:2] == " " else name


def measure_name(words: Words, measure: str) -> str:
    if measure.startswith("break_even_"):
        return words("measure.break_even", bucket=measure.removeprefix("break_even_"))
    if measure.startswith(("bucket_accounts_", "bucket_balance_")):
        kind, _, bucket = measure.rpartition("_")
        return words(f"measure.{kind}", bucket=bucket)
    if measure.startswith(("grade_accounts_", "grade_balance_")):
        kind, _, grade = measure.rpartition("_")
        return words(f"measure.{kind}", grade=words(f"risk_grade.{grade}"))
    if measure.startswith("arm_paid_"):
        arm = measure.removeprefix("arm_paid_")
        return words("measure.arm_paid", arm=code_text(words, arm, "arm"))
    return code_text(words, measure, "measure")


def value_text(numbers: Numbers, line: Line, value: float | None, *, signed: bool = False) -> str:
    """A value of a line in its unit."""
    if value is None:
        return DASH
    if line.unit == "share":
        return numbers.points(value) if signed else numbers.percent(value)
    if line.unit == "money":
        return numbers.money(round(value, 2), signed=signed)
    if line.unit == "hours":
        return numbers.short(round(value, 2), signed=signed)
    text = numbers.count(abs(round(value)))
    sign = "" if not round(value) else "−" if value < 0 else "+" if signed else ""
    return f"{sign}{text}"


def tiles(ctx: PageContext, answer: ScenarioAnswer) -> list[Tile]:
    """Four measures: those that moved first."""
    lines = [line for measure in TILES if (line := answer.line(measure))]
    lines.sort(key=lambda line: not line.difference)
    return [_tile(ctx, line) for line in lines[:4]]


def _tile(ctx: PageContext, line: Line) -> Tile:
    change = line.difference
    note = (
        why(ctx.words, line)
        if line.rung == "refused"
        else ctx.words("whatif.today", value=value_text(ctx.numbers, line, line.today))
    )
    if line.low is not None and line.high is not None and line.unit == "share":
        note = f"{ctx.words('whatif.limits_95', limits=ctx.numbers.interval(line.low, line.high))} · {note}"
    n = f" · n = {n_text(ctx, line)}" if line.n is not None else ""
    return Tile(
        TILES[line.measure],
        value_text(ctx.numbers, line, line.scenario),
        change=value_text(ctx.numbers, line, change, signed=True) if change else "",
        rises=change > 0 if change else None,
        note=note + n,
        against=ctx.words("whatif.than_today"),
    )


def why(words: Words, line: Line) -> str:
    return words(f"whatif.why.{line.code}") if line.code else line.reason


def refusals(words: Words, lines: Sequence[Line]) -> list[str]:
    """Each reason once, with the measures that it refuses."""
    return _reasons(words, [line for line in lines if line.rung == "refused"])


def warnings(words: Words, lines: Sequence[Line]) -> list[str]:
    """Each warning once, with the measures that are shown in spite of it."""
    return _reasons(words, [line for line in lines if line.rung != "refused" and line.reason])


def _reasons(words: Words, lines: Sequence[Line]) -> list[str]:
    by_reason: dict[str, list[str]] = {}
    for line in lines:
        by_reason.setdefault(why(words, line), []).append(measure_name(words, line.measure))
    joint = words("whatif.and")
    return [words("whatif.refused_line", measures=joint.join(m), why=reason) for reason, m in by_reason.items()]


def table(ctx: PageContext, answer: ScenarioAnswer) -> pl.DataFrame:
    """Every measure that is answered: today, scenario, difference, interval, rung and n, as text."""
    rows = [
        {
            "measure": measure_name(ctx.words, line.measure),
            "today": value_text(ctx.numbers, line, line.today),
            "scenario": value_text(ctx.numbers, line, line.scenario),
            "difference": value_text(ctx.numbers, line, line.difference, signed=True),
            "interval": _interval(ctx, line),
            "rung": ctx.words(f"rung.{line.rung}"),
            "n": n_text(ctx, line),
        }
        for line in (answer.report.lines if answer.report else ())
        if line.rung != "refused"
    ]
    return pl.DataFrame(rows)


def n_text(ctx: PageContext, line: Line) -> str:
    """What the line rests on, and what was counted."""
    if line.n is None:
        return DASH
    n = ctx.numbers.count(line.n)
    return ctx.words("whatif.n_cell", n=n, of=ctx.words(f"whatif.n_of.{line.n_of}")) if line.n_of else n


def fit_text(ctx: PageContext, lines: Sequence[Line]) -> str:
    """What the model learned from, in a sentence; empty where no line is the model's."""
    fit = next((line.fit for line in lines if line.fit is not None), None)
    if fit is None:
        return ""
    counts = {name: ctx.numbers.count(value) for name, value in asdict(fit).items()}
    return ctx.words("whatif.rests_on_fit", **counts)


def counting_text(ctx: PageContext, lines: Sequence[Line]) -> str:
    """How the model counts breaches beside how the rule counts them: a paragraph for today's limit and one for the
    scenario's; empty where the model has none."""
    words, number = ctx.words, ctx.numbers.count
    counting = next((line.counting for line in lines if line.counting is not None), None)
    if counting is None:
        return ""
    sentence = words(
        "whatif.counted_by_account",
        rule=counting.rule_id,
        scope=words("whatif.by_and").join(words(f"whatif.counts_by.{unit}") for unit in counting.scope),
        cap=cap_words(ctx.words, counting.max_count, counting.days),
        by_rule=number(counting.n_by_rule),
        by_account=number(counting.n_by_account),
    )
    scenario_counting = counting.scenario
    if scenario_counting is None:
        return sentence
    scenario_sentence = words(
        "whatif.counted_by_account_then",
        cap=cap_words(ctx.words, scenario_counting.max_count, scenario_counting.days),
        by_rule=number(scenario_counting.n_by_rule),
        by_account=number(scenario_counting.n_by_account),
    )
    return f"{sentence}\n\n{scenario_sentence}"


def _interval(ctx: PageContext, line: Line) -> str:
    if line.low is None or line.high is None:
        return ctx.words("whatif.exact") if line.rung == "L0" else DASH
    return f"{value_text(ctx.numbers, line, line.low)}–{value_text(ctx.numbers, line, line.high)}"


def side_by_side(ctx: PageContext, scenario_answers: list[ScenarioAnswer]) -> pl.DataFrame:
    """One row a measure, one column a scenario, today first. Scenarios with other days or other prices have no common
    today: each cell then has its own."""
    words, rows = ctx.words, []
    lines_by_letter = [(answer.letter, answer.report.lines) for answer in scenario_answers if answer.report]
    for row in compare.side_by_side(lines_by_letter):
        today = value_text(ctx.numbers, row.first, row.today) if row.is_one_today else words("whatif.own_today")
        cells = {answer.letter: _cell_text(ctx, row, answer.letter) for answer in scenario_answers}
        rung = words(f"rung.{row.first.rung}")
        rows.append({"measure": measure_name(ctx.words, row.measure), "today": today, **cells, "rung": rung})
    return pl.DataFrame(rows)


def _cell_text(ctx: PageContext, row: compare.Row, letter: str) -> str:
    line = row.lines.get(letter)
    if line is None:
        return DASH
    if line.rung == "refused":
        return ctx.words("rung.refused")
    value = value_text(ctx.numbers, line, line.scenario)
    if row.is_one_today:
        return value
    return f"{value} ({ctx.words('whatif.today', value=value_text(ctx.numbers, line, line.today))})"


def behind(ctx: PageContext, answer: ScenarioAnswer, measure: str) -> pl.DataFrame:
    """The contacts behind a measure of the scenario, of the scope's currency."""
    assert answer.report is not None
    params: dict[str, Scalar] = {
        "scenario": answer.scenario.as_address(),
        "measure": measure,
        "days": str(period_of(answer)),
        "packs": str(answer.report.stamp.packs),
        "settings": repr(load_settings()),
    }
    return cached_frame(ctx.book, ctx.scope, "whatif/behind", params, lambda: _behind(ctx, answer, measure))


def _behind(ctx: PageContext, answer: ScenarioAnswer, measure: str) -> pl.DataFrame:
    period = period_of(answer)
    setting = ScenarioInputs(load_packs(), load_settings(), query_session_of(ctx), period)
    if measure in ("contacts_stopped", "breaches_counted"):
        mark = "is_stopped" if measure == "contacts_stopped" else "is_over"
        marked = run.marked_by(setting, answer.scenario).filter(pl.col(mark))
        return marked.select("contact_id", "account_id", "local_date", "bucket", "team", "collector_id", "channel")
    if measure == "early_calls":
        spells = reads.spell_waits(ctx.ask, as_of=period[1])
        early = recounts.early_calls(spells, int(answer.scenario.value("wait_hours") or 0), period)
        return early.select("contact_id", "account_id", "reminded_on", "called_on", "minutes_waited", "team")
    return recounts.held_contacts(ctx.ask, answer.scenario, period).drop("currency")


def period_of(answer: ScenarioAnswer) -> tuple[date, date]:
    assert answer.report is not None
    return answer.report.stamp.first_day, answer.report.stamp.last_day
