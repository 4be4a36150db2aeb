"""Sections of the Process page: stages, rules, one rule in full, treatment by grade, another setting tried."""

from __future__ import annotations

import polars as pl
import streamlit as st

from duewatch.charts.checks import check_bars
from duewatch.charts.shares import share_line
from duewatch.compliance import process_rules as rules
from duewatch.compliance.template_coverage import load_requirements, rules_of
from duewatch.contract.i18n import Words, cited
from duewatch.contract.settings import load_settings
from duewatch.engines import Ask
from duewatch.reads import process as reads
from duewatch.ui.parts.choices import one_of
from duewatch.ui.parts.code_labels import code_text
from duewatch.ui.parts.definition import definition_button
from duewatch.ui.parts.figures import draw, empty
from duewatch.ui.parts.period import Period
from duewatch.ui.parts.table import draw_table, draw_table_with_files, two_decimals
from duewatch.ui.process import summary as process
from duewatch.ui.shell.downloads import Export, offer
from duewatch.ui.shell.frame import PageContext

PICKER_WIDTH = 480
"""Pixels of the picker of settings; a phone gives it a line of its own."""

HISTORY_DAYS = 366


def stage_cards(ctx: PageContext, period: Period) -> None:
    """A card a stage with the measures that the template implies for it, each with interval and n."""
    words, numbers = ctx.words, ctx.numbers
    kpis = reads.stage_kpis(ctx.ask, as_of=ctx.as_of, from_date=period.start, to_date=period.end)
    st.subheader(words("process.stages"), anchor=False)
    grid = st.grid(len(process.STAGES), min_column_width=280, gap="small")
    for stage in process.STAGES:
        with grid.cell(), st.container(border=True):
            st.markdown(f"**{words(f'process.stage_{stage}')}**")
            for row in kpis.filter(pl.col("stage") == stage).iter_rows(named=True):
                share = numbers.percent(row["share"])
                kpi = words(f"kpi.{row['kpi']}")
                st.markdown(f"{kpi}: **{share}**")
                st.caption(
                    words("process.nobody")
                    if row["share"] is None
                    else f"{numbers.interval(row['share_low'], row['share_high'])} · n = {numbers.count(row['n_all'])}"
                )
    definition_button(ctx, "stage_kpis")
    st.caption(words("process.stages_note"))


def all_rules(ctx: PageContext, checks: pl.DataFrame) -> None:
    """One bar a rule, and the table with clause and settings."""
    words = ctx.words
    st.subheader(words("process.rules"), anchor=False)
    ordered = process.in_template_order(checks)
    named = process.titles(words, ordered)
    figure = check_bars(
        ordered,
        ctx.labels(process.bars_finding(words, ctx.numbers, ordered), x=words("process.bars_axis")),
        titles=[process.wrapped(words, title) for title in named.values()],
        notes=process.bar_notes(words, ctx.numbers, ordered),
        names={name: words(f"process.axis_{name}") for name in ("n_kept", "n_breach", "n_not_assessable")},
        percent=ctx.numbers.percent,
    )
    draw(ctx, figure, "process_rules", on_click=lambda point: _pick(str(point["customdata"])))
    table = ordered.select(
        "requirements",
        pl.col(f"title_{words.language}").alias("rule_title"),
        "modality",
        "n_kept",
        "n_breach",
        "n_exempt",
        "n_not_assessable",
        "share_kept",
        "kept_low",
        "kept_high",
        "share_not_assessable",
        "set_to",
        "cite",
        "rule_id",
    )
    with st.expander(words("process.rules_table", n=checks.height)):
        draw_table_with_files(ctx, table, metric="process_checks", title=words("process.rules"))


def _pick(rule_id: str) -> None:
    st.session_state["process_rule"] = rule_id


