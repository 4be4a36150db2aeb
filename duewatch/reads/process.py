"""Typed doors to `queries/process/`: one function a query, same name and parameters, a Polars frame back.

Columns, units and grain stand in the header of the query file; errors are QueryError and QueryTooSlowError.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from duewatch.engines import Ask


def account_steps(
    ask: Ask,
    *,
    as_of: date,
    fields: str = "name,id_number,phone,contract_no,annual_rate",
    early_days: int = 30,
    middle_days: int = 90,
) -> pl.DataFrame:
    """Were the data that must be known before the first contact known when each account was contacted?"""
    return ask(
        "process/account_steps",
        {"as_of": as_of, "fields": fields, "early_days": early_days, "middle_days": middle_days},
    )


def call_steps(
    ask: Ask, *, as_of: date, wait_hours: int = 24, early_days: int = 30, middle_days: int = 90
) -> pl.DataFrame:
    """Was the first call of each spell made only after a reminder, a wait and silence?"""
    return ask(
        "process/call_steps",
        {"as_of": as_of, "wait_hours": wait_hours, "early_days": early_days, "middle_days": middle_days},
    )


def check_counts(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
    """How many things did each rule of the process judge, with which verdict, on which day and in which stage?"""
    return ask("process/check_counts", {"from_date": from_date, "to_date": to_date})


def check_findings(
    ask: Ask, *, from_date: date, to_date: date, rule_id: str = "all", verdict: str = "breach"
) -> pl.DataFrame:
    """What broke a rule of the process, or cannot be judged by it?"""
    return ask(
        "process/check_findings", {"from_date": from_date, "to_date": to_date, "rule_id": rule_id, "verdict": verdict}
    )


def check_missing(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
    """Which column is missing where a rule of the process cannot be assessed?"""
    return ask("process/check_missing", {"from_date": from_date, "to_date": to_date})


def checks(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
    """How often was each rule of the process kept, broken or not assessable?"""
    return ask("process/checks", {"from_date": from_date, "to_date": to_date})


def checks_by(
    ask: Ask, *, from_date: date, to_date: date, rule_id: str = "all", grouping_by: str = "stage"
) -> pl.DataFrame:
    """How often was a rule of the process kept in each stage, team, month, branch or product?"""
    return ask(
        "process/checks_by",
        {"from_date": from_date, "to_date": to_date, "rule_id": rule_id, "grouping_by": grouping_by},
    )


def contact_stages(ask: Ask, *, as_of: date, early_days: int = 30, middle_days: int = 90) -> pl.DataFrame:
    """In which spell and stage was the account at each contact?"""
    return ask("process/contact_stages", {"as_of": as_of, "early_days": early_days, "middle_days": middle_days})


def contact_steps(
    ask: Ask,
    *,
    as_of: date,
    posting_days: int = 1,
    in_messages: str = ("name,contract_no,overdue_amount,days_past_due,minimum_due,deadline,payment_channel"),
    in_letters: str = (
        "debt_details,days_past_due,amount_split,contract_basis,deadline,further_measures,official_contact"
    ),
    early_days: int = 30,
    middle_days: int = 90,
) -> pl.DataFrame:
    """Was each contact made while something was owed, with a complete text, and logged so that it can be traced?"""
    return ask(
        "process/contact_steps",
        {
            "as_of": as_of,
            "posting_days": posting_days,
            "in_messages": in_messages,
            "in_letters": in_letters,
            "early_days": early_days,
            "middle_days": middle_days,
        },
    )


def dispute_steps(
    ask: Ask, *, as_of: date, ack_days: int = 1, answer_days: int = 30, early_days: int = 30, middle_days: int = 90
) -> pl.DataFrame:
    """Was each dispute acknowledged and answered in time?"""
    return ask(
        "process/dispute_steps",
        {
            "as_of": as_of,
            "ack_days": ack_days,
            "answer_days": answer_days,
            "early_days": early_days,
            "middle_days": middle_days,
        },
    )


def escalation_steps(ask: Ask, *, as_of: date, early_days: int = 30, middle_days: int = 90) -> pl.DataFrame:
    """Was each letter and visit made late enough, and after a quieter word?"""
    return ask("process/escalation_steps", {"as_of": as_of, "early_days": early_days, "middle_days": middle_days})


def first_steps(ask: Ask, *, as_of: date, early_days: int = 30, middle_days: int = 90) -> pl.DataFrame:
    """Did each spell begin with a quiet reminder, by the channel that the debtor prefers?"""
    return ask("process/first_steps", {"as_of": as_of, "early_days": early_days, "middle_days": middle_days})


def intensity(
    ask: Ask, *, from_date: date, to_date: date, as_of: date, early_days: int = 30, middle_days: int = 90
) -> pl.DataFrame:
    """How often is an overdue account contacted on a day, in each stage and risk grade?"""
    return ask(
        "process/intensity",
        {
            "from_date": from_date,
            "to_date": to_date,
            "as_of": as_of,
            "early_days": early_days,
            "middle_days": middle_days,
        },
    )


def intensity_accounts(
    ask: Ask, *, from_date: date, to_date: date, as_of: date, early_days: int = 30, middle_days: int = 90
) -> pl.DataFrame:
    """On how many days was each account overdue in each stage of a period, and how often was it contacted on them?"""
    return ask(
        "process/intensity_accounts",
        {
            "from_date": from_date,
            "to_date": to_date,
            "as_of": as_of,
            "early_days": early_days,
            "middle_days": middle_days,
        },
    )


def late_escalation(
    ask: Ask, *, as_of: date, early_days: int = 30, late_days: int = 30, middle_days: int = 90
) -> pl.DataFrame:
    """Was collection stepped up soon enough after the early stage?"""
    return ask(
        "process/late_escalation",
        {"as_of": as_of, "early_days": early_days, "late_days": late_days, "middle_days": middle_days},
    )


def legal_readiness(ask: Ask, *, as_of: date, middle_days: int = 90) -> pl.DataFrame:
    """Of the accounts past the middle stage, for how many is what legal steps would need on file?"""
    return ask("process/legal_readiness", {"as_of": as_of, "middle_days": middle_days})


def promise_facts(
    ask: Ask,
    *,
    as_of: date,
    grace_days: int = 1,
    tolerance: float = 1.0,
    early_days: int = 30,
    middle_days: int = 90,
    reminder_days: int = 3,
) -> pl.DataFrame:
    """What was owed when each promise was made, and what did the lender do until it fell due?"""
    return ask(
        "process/promise_facts",
        {
            "as_of": as_of,
            "grace_days": grace_days,
            "tolerance": tolerance,
            "early_days": early_days,
            "middle_days": middle_days,
            "reminder_days": reminder_days,
        },
    )


def promise_steps(
    ask: Ask,
    *,
    as_of: date,
    horizon_days: int = 45,
    grace_days: int = 1,
    tolerance: float = 1.0,
    early_days: int = 30,
    middle_days: int = 90,
    reminder_days: int = 3,
) -> pl.DataFrame:
    """Was each promise sound, reminded of before it fell due, and left in peace until then?"""
    return ask(
        "process/promise_steps",
        {
            "as_of": as_of,
            "horizon_days": horizon_days,
            "grace_days": grace_days,
            "tolerance": tolerance,
            "early_days": early_days,
            "middle_days": middle_days,
            "reminder_days": reminder_days,
        },
    )


def response_steps(
    ask: Ask, *, as_of: date, record_days: int = 2, early_days: int = 30, middle_days: int = 90
) -> pl.DataFrame:
    """Was what the debtor said (a promise, a dispute, hardship) recorded?"""
    return ask(
        "process/response_steps",
        {"as_of": as_of, "record_days": record_days, "early_days": early_days, "middle_days": middle_days},
    )


def stage_kpis(ask: Ask, *, as_of: date, from_date: date, to_date: date) -> pl.DataFrame:
    """How does each stage of the process do by the measures that the template implies for it?"""
    return ask("process/stage_kpis", {"as_of": as_of, "from_date": from_date, "to_date": to_date})


def touches(ask: Ask, *, as_of: date, early_days: int = 30, middle_days: int = 90) -> pl.DataFrame:
    """Which outbound contacts to the debtor fall into a spell of days past due, and in which order?"""
    return ask("process/touches", {"as_of": as_of, "early_days": early_days, "middle_days": middle_days})


def debtor_signs(
    ask: Ask,
    *,
    as_of: date,
    look_days: int = 180,
    paid_percent: int = 50,
    unwilling_causes: str = "unwilling",
    unable_causes: str = "cash_shortage",
    grace_days: int = 1,
    tolerance: float = 1.0,
) -> pl.DataFrame:
    """What speaks for or against the willingness and the ability of each overdue account's debtor to pay?"""
    return ask(
        "process/debtor_signs",
        {
            "as_of": as_of,
            "look_days": look_days,
            "paid_percent": paid_percent,
            "unwilling_causes": unwilling_causes,
            "unable_causes": unable_causes,
            "grace_days": grace_days,
            "tolerance": tolerance,
        },
    )


