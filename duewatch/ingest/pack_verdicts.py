"""The verdicts of the rule packs, found once when a book is built, so that pages read them like any other table."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import holidays

from duewatch.compliance.compiled_rules import FOREVER, Compiled
from duewatch.compliance.packs import AllowedHours
from duewatch.compliance.rule_verdicts import NEVER, findings_params, rule_row
from duewatch.engines.query_files import query_file
from duewatch.ingest.build_connection import BuildConnection

KEPT = ("breach", "unknown")


def judge_contacts(shop: BuildConnection, rules: Iterable[Compiled], progress: Callable[[str], None]) -> None:
    """Fills rules_run, findings and verdict_counts, and holidays with the calendars that the rules go by."""
    rules = list(rules)
    add_public_holidays(shop, rules)
    shop.run("use book")
    try:
        shop.insert("rules_run", [rule_row(each) for each in rules])
        places = shop.rows("select distinct countries, currency from book.contacts").rows()
        for each in rules:
            if not each.may_concern(places):
                continue
            progress(f"judging by {each.rule.id}")
            _judge(shop, each)
    finally:
        shop.run("use memory")


def _judge(shop: BuildConnection, each: Compiled) -> None:
    kind = query_file(each.query)
    shop.con.execute(f"create or replace temp table verdicts as {kind.sql}", kind.bound(each.params))
    for table, name in (("findings", "compliance/as_findings"), ("verdict_counts", "compliance/as_counts")):
        query = query_file(name)
        given = findings_params(each, KEPT, (NEVER, FOREVER))
        own = {param.name: given[param.name] for param in query.own_params}
        order = " order by account_key, started_at, contact_id" if table == "findings" else ""
        shop.con.execute(f"insert into book.{table} by name {query.own_sql}{order}", own)
    shop.run("drop table verdicts")


def add_public_holidays(shop: BuildConnection, rules: Iterable[Compiled]) -> None:
    """The holidays library's days, for the years of the log, beside those that the source gave."""
    calendars = sorted(
        {
            each.rule.spec.holiday_calendar
            for each in rules
            if isinstance(each.rule.spec, AllowedHours) and each.rule.spec.holiday_calendar
        }
    )
    first, last = shop.con.execute(
        "select year(min(started_at)), year(max(started_at)) from book.contacts"
    ).fetchone() or (None, None)
    if first is None:
        return
    for calendar in calendars:
        country, _, subdivision = calendar.partition("-")
        days = holidays.country_holidays(country, subdiv=subdivision or None, years=range(first, last + 1))
        for day, name in sorted(days.items()):
            shop.con.execute(
                "insert into book.holidays by name select * from (select ? as calendar, ?::date as date, ? as name) d "
                "where not exists (from book.holidays h where h.calendar = d.calendar and h.date = d.date)",
                [calendar, day, name],
            )
