"""The form of levers: unit, bounds, today's value and where it comes from; and the scenario as a file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from duewatch.compliance.packs import load_packs
from duewatch.compliance.rule_kinds import CountCap
from duewatch.compliance.rule_verdicts import rules_in_use
from duewatch.contract.errors import DuewatchError, ScenarioError
from duewatch.contract.i18n import Words
from duewatch.contract.localised_errors import localised_sentence
from duewatch.contract.settings import load_settings
from duewatch.reads import portfolio
from duewatch.ui.shell.frame import PageContext
from duewatch.ui.whatif import scenarios as whatif
from duewatch.whatif.current_values import values_today
from duewatch.whatif.levers import CHOICES, GROUPS, IN_A_ROW, LEVERS, Lever, Value
from duewatch.whatif.query_session import period_of
from duewatch.whatif.scenario import Scenario, from_toml, scenario_of

BUCKET_LEVERS = ("cap_max", "cure_times", "roll_times")
"""Those of one bucket that the form has fields for."""


PICKER_WIDTH = 480
"""Pixels of the scenario picker; where a phone has fewer it takes them all and the buttons stand below."""


def pick(ctx: PageContext, scenarios: list[Scenario]) -> int:
    """Which scenario is looked at; and one more, or one less."""
    words = ctx.words
    if "_active" in st.session_state:
        st.session_state["active"] = st.session_state.pop("_active")
    if st.session_state.get("active", 0) >= len(scenarios):
        st.session_state["active"] = 0
    names = {no: whatif.name_of(ctx.words, whatif.LETTERS[no], scenario) for no, scenario in enumerate(scenarios)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        no_chosen = st.selectbox(
            words("whatif.scenario"), list(names), format_func=lambda no: names[no], key="active", width=PICKER_WIDTH
        )
        if st.button(words("whatif.add"), disabled=len(scenarios) == whatif.MOST, icon=":material/add:", key="add"):
            _show([*scenarios, scenarios[no_chosen]], len(scenarios))
        if st.button(words("whatif.remove"), disabled=len(scenarios) == 1, icon=":material/close:", key="remove"):
            _show([scenario for no, scenario in enumerate(scenarios) if no != no_chosen], 0)
    return int(no_chosen)


def _show(scenarios: list[Scenario], active: int) -> None:
    whatif.to_address(scenarios)
    st.session_state["_active"] = active
    st.rerun()


def form(ctx: PageContext, scenarios: list[Scenario], active: int) -> None:
    """All levers of one scenario. A field left empty stays as today."""
    words, scenario = ctx.words, scenarios[active]
    stamp = hashlib.sha256(scenario.as_address().encode()).hexdigest()[:8]
    today_values = _values_today(ctx, scenario)
    with st.expander(words("whatif.levers"), expanded=False), st.form(f"levers_{active}_{stamp}", border=False):
        title = st.text_input(words("whatif.title"), scenario.title, max_chars=200, key=f"title_{stamp}")
        days = _days(ctx.words, scenario, stamp)
        values: dict[str, Any] = {}
        for group in GROUPS:
            st.markdown(f"**{words(f'whatif.group.{group}')}**")
            grid = st.grid(4, min_column_width=200, gap="small")
            for lever in (lever_in_group for lever_in_group in LEVERS.values() if lever_in_group.group == group):
                with grid.cell():
                    values[lever.id] = _field(
                        ctx.words, lever, scenario, today_values.get(lever.id), f"{lever.id}_{stamp}"
                    )
        values |= _by_bucket(ctx, scenario, stamp)
        if st.form_submit_button(words("whatif.compare"), type="primary"):
            _submit(ctx.words, scenarios, active, {"title": title, **days}, values)


def _submit(
    words: Words, scenarios: list[Scenario], active: int, header: dict[str, Any], values: dict[str, Any]
) -> None:
    levers = {name: value for name, value in values.items() if value is not None}
    try:
        scenario = scenario_of(
            {**header, "author": scenarios[active].author, "seed": scenarios[active].seed, "levers": levers},
            words("whatif.form"),
        )
    except ScenarioError as error:
        st.error(localised_sentence(words, error))
        return
    _show([scenario if no == active else existing for no, existing in enumerate(scenarios)], active)


def _values_today(ctx: PageContext, scenario: Scenario) -> dict[str, Value | None]:
    try:
        period = period_of(ctx.ask, scenario)
        return values_today(ctx.ask, load_packs(), scenario, load_settings(), period, ctx.currency)
    except DuewatchError:
        return {}


def _days(words: Words, scenario: Scenario, stamp: str) -> dict[str, date]:
    days: dict[str, date] = {}
    with st.container(horizontal=True):
        for name, day in (("from", scenario.first_day), ("to", scenario.last_day)):
            picked_day = st.date_input(words(f"period.{name}"), day, key=f"{name}_{stamp}", format="YYYY-MM-DD")
            if isinstance(picked_day, date):
                days[name] = picked_day
    return days


def _field(words: Words, lever: Lever, scenario: Scenario, today: Value | None, key: str) -> Value | None:
    """The lever's value, None as today."""
    value = dict(scenario.levers).get(lever.id)
    if lever.id in IN_A_ROW:
        text = st.text_input(
            words(f"lever.{lever.id}"),
            str(value or ""),
            max_chars=80,
            key=key,
            help=_help(words, lever, today),
            placeholder=words("whatif.today", value=_today_text(words, lever, today)),
        )
        return text.strip() or None
    if lever.kind == "text":
        options = {choice: words(f"whatif.{lever.id}.{choice}") for choice in CHOICES.get(lever.id, ())} or _rules(
            words
        )
        placeholder = words("whatif.as_today")
        index = list(options).index(str(value)) if value in options else None
        return st.selectbox(
            words(f"lever.{lever.id}"),
            list(options),
            index=index,
            format_func=lambda choice: options[choice],
            placeholder=placeholder,
            key=key,
            help=_help(words, lever, today),
        )
    kind = int if lever.kind == "integer" else float
    return st.number_input(
        words(f"lever.{lever.id}"),
        kind(lever.low),
        kind(lever.high),
        None if value is None else kind(value),
        step=kind(lever.step),
        placeholder=words("whatif.today", value=_today_text(words, lever, today)),
        key=key,
        help=_help(words, lever, today),
    )


