"""The parts of the Account page: finding the account, what may be done next, the time axis and the list of events."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import polars as pl
import streamlit as st

from duewatch.charts.account import LOOKS, Axes, account_timeline
from duewatch.contract.settings import load_settings
from duewatch.metrics.decided_days import promise_rules
from duewatch.reads import accounts as reads
from duewatch.reads import promises, worklist
from duewatch.ui.account import summary as account
from duewatch.ui.account.summary import History
from duewatch.ui.parts.code_labels import code_text
from duewatch.ui.parts.figures import draw, empty
from duewatch.ui.parts.next_allowed import next_times, wall_time
from duewatch.ui.parts.numbers import Numbers
from duewatch.ui.parts.table import draw_table
from duewatch.ui.shell.book_service import ask_of
from duewatch.ui.shell.downloads import Export, offer
from duewatch.ui.shell.frame import PageContext

LONGEST_NUMBER = 64


def pick_account(ctx: PageContext) -> tuple[PageContext, History]:
    """The account that the address or the person names, with the context in that account's currency. The page shows it
    whatever product, branch and currency are picked. Stops the page where there is no such account, or where this
    person may not see it: both read the same."""
    number = st.text_input(
        ctx.words("account.number"), key="account", bind="query-params", max_chars=LONGEST_NUMBER, width=320
    ).strip()
    if not number:
        empty(ctx.words("account.ask"))
        st.stop()
    whole = replace(ctx, scope=ctx.granted, ask=ask_of(ctx.book, ctx.granted))
    facts = reads.account_facts(whole.ask, account_id=number, as_of=ctx.as_of)
    if facts.is_empty():
        empty(ctx.words("account.not_found"))
        st.stop()
    row = facts.row(0, named=True)
    scope = ctx.granted.narrowed(currencies=(row["currency"],))
    numbers = Numbers(ctx.words.language, row["currency"])
    opened = replace(ctx, scope=scope, ask=ask_of(ctx.book, scope), numbers=numbers)
    return opened, _history(opened, number, row)


def _history(ctx: PageContext, number: str, facts: account.Row) -> History:
    ledger = promises.promise_ledger(ctx.ask, as_of=ctx.as_of, **promise_rules())
    days, contacts, payments, terms, findings = (
        read(ctx.ask, account_id=number, as_of=ctx.as_of)
        for read in (
            reads.account_days,
            reads.account_contacts,
            reads.account_payments,
            reads.account_terms,
            reads.account_findings,
        )
    )
    return History(facts, days, contacts, account.promises_of(ledger, number), payments, terms, findings)


def show_holds(ctx: PageContext, number: str) -> None:
    """Standing instructions not to contact, before anything else."""
    holds = worklist.standing_holds(ctx.ask, as_of=ctx.as_of).filter(pl.col("account_id") == number)
    firsts = holds.group_by("kind", maintain_order=True).agg(pl.col("since").min())
    sentences = [
        ctx.words("account.hold", kind=ctx.words(f"hold.{row['kind']}"), since=row["since"])
        for row in firsts.iter_rows(named=True)
    ]
    if sentences:
        holds_text = ctx.words("worklist.between").join(sentences)
        st.warning(ctx.words("account.holds", holds=holds_text), icon=":material/do_not_disturb_on:")


def time_axis(ctx: PageContext, history: History) -> None:
    """Days past due and everything that happened, on one axis."""
    words = ctx.words
    st.subheader(words("account.axis_title"), anchor=False)
    span = st.segmented_control(
        words("account.span"),
        list(account.SPANS),
        default=account.usual_span(history.facts),
        required=True,
        key=f"span_{history.facts['account_id']}",
        format_func=lambda name: words(f"account.span_{name}"),
    )
    back = account.SPANS[span]
    since = ctx.as_of - timedelta(days=back) if back else None
    marks = account.marks_of(words, ctx.numbers, history, ctx.as_of)
    lanes = {lane: words(f"account.lane_{lane}") for lane in account.LANES if any(mark.lane == lane for mark in marks)}
    names = {look: words(f"account.look_{look}") for look in (*LOOKS, "daily", "snapshot")}
    finding = account.finding(words, ctx.numbers, history, since)
    labels = ctx.labels(finding, y=words("column.days_past_due"))
    figure = account_timeline(
        history.days, marks, labels, Axes(lanes, since, ctx.as_of, load_settings().bucket_starts), names=names
    )
    draw(ctx, figure, "axis")
    if history.days.filter(pl.col("basis") == "daily").is_empty():
        st.caption(words("account.no_daily"))


def next_steps(ctx: PageContext, number: str) -> None:
    """When every rule pack allows the next contact, by channel."""
    words, day = ctx.words, ctx.as_of + timedelta(days=1)
    st.subheader(words("account.next", day=ctx.numbers.day(day)), anchor=False)
    account_channels = [(number, channel) for channel in account.CHANNELS]
    contacts = next_times(ctx, account_channels, on_day=day)
    times = pl.Series("next_at", [wall_time(next_at) for next_at in contacts["next_at"].to_list()], pl.String)
    table = contacts.with_columns(times).select(
        "channel", "clearance", "next_at", "rule_title", "modality", "cite", "reason_sentence"
    )
    draw_table(ctx, table, alt=words("account.next", day=day))
    st.caption(words("account.next_note"))


def list_of_events(ctx: PageContext, history: History) -> None:
    """All that happened, newest first; the kinds add up to the whole."""
    words = ctx.words
    st.subheader(words("account.events"), anchor=False)
    rows = account.events(words, ctx.numbers, history)
    if rows.is_empty():
        st.caption(words("guard.no_rows"))
        return
    counts = rows.group_by("event").len().sort("len", "event", descending=[True, False])
    parts = words("worklist.between").join(
        f"{words(f'event.{name}')} {ctx.numbers.count(n)}" for name, n in counts.iter_rows()
    )
    st.markdown(words("account.n_events", n=ctx.numbers.count(rows.height), parts=parts))
    draw_table(ctx, rows, alt=words("account.events"))
    offer(ctx, Export(rows, metric="account_events", title=f"{words('account.events')}: {history.facts['account_id']}"))


def facts_and_debtor_accounts(ctx: PageContext, history: History) -> None:
    """What is known of account and debtor without personal data, and the debtor's further accounts."""
    words, facts = ctx.words, history.facts
    st.subheader(words("account.facts"), anchor=False)
    lent = facts["original_amount"]
    facts_of_account = [
        ("column.debtor_id", facts["debtor_id"]),
        ("column.product", facts["product"]),
        ("column.branch", facts["branch"]),
        ("account.opened_on", facts["opened_on"]),
        ("account.original_amount", None if lent is None else ctx.numbers.exact_money(lent)),
        ("column.status", code_text(words, facts["status"] or "active")),
        ("column.risk_grade", facts["risk_grade"] and code_text(words, facts["risk_grade"])),
        ("column.time_zone", facts["time_zone"]),
        ("account.region", facts["region"]),
        ("account.preferred_channel", facts["preferred_channel"] and words(f"channel.{facts['preferred_channel']}")),
    ]
    values = [words("account.no_value") if value is None else str(value) for _, value in facts_of_account]
    table = pl.DataFrame({"fact": [words(key) for key, _ in facts_of_account], "value": values})
    draw_table(ctx, table, alt=words("account.facts"))
    st.caption(words("account.private"))
    debtor_accounts = reads.debtor_accounts(ctx.ask, account_id=facts["account_id"], as_of=ctx.as_of)
    if debtor_accounts.height:
        st.markdown(f"**{words('account.others', n=ctx.numbers.count(debtor_accounts.height))}**")
        draw_table(ctx, debtor_accounts.drop("currency"), alt=words("account.others", n=debtor_accounts.height))