def one_rule(ctx: PageContext, checks: pl.DataFrame, period: Period) -> None:
    """A rule: its words, its course, who keeps it, and each thing that broke it."""
    words = ctx.words
    st.subheader(words("process.one"), anchor=False)
    ordered = process.in_template_order(checks)
    named = process.titles(words, ordered)
    most_broken = ordered.sort("n_breach", descending=True)["rule_id"][0]
    if st.session_state.get("process_rule") not in named:
        st.session_state["process_rule"] = most_broken
    rule_id = st.selectbox(words("period.rule"), list(named), format_func=named.__getitem__, key="process_rule")
    row = ordered.filter(pl.col("rule_id") == rule_id).row(0, named=True)
    settings = f" · {row['set_to']}" if row["set_to"] else ""
    st.markdown(f"> {cited(words, row['cite'])}")
    modality = words(f"modality.{row['modality']}")
    st.caption(f"{row['requirements'].replace('|', ', ')} · {rule_id} · {modality}{settings}")
    left, right = st.columns(2, gap="large")
    with left:
        _over_months(ctx, rule_id, period)
    with right:
        _by_group(ctx, rule_id, period)
    _rows(ctx, row, period)


def _over_months(ctx: PageContext, rule_id: str, period: Period) -> None:
    start = period.end.replace(day=1, year=period.end.year - 1)
    by_month = reads.checks_by(ctx.ask, rule_id=rule_id, grouping_by="month", from_date=start, to_date=period.end)
    points = process.month_points(by_month)
    if not points:
        empty(ctx.words("process.never_judged"))
        return
    labels = ctx.labels(process.month_finding(ctx.words, ctx.numbers, points), y=ctx.words("process.kept_axis"))
    figure = share_line(points, labels, percent=ctx.numbers.percent)
    draw(ctx, figure, "process_months")


def _by_group(ctx: PageContext, rule_id: str, period: Period) -> None:
    words = ctx.words
    kinds = {name: f"process.by_{name}" for name in process.GROUPS if name != "month"}
    kind = one_of(words, "limits.by", kinds, "process_by")
    groups = reads.checks_by(ctx.ask, rule_id=rule_id, grouping_by=kind, from_date=period.start, to_date=period.end)
    if groups.is_empty():
        empty(words("process.never_judged"))
        return
    table = groups.with_columns(pl.col("group_name").fill_null(words("process.not_known")))
    if kind == "stage":
        table = table.rename({"group_name": "stage"})
    draw_table(ctx, table.drop("n_exempt"), alt=words(kinds[kind]))
    offer(ctx, Export(table, metric="process_checks", title=f"{words('process.one')}: {words(kinds[kind])}"))


def _rows(ctx: PageContext, row: process.Row, period: Period) -> None:
    """The rows behind the rule's number, which they must add up to."""
    words = ctx.words
    verdicts = {"breach": "process.axis_n_breach", "not_assessable": "process.axis_n_not_assessable"}
    verdict = one_of(words, "limits.verdict", verdicts, "process_verdict")
    if verdict == "not_assessable":
        missing = reads.check_missing(ctx.ask, from_date=period.start, to_date=period.end)
        for gap in missing.filter(pl.col("rule_id") == row["rule_id"]).iter_rows(named=True):
            column = code_text(words, gap["missing"], "missing")
            st.markdown(words("process.missing", column=column, n=ctx.numbers.count(gap["n_items"])))
    findings = reads.check_findings(
        ctx.ask, rule_id=row["rule_id"], verdict=verdict, from_date=period.start, to_date=period.end
    )
    if findings.is_empty():
        st.caption(words("guard.no_rows"))
        return
    n_expected = row[f"n_{verdict}"]
    if findings.height != n_expected:
        st.error(
            words("guard.not_equal", rows=ctx.numbers.count(findings.height), number=ctx.numbers.count(n_expected))
        )
    st.markdown(words("process.rows_total", n=ctx.numbers.count(findings.height)))
    draw_table(ctx, findings.drop("rule_id"), alt=words("process.one"))
    metric = "process_breaches" if verdict == "breach" else "process_not_assessable"
    offer(ctx, Export(findings, metric=metric, title=row[f"title_{words.language}"]))


def treatment(ctx: PageContext, period: Period) -> None:
    """Whether treatment differs by grade, as the template asks: contacts a day, with limits."""
    words = ctx.words
    st.subheader(words("process.treatment"), anchor=False)
    stages = rules.load_process().stages
    rates = reads.intensity(ctx.ask, as_of=period.end, from_date=period.start, to_date=period.end, **stages)
    if rates.is_empty():
        empty(words("process.intensity_unknown"))
        return
    st.markdown(f"**{process.intensity_sentence(words, rates)}**")
    draw_table(ctx, two_decimals(rates, ("per_day", "per_day_low", "per_day_high")), alt=words("process.treatment"))
    offer(ctx, Export(rates, metric="intensity", title=words("process.treatment")))
    st.caption(words("process.treatment_note"))