def _help(words: Words, lever: Lever, today: Value | None) -> str:
    bounds = "" if lever.kind == "text" else words("whatif.bounds", low=lever.bounds[0], high=lever.bounds[1])
    today_text = words("whatif.today", value=_today_text(words, lever, today))
    source, rung = words(f"whatif.source.{lever.source}"), words(f"rung.{lever.rung}")
    return words("whatif.dot").join(part for part in (bounds, f"{today_text} ({source})", rung) if part)


def _today_text(words: Words, lever: Lever, today: Value | None) -> str:
    if today is None:
        return words("whatif.not_known")
    if lever.id in CHOICES:
        return words(f"whatif.{lever.id}.{today}")
    return f"{today:.3g}" if isinstance(today, float) else str(today)


def _rules(words: Words) -> dict[str, str]:
    """Counting rules of the packs in use: id to title."""
    rules = [
        compiled_rule.rule
        for compiled_rule in rules_in_use(load_packs(), (), load_settings())
        if isinstance(compiled_rule.rule.spec, CountCap)
    ]
    is_zh = words.language == "zh"
    return {rule.id: f"{rule.title_zh if is_zh else rule.title_en} ({rule.pack_id})" for rule in rules}


def _by_bucket(ctx: PageContext, scenario: Scenario, stamp: str) -> dict[str, Value | None]:
    """Levers of one bucket: contacts allowed, and how often it cures or rolls. Others, from a file, are kept as they
    are."""
    values: dict[str, Value | None] = {name: value for name, value in scenario.levers if "." in name}
    buckets = portfolio.bucket_bounds(ctx.ask)["bucket"].to_list()
    for lever in BUCKET_LEVERS:
        st.markdown(f"**{ctx.words('whatif.by_bucket', lever=ctx.words(f'lever.{lever}'))}**")
        grid = st.grid(8, min_column_width=110, gap="small")
        for bucket in buckets if lever == "cap_max" else buckets[1:]:
            with grid.cell():
                values[f"{bucket}.{lever}"] = _bucket_field(ctx.words, bucket, LEVERS[lever], values, stamp)
    return values


def _bucket_field(
    words: Words, bucket: str, lever: Lever, values: Mapping[str, Value | None], stamp: str
) -> Value | None:
    name = f"{bucket}.{lever.id}"
    cast: Any = int if lever.kind == "integer" else float
    value = values.get(name)
    new_value: Value | None = st.number_input(
        bucket,
        cast(lever.low),
        cast(lever.high),
        None if value is None else cast(value),
        cast(lever.step),
        key=f"{name}_{stamp}",
        placeholder=words("whatif.as_all"),
    )
    return new_value


def files(words: Words, scenarios: list[Scenario], active: int) -> None:
    """The scenario as TOML, down and up. The address of the page is its link."""
    text = scenarios[active].as_toml()
    name = f"scenario-{hashlib.sha256(text.encode()).hexdigest()[:8]}.toml"
    st.download_button(
        words("whatif.download"),
        text.encode(),
        file_name=name,
        mime="application/toml",
        icon=":material/download:",
        on_click="ignore",
        key=name,
    )
    uploaded = st.file_uploader(words("whatif.upload"), type="toml", key="scenario_file")
    if uploaded is None:
        return
    content = uploaded.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    if st.session_state.get("_scenario_read") == digest:
        return
    st.session_state["_scenario_read"] = digest
    try:
        scenario = from_toml(content, uploaded.name)
    except ScenarioError as error:
        st.error(localised_sentence(words, error))
        return
    others = scenarios if len(scenarios) < whatif.MOST else scenarios[:-1]
    _show([*others, scenario], len(others))
