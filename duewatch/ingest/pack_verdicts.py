"""The verdicts of the rule packs, found once when a book is built, so that pages read them like any other table."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from duewatch.compliance.compiled_rules import FOREVER, Compiled
from duewatch.compliance.public_holidays import public_holidays
from duewatch.compliance.rule_verdicts import NEVER, findings_params, rule_row
from duewatch.engines.query_files import query_file
from duewatch.ingest.build_connection import BuildConnection

STORED_VERDICTS = ("breach", "unknown")


def judge_contacts(build_db: BuildConnection, rules: Iterable[Compiled], progress: Callable[[str], None]) -> None:
    """Fills rules_run, findings and verdict_counts, and holidays with the calendars that the rules go by."""
    rules = list(rules)
    add_public_holidays(build_db, rules)
    build_db.run("use book")
    try:
        build_db.insert("rules_run", [rule_row(compiled_rule) for compiled_rule in rules])
        places = build_db.rows("select distinct countries, currency from book.contacts").rows()
        for compiled_rule in rules:
            if not compiled_rule.may_concern(places):
                continue
            progress(f"judging by {compiled_rule.rule.id}")
            _judge(build_db, compiled_rule)
    finally:
        build_db.run("use memory")


def _judge(build_db: BuildConnection, compiled_rule: Compiled) -> None:
    kind = query_file(compiled_rule.query)
    build_db.con.execute(f"create or replace temp table verdicts as {kind.sql}", kind.bound(compiled_rule.params))
    for table, name in (("findings", "compliance/as_findings"), ("verdict_counts", "compliance/as_counts")):
        query = query_file(name)
        values = findings_params(compiled_rule, STORED_VERDICTS, (NEVER, FOREVER))
        params = {param.name: values[param.name] for param in query.own_params}
        order = " order by account_key, started_at, contact_id" if table == "findings" else ""
        build_db.con.execute(f"insert into book.{table} by name {query.own_sql}{order}", params)
    build_db.run("drop table verdicts")


def add_public_holidays(build_db: BuildConnection, rules: Iterable[Compiled]) -> None:
    """The holidays library's days, for the years of the log, beside those that the source gave."""
    first, last = build_db.con.execute(
        "select year(min(started_at)), year(max(started_at)) from book.contacts"
    ).fetchone() or (None, None)
    if first is None:
        return
    for day in public_holidays(rules, range(first, last + 1)):
        build_db.con.execute(
            "insert into book.holidays by name select * from (select ? as calendar, ?::date as date, ? as name, "
            "?::boolean as is_working_day) d "
            "where not exists (from book.holidays h where h.calendar = d.calendar and h.date = d.date)",
            list(day),
        )
