"""Which account a contact belongs to where its row names none: found by debtor, or by the number that was used."""

from __future__ import annotations

from duewatch.ingest.build_connection import BuildConnection
from duewatch.sources.reject_reasons import Reason

SHORTEST_NUMBER = 7
"""Digits from which on a number is looked for; the last ten are compared, so that a country code does not matter."""


def find_accounts(build_db: BuildConnection) -> dict[str, int]:
    """Gives every contact without account the only one that fits; of several or none the row is rejected. Returns
    how many were found, had several, had none."""
    if not build_db.count("select count(*) from staged_contacts where account_id is null"):
        return {}
    build_db.run(
        """create table account_numbers as
           with named as (
               select k.account_id, d.phone as number from account_keys k join known_debtors d using (debtor_id)
               where d.phone is not null
               union
               select account_id, contact_point from staged_contacts
               where account_id in (select account_id from account_keys) and contact_point is not null
                 and coalesce(party_role, 'debtor') = 'debtor' and outcome <> 'wrong_number')
           select distinct account_id, right(digits, 10) as digits
           from (select account_id, regexp_replace(number, '\\D', '', 'g') as digits from named)
           where length(digits) >= {shortest}""",
        shortest=SHORTEST_NUMBER,
    )
    build_db.run(
        """create table found_accounts as
           with asked as (
               select file_no, line, part, debtor_id,
                      right(regexp_replace(contact_point, '\\D', '', 'g'), 10) as digits
               from valid_contacts where account_id is null),
           fitting as (
               select a.file_no, a.line, a.part, k.account_id
               from asked a join account_keys k on k.debtor_id = a.debtor_id
               union
               select a.file_no, a.line, a.part, n.account_id
               from asked a join account_numbers n on a.debtor_id is null and n.digits = a.digits)
           select a.file_no, a.line, a.part, count(f.account_id) as n_accounts, min(f.account_id) as account_id
           from asked a left join fitting f using (file_no, line, part) group by all"""
    )
    build_db.run(
        """insert into late select 'contacts', file_no, line, part, 'account_id',
                  case when n_accounts = 0 then '{none}' else '{several}' end
           from found_accounts where n_accounts <> 1""",
        none=Reason.NO_ACCOUNT,
        several=Reason.SEVERAL_ACCOUNTS,
    )
    build_db.run("alter view staged_contacts rename to named_contacts")
    build_db.run(
        """create view staged_contacts as
           select c.* replace (coalesce(c.account_id, f.account_id) as account_id)
           from named_contacts c left join found_accounts f
                on f.file_no = c.file_no and f.line = c.line and f.part = c.part and f.n_accounts = 1"""
    )
    counts = build_db.rows("select least(n_accounts, 2) as n, count(*) as rows from found_accounts group by 1")
    names = {1: "found", 2: "several", 0: "none"}
    return {names[n]: rows for n, rows in counts.iter_rows()}
