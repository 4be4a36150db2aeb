"""The verdicts of the rule packs, found once when a book is built, so that pages read them like any other table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from duewatch.compliance.compiled_rules import FOREVER, Compiled, currencies_of
from duewatch.compliance.public_holidays import public_holidays
from duewatch.compliance.rule_verdicts import NEVER, coverage_params, findings_params, rule_row
from duewatch.contract.schema import COVERAGE
from duewatch.engines.query_files import query_file
from duewatch.ingest.build_connection import BuildConnection

STORED_VERDICTS = ("breach", "unknown")


def judge_contacts(build_db: BuildConnection, rules: Iterable[Compiled], progress: Callable[[str], None]) -> None:
    """Fills rules_run, findings, verdict_counts, contact_coverage and coverage_counts, and holidays with the calendars
    that the rules go by. Rules of one pack come after each other."""
    rules = list(rules)
    add_public_holidays(build_db, rules)
    build_db.run("use book")
    try:
        build_db.insert("rules_run", [rule_row(compiled_rule) for compiled_rule in rules])
        places = build_db.rows("select distinct countries, currency from book.contacts").rows()
        build_db.run(_NOTHING_FOUND)
        for pack, of_pack in groupby(rules, key=lambda compiled_rule: compiled_rule.pack):
            asked = [compiled_rule for compiled_rule in of_pack if places and compiled_rule.may_concern(places)]
            if not asked:
                continue
            build_db.run("create or replace temp table asked (contact_key integer, verdict varchar, detail varchar)")
            for compiled_rule in asked:
                progress(f"judging by {compiled_rule.rule.id}")
                _judge(build_db, compiled_rule)
            if pack.jurisdiction:
                _cover(build_db, asked)
        _cover_the_rest(build_db, rules)
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
    if compiled_rule.pack.jurisdiction:
        build_db.run("insert into asked select distinct contact_key, verdict, detail from verdicts")
    build_db.run("drop table verdicts")


def _cover(build_db: BuildConnection, of_pack: Sequence[Compiled]) -> None:
    """Whether the law of one pack was asked about each contact."""
    build_db.run("create or replace temp view verdicts as from asked")
    query = query_file("compliance/as_coverage")
    values = coverage_params(of_pack)
    params = {param.name: values[param.name] for param in query.own_params}
    build_db.con.execute(f"insert into coverage_found by name {query.own_sql}", params)
    build_db.run("drop view verdicts")


def _cover_the_rest(build_db: BuildConnection, rules: Sequence[Compiled]) -> None:
    """Contacts of countries without a pack; then the best answer of each jurisdiction, and of each contact."""
    packs = {compiled_rule.pack.id: compiled_rule.pack for compiled_rule in rules if not compiled_rule.pack.regions}
    countries = sorted({pack.jurisdiction for pack in packs.values()} - {""})
    currencies = sorted({money for country in countries for money in currencies_of(country)})
    query = query_file("compliance/without_pack")
    build_db.con.execute(
        f"insert into coverage_found by name {query.sql}",
        {"countries": ",".join(countries), "currencies": ",".join(currencies)},
    )
    order = " ".join(f"when '{coverage}' then {number}" for number, coverage in enumerate(COVERAGE))
    build_db.run(_BY_CONTACT, order=f"case coverage {order} end")
    regions_last = "case when coverage <> 'judged' and jurisdiction like '%-%' then 100 else 0 end"
    build_db.run(_BY_COUNT, order=f"case coverage {order} end + {regions_last}")


_NOTHING_FOUND = """
create or replace temp table coverage_found (
    contact_key integer, account_key integer, jurisdiction varchar, coverage varchar, missing varchar)
"""
_BY_CONTACT = """
insert into book.contact_coverage by name
select contact_key, min(account_key) as account_key, jurisdiction, arg_min(coverage, {order}) as coverage,
       arg_min(coalesce(missing, ''), {order}) as missing
from coverage_found group by contact_key, jurisdiction order by jurisdiction, contact_key;
update book.contact_coverage set missing = null where missing = '';
"""
_BY_COUNT = """
insert into book.coverage_counts by name
with overall as (
    select contact_key, 'all' as jurisdiction, arg_min(coverage, {order}) as coverage,
           nullif(arg_min(coalesce(missing, ''), {order}), '') as missing
    from book.contact_coverage group by contact_key
),
told as (
    select contact_key, jurisdiction, coverage, missing from book.contact_coverage
    union all
    select contact_key, jurisdiction, coverage, missing from overall
)
select t.jurisdiction, t.coverage, t.missing, coalesce(c.local_date, c.started_at::date) as counted_on,
       a.branch, a.product, a.currency, c.team, count(*) as n_contacts
from told t join book.contacts c using (contact_key) join book.accounts a on a.account_key = c.account_key
where c.direction = 'out'
group by all order by jurisdiction, counted_on
"""


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