def overdue_facts(
    ask: Ask,
    *,
    as_of: date,
    to_date: date,
    history_days: int = 365,
    occasional_most: int = 1,
    habitual_least: int = 3,
    look_days: int = 180,
    paid_percent: int = 50,
    unwilling_causes: str = "unwilling",
    unable_causes: str = "cash_shortage",
    grace_days: int = 1,
    tolerance: float = 1.0,
) -> pl.DataFrame:
    """What is known of each overdue account on one day, and what had become of it on a later one?"""
    return ask(
        "process/overdue_facts",
        {
            "as_of": as_of,
            "to_date": to_date,
            "history_days": history_days,
            "occasional_most": occasional_most,
            "habitual_least": habitual_least,
            "look_days": look_days,
            "paid_percent": paid_percent,
            "unwilling_causes": unwilling_causes,
            "unable_causes": unable_causes,
            "grace_days": grace_days,
            "tolerance": tolerance,
        },
    )


def outcomes_by(
    ask: Ask,
    *,
    as_of: date,
    to_date: date,
    grouping_by: str = "risk_grade",
    then_by: str = "none",
    in_bucket: str = "all",
    history_days: int = 365,
    occasional_most: int = 1,
    habitual_least: int = 3,
    look_days: int = 180,
    paid_percent: int = 50,
    unwilling_causes: str = "unwilling",
    unable_causes: str = "cash_shortage",
    grace_days: int = 1,
    tolerance: float = 1.0,
) -> pl.DataFrame:
    """What became of overdue accounts, by risk grade, history, cause, willingness or ability?"""
    return ask(
        "process/outcomes_by",
        {
            "grouping_by": grouping_by,
            "then_by": then_by,
            "in_bucket": in_bucket,
            "as_of": as_of,
            "to_date": to_date,
            "history_days": history_days,
            "occasional_most": occasional_most,
            "habitual_least": habitual_least,
            "look_days": look_days,
            "paid_percent": paid_percent,
            "unwilling_causes": unwilling_causes,
            "unable_causes": unable_causes,
            "grace_days": grace_days,
            "tolerance": tolerance,
        },
    )


def letter_steps(
    ask: Ask,
    *,
    as_of: date,
    deadline_days: int = 15,
    follow_days: int = 15,
    early_days: int = 30,
    middle_days: int = 90,
) -> pl.DataFrame:
    """Was the deadline of each collection letter followed up?"""
    return ask(
        "process/letter_steps",
        {
            "as_of": as_of,
            "deadline_days": deadline_days,
            "follow_days": follow_days,
            "early_days": early_days,
            "middle_days": middle_days,
        },
    )