def try_another(ctx: PageContext, period: Period) -> None:
    """Another value of one setting: what would have been judged otherwise. Nothing is kept."""
    words, numbers = ctx.words, ctx.numbers
    st.subheader(words("process.try"), anchor=False)
    process = rules.load_process()
    fields = {
        f"{rule.name}.{name}": (rule, value)
        for rule in process.rules
        for name, value in rule.values.items()
        if isinstance(value, int)
    }
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(
            words("process.setting"),
            list(fields),
            key="try_setting",
            format_func=lambda field: setting_words(words, field, fields[field][0]),
            width=PICKER_WIDTH,
        )
        rule, value = fields[name]
        new_value = st.number_input(words("process.value", now=value), 0, 1000, value, key=f"try_{name}")
    st.caption(words("process.set_as", name=name))
    if new_value == value:
        st.caption(words("process.try_hint"))
        return
    breaches = [
        _breaches(ctx.ask, tried, rule.name, period)
        for tried in (process, rules.with_values(process, {name: str(new_value)}))
    ]
    before, after = (dict(_by_item(frame)) for frame in breaches)
    st.markdown(
        words(
            "process.tried",
            before=numbers.count(len(before)),
            after=numbers.count(len(after)),
            more=numbers.count(len(after.keys() - before.keys())),
            less=numbers.count(len(before.keys() - after.keys())),
        )
    )
    changed = [row for item, row in {**before, **after}.items() if (item in before) != (item in after)]
    if changed:
        table = pl.DataFrame(changed, schema=breaches[0].schema or breaches[1].schema)
        draw_table(ctx, table.drop("rule_id", "verdict", "missing", "currency"), alt=words("process.try"))
        offer(ctx, Export(table, metric="process_breaches", title=f"{setting_words(words, name, rule)} = {new_value}"))
    st.caption(words("process.try_note"))


def setting_words(words: Words, field: str, rule: rules.ProcessRule) -> str:
    """`rule.value` in words: which rule, and which of its values in which unit."""
    title = rule.title_zh if words.language == "zh" else rule.title_en
    return words("process.setting_of", rule=title, value=words(f"process_value.{field.split('.')[1]}"))


def _breaches(ask: Ask, process_rules: rules.Process, name: str, period: Period) -> pl.DataFrame:
    findings = rules.process_verdicts(
        ask, process_rules, load_settings(), as_of=period.end, period=(period.start, period.end), rule_names=[name]
    )
    return findings.filter(pl.col("verdict") == "breach") if findings.height else findings


def _by_item(frame: pl.DataFrame) -> list[tuple[tuple[str, str], process.Row]]:
    return [((row["item_id"], str(row["happened_on"])), row) for row in frame.iter_rows(named=True)]


def coverage(ctx: PageContext) -> None:
    """Each requirement of the template with the rules and pages that answer it."""
    words = ctx.words
    process_in_force = rules.load_process()
    rows = [
        {
            "requirements": requirement.id,
            "requirement_text": requirement.text,
            "rule_ids": ", ".join(rules_of(requirement, process_in_force)),
            "answered_on": ", ".join(words(f"page.{page}.title") for page in requirement.pages),
            "needs": ", ".join(requirement.needs),
        }
        for requirement in load_requirements()
    ]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String))
    n_open = frame.filter(pl.col("answered_on") == "").height
    with st.expander(words("process.coverage", n=frame.height, open=n_open)):
        draw_table(ctx, frame, alt=words("process.coverage_title"))
        st.caption(words("process.coverage_note"))


def legal_preparation(ctx: PageContext) -> None:
    """Off by default: the template announces this stage and asks for nothing in it."""
    if not load_settings().show_legal_preparation:
        return
    words, numbers = ctx.words, ctx.numbers
    st.subheader(words("process.legal"), anchor=False)
    for row in reads.legal_readiness(ctx.ask, as_of=ctx.as_of).iter_rows(named=True):
        counts = {name: numbers.count(row[name]) for name in row if name.startswith("n_")}
        st.markdown(words("process.legal_told", money=numbers.money(row["balance"]), **counts))
    st.caption(words("process.legal_note"))
