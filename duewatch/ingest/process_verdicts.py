"""The verdicts of the process rules, found once when a book is built: findings whole, what was kept as counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from duewatch.compliance.process_rules import CONTACT, PACK, Process, ProcessRule, Run, runs
from duewatch.contract.settings import Settings
from duewatch.engines.query_files import query_file
from duewatch.ingest.build_connection import BuildConnection


def judge_process(
    build_db: BuildConnection, process: Process, settings: Settings, progress: Callable[[str], None]
) -> None:
    """Fills process_rules, process_findings and process_counts, after the contacts were judged."""
    build_db.run("use book")
    try:
        rows = (_row(build_db, rule, process.sha256) for rule in process.rules)
        build_db.insert("process_rules", [row for row in rows if row is not None])
        last = _last_day(build_db)
        if last is None:
            return
        for run in runs(process, settings, last):
            progress(f"judging {', '.join(rule.name for rule in run.rules)}")
            _judge(build_db, run, last)
    finally:
        build_db.run("use memory")


def _last_day(build_db: BuildConnection) -> date | None:
    """The last day that snapshots or contacts tell of; None in a book without either."""
    row: tuple[date | None] = build_db.con.execute(
        "select max(day) from (select max(as_of) as day from book.snapshots "
        "union all select max(coalesce(local_date, started_at::date)) from book.contacts)"
    ).fetchone() or (None,)
    return row[0]


def _row(build_db: BuildConnection, rule: ProcessRule, sha256: str) -> dict[str, object] | None:
    """Of process_rules; None where the rule judges contacts and its pack is not in use."""
    row: dict[str, object] = {
        "rule_id": rule.id,
        "basis": rule.basis,
        "title_en": rule.title_en,
        "title_zh": rule.title_zh,
        "modality": rule.modality,
        "requirements": "|".join(rule.requirements),
        "cite": rule.cite,
        "effective_from": rule.effective_from,
        "effective_to": rule.effective_to,
        "set_to": rule.set_to,
        "file_sha256": sha256,
    }
    if rule.basis == CONTACT:
        titles = build_db.con.execute(
            "select title_en, title_zh, modality from book.rules_run where rule_id = ? "
            "order by effective_from desc limit 1",
            [rule.id],
        ).fetchone()
        if titles is None:
            return None
        row |= dict(zip(("title_en", "title_zh", "modality"), titles, strict=True))
    return row


def _judge(build_db: BuildConnection, run: Run, last: date) -> None:
    query = query_file(run.query)
    build_db.con.execute(f"create or replace temp table steps as {query.sql}", dict(run.params))
    values = {
        "prefix": f"{PACK}.",
        "rules": ",".join(rule.name for rule in run.rules),
        "start": run.start,
        "last": min(run.end, last),
    }
    build_db.run(_CHOSEN, **{name: f"'{value}'" for name, value in values.items()})
    build_db.run(_FINDINGS)
    build_db.run(_COUNTS)
    build_db.run("drop table chosen")
    build_db.run("drop table steps")


_CHOSEN = """
create or replace temp table chosen as
select {prefix} || rule_id as rule_id, item_kind, item_id, currency, account_id, product, branch, team, stage,
       happened_on, verdict, missing, detail
from steps
where list_contains(string_split({rules}, ','), rule_id) and happened_on between date {start} and date {last}
"""
_FINDINGS = """
insert into book.process_findings by name
select c.rule_id, c.item_kind, c.item_id, a.account_key, c.account_id, c.team, c.stage, c.happened_on, c.verdict,
       c.missing, c.detail
from chosen c join book.accounts a on a.account_id = c.account_id
where c.verdict <> 'kept'
order by c.rule_id, c.happened_on, c.item_id
"""
_COUNTS = """
insert into book.process_counts by name
select rule_id, verdict, missing, happened_on, branch, product, currency, team, stage, count(*) as n_items
from chosen
group by all
order by rule_id, happened_on
"""
