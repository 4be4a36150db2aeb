"""Typed doors to `queries/`: a class a folder, a function a query, same name and parameters, a Polars frame back.

Generated from the headers in `queries/` by `make docs`; do not edit. A test fails when it is stale. Columns, units
and grain stand in the header of the query file; errors are QueryError and QueryTooSlowError.
"""

# ruff: noqa: E501, N801

from __future__ import annotations

from datetime import date

import polars as pl

from duewatch.engines import Ask


class accounts:
    """Queries of `queries/accounts/`."""

    @staticmethod
    def account_contacts(ask: Ask, *, account_id: str, as_of: date) -> pl.DataFrame:
        """By what means, when and with what outcome was there contact about one account?"""
        return ask("accounts/account_contacts", {"account_id": account_id, "as_of": as_of})

    @staticmethod
    def account_days(ask: Ask, *, account_id: str, as_of: date) -> pl.DataFrame:
        """How many days past due was one account, day by day?"""
        return ask("accounts/account_days", {"account_id": account_id, "as_of": as_of})

    @staticmethod
    def account_facts(ask: Ask, *, account_id: str, as_of: date) -> pl.DataFrame:
        """How does one account stand on one day?"""
        return ask("accounts/account_facts", {"account_id": account_id, "as_of": as_of})

    @staticmethod
    def account_findings(ask: Ask, *, account_id: str, as_of: date) -> pl.DataFrame:
        """Which contacts about one account broke a rule, or cannot be judged by it?"""
        return ask("accounts/account_findings", {"account_id": account_id, "as_of": as_of})

    @staticmethod
    def account_payments(ask: Ask, *, account_id: str, as_of: date) -> pl.DataFrame:
        """What was paid on one account, and what was taken back?"""
        return ask("accounts/account_payments", {"account_id": account_id, "as_of": as_of})

    @staticmethod
    def account_terms(ask: Ask, *, account_id: str, as_of: date) -> pl.DataFrame:
        """Which standing instructions, disputes and assignments held for one account, and from when to when?"""
        return ask("accounts/account_terms", {"account_id": account_id, "as_of": as_of})

    @staticmethod
    def debtor_accounts(ask: Ask, *, account_id: str, as_of: date) -> pl.DataFrame:
        """Which other accounts has the debtor of one account, and how late is each?"""
        return ask("accounts/debtor_accounts", {"account_id": account_id, "as_of": as_of})


class compliance:
    """Queries of `queries/compliance/`."""

    @staticmethod
    def accounts_without_region(ask: Ask) -> pl.DataFrame:
        """For which accounts can a rule of one state or province not be placed?"""
        return ask("compliance/accounts_without_region", {})

    @staticmethod
    def breach_rates(
        ask: Ask, *, from_date: date, to_date: date, pack_id: str = "all", rule_id: str = "all",
    ) -> pl.DataFrame:
        """How many contacts broke a rule in a period, of how many, and within what limits?"""
        return ask("compliance/breach_rates", {
            "from_date": from_date, "to_date": to_date, "pack_id": pack_id, "rule_id": rule_id,
        })

    @staticmethod
    def breaches_by_day(
        ask: Ask, *, from_date: date, to_date: date, pack_id: str = "all", rule_id: str = "all",
    ) -> pl.DataFrame:
        """How many contacts of each day broke a rule?"""
        return ask("compliance/breaches_by_day", {
            "from_date": from_date, "to_date": to_date, "pack_id": pack_id, "rule_id": rule_id,
        })

    @staticmethod
    def breaches_by_group(
        ask: Ask, *, from_date: date, to_date: date, grouping_by: str = "team", pack_id: str = "all",
        rule_id: str = "all",
    ) -> pl.DataFrame:
        """Which teams, channels or agencies did the breaching contacts come from?"""
        return ask("compliance/breaches_by_group", {
            "grouping_by": grouping_by, "from_date": from_date, "to_date": to_date, "pack_id": pack_id,
            "rule_id": rule_id,
        })

    @staticmethod
    def breaching_contacts(
        ask: Ask, *, from_date: date, to_date: date, pack_id: str = "all", rule_id: str = "all",
    ) -> pl.DataFrame:
        """Which contacts of the period broke a rule, or cannot be judged by one?"""
        return ask("compliance/breaching_contacts", {
            "from_date": from_date, "to_date": to_date, "pack_id": pack_id, "rule_id": rule_id,
        })

    @staticmethod
    def contact_hours(ask: Ask, *, from_date: date, to_date: date, channel: str = "all") -> pl.DataFrame:
        """At what hour of the debtor's day, and on which weekday, was contact made?"""
        return ask("compliance/contact_hours", {"from_date": from_date, "to_date": to_date, "channel": channel})

    @staticmethod
    def contacts_per_debtor(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """How often was each debtor contacted, and on how many days in a row?"""
        return ask("compliance/contacts_per_debtor", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def coverage_by_contact(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """Which law was asked about each contact of a period, and which could not be?"""
        return ask("compliance/coverage_by_contact", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def coverage_summary(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """How many contacts of a period were judged by law, and which were not, and why?"""
        return ask("compliance/coverage_summary", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def debt_marks(ask: Ask) -> pl.DataFrame:
        """Which debts of a contact about several did the collector raise, and which were talked about?"""
        return ask("compliance/debt_marks", {})

    @staticmethod
    def finding_contacts(ask: Ask, *, finding_key: str, around_days: int = 7) -> pl.DataFrame:
        """Which contacts prove one finding, and what else happened to that debtor around it?"""
        return ask("compliance/finding_contacts", {"finding_key": finding_key, "around_days": around_days})

    @staticmethod
    def finding_rows(
        ask: Ask, *, from_date: date, to_date: date, verdict: str = "breach", pack_id: str = "all",
        rule_id: str = "all", grouping_by: str = "team", group_name: str = "all",
    ) -> pl.DataFrame:
        """Which findings stand behind a number of breaches or of contacts that cannot be judged?"""
        return ask("compliance/finding_rows", {
            "from_date": from_date, "to_date": to_date, "verdict": verdict, "pack_id": pack_id, "rule_id": rule_id,
            "grouping_by": grouping_by, "group_name": group_name,
        })

    @staticmethod
    def group_rates(
        ask: Ask, *, from_date: date, to_date: date, grouping_by: str = "team", pack_id: str = "all",
        rule_id: str = "all",
    ) -> pl.DataFrame:
        """How often did the contacts of each group break a rule?"""
        return ask("compliance/group_rates", {
            "grouping_by": grouping_by, "from_date": from_date, "to_date": to_date, "pack_id": pack_id,
            "rule_id": rule_id,
        })

    @staticmethod
    def grouped_contacts(
        ask: Ask, *, from_date: date, to_date: date, grouping_by: str = "team", pack_id: str = "all",
        rule_id: str = "all",
    ) -> pl.DataFrame:
        """Which contacts of each team, channel or agency broke a rule, or cannot be judged by one?"""
        return ask("compliance/grouped_contacts", {
            "grouping_by": grouping_by, "from_date": from_date, "to_date": to_date, "pack_id": pack_id,
            "rule_id": rule_id,
        })

    @staticmethod
    def judged_days(ask: Ask) -> pl.DataFrame:
        """From when to when can contacts be judged?"""
        return ask("compliance/judged_days", {})

    @staticmethod
    def log_completeness(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """How complete is the contact log of a period, and what is wrong with it?"""
        return ask("compliance/log_completeness", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def log_faults(ask: Ask, *, from_date: date, to_date: date, gap: str) -> pl.DataFrame:
        """Which contacts of the log have a fault?"""
        return ask("compliance/log_faults", {"from_date": from_date, "to_date": to_date, "gap": gap})

    @staticmethod
    def logged_contacts(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """Which outbound contacts are in the log of a period, and is each logged in full?"""
        return ask("compliance/logged_contacts", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def places_in_scope(ask: Ask) -> pl.DataFrame:
        """Which accounts and debtors does a scope hold?"""
        return ask("compliance/places_in_scope", {})

    @staticmethod
    def rules_on_day(ask: Ask, *, on_day: date) -> pl.DataFrame:
        """Which dated versions of which rules was the book judged by, and what was the state of each on a day?"""
        return ask("compliance/rules_on_day", {"on_day": on_day})

    @staticmethod
    def third_party_contacts(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """Who other than the debtor was contacted, and does a rule allow it?"""
        return ask("compliance/third_party_contacts", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def verdict_reasons(
        ask: Ask, *, from_date: date, to_date: date, pack_id: str = "all", rule_id: str = "all",
    ) -> pl.DataFrame:
        """Why is a contact exempt, in breach or not assessable?"""
        return ask("compliance/verdict_reasons", {
            "from_date": from_date, "to_date": to_date, "pack_id": pack_id, "rule_id": rule_id,
        })

    @staticmethod
    def verdicts_by_rule(
        ask: Ask, *, from_date: date, to_date: date, pack_id: str = "all", rule_id: str = "all",
    ) -> pl.DataFrame:
        """How many contacts did each rule find in breach, in order, exempt or not assessable?"""
        return ask("compliance/verdicts_by_rule", {
            "from_date": from_date, "to_date": to_date, "pack_id": pack_id, "rule_id": rule_id,
        })


class contacts:
    """Queries of `queries/contacts/`."""

    @staticmethod
    def attempts(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """What came of each outbound contact, and how late was the account then?"""
        return ask("contacts/attempts", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def attempts_in_cell(
        ask: Ask, *, bucket: str, from_date: date, to_date: date, channel: str = "all", isodow: int = 0, hour: int = -1,
        step: str = "attempts", grace_days: int = 1, tolerance: float = 1.0,
    ) -> pl.DataFrame:
        """Which outbound contacts make up one row of the funnel?"""
        return ask("contacts/attempts_in_cell", {
            "bucket": bucket, "channel": channel, "isodow": isodow, "hour": hour, "step": step, "from_date": from_date,
            "to_date": to_date, "grace_days": grace_days, "tolerance": tolerance,
        })

    @staticmethod
    def contact_promises(ask: Ask, *, to_date: date, grace_days: int = 1, tolerance: float = 1.0) -> pl.DataFrame:
        """Which promises were made in a contact, and was each kept by the end of the period?"""
        return ask("contacts/contact_promises", {"to_date": to_date, "grace_days": grace_days, "tolerance": tolerance})

    @staticmethod
    def coverage(
        ask: Ask, *, from_date: date, to_date: date, bucket: str = "all", channel: str = "all",
    ) -> pl.DataFrame:
        """What share of the collectible accounts was tried at all, and how often were those tried?"""
        return ask("contacts/coverage", {
            "bucket": bucket, "channel": channel, "from_date": from_date, "to_date": to_date,
        })

    @staticmethod
    def coverage_accounts(
        ask: Ask, *, from_date: date, to_date: date, bucket: str = "all", channel: str = "all",
    ) -> pl.DataFrame:
        """How often was each collectible account tried while it was overdue, in each bucket it stood in?"""
        return ask("contacts/coverage_accounts", {
            "bucket": bucket, "channel": channel, "from_date": from_date, "to_date": to_date,
        })

    @staticmethod
    def funnel(
        ask: Ask, *, from_date: date, to_date: date, grace_days: int = 1, tolerance: float = 1.0,
    ) -> pl.DataFrame:
        """How far do outbound contacts get: connected, right party, promise, kept?"""
        return ask("contacts/funnel", {
            "from_date": from_date, "to_date": to_date, "grace_days": grace_days, "tolerance": tolerance,
        })

    @staticmethod
    def funnel_steps(
        ask: Ask, *, from_date: date, to_date: date, bucket: str = "all", channel: str = "all", grace_days: int = 1,
        tolerance: float = 1.0,
    ) -> pl.DataFrame:
        """How many outbound contacts of one bucket and channel got how far?"""
        return ask("contacts/funnel_steps", {
            "bucket": bucket, "channel": channel, "from_date": from_date, "to_date": to_date, "grace_days": grace_days,
            "tolerance": tolerance,
        })

    @staticmethod
    def promise_yield(
        ask: Ask, *, from_date: date, to_date: date, as_of: date, by_week: bool = True, bucket: str = "all",
        channel: str = "all", grace_days: int = 1, tolerance: float = 1.0,
    ) -> pl.DataFrame:
        """Of the right-party contacts of each week, how many ended in a promise, and how many in one that was kept?"""
        return ask("contacts/promise_yield", {
            "by_week": by_week, "bucket": bucket, "channel": channel, "from_date": from_date, "to_date": to_date,
            "as_of": as_of, "grace_days": grace_days, "tolerance": tolerance,
        })

    @staticmethod
    def reach_by(
        ask: Ask, *, from_date: date, to_date: date, grouping_by: str = "all", bucket: str = "all",
        channel: str = "all",
    ) -> pl.DataFrame:
        """How often does an attempt reach the debtor, in each group?"""
        return ask("contacts/reach_by", {
            "grouping_by": grouping_by, "bucket": bucket, "channel": channel, "from_date": from_date,
            "to_date": to_date,
        })

    @staticmethod
    def reach_change(ask: Ask, *, split_on: date, from_date: date, to_date: date, channel: str = "all") -> pl.DataFrame:
        """How much of a change in the right-party rate is the rate within bucket and channel, and how much the mix?"""
        return ask("contacts/reach_change", {
            "split_on": split_on, "channel": channel, "from_date": from_date, "to_date": to_date,
        })

    @staticmethod
    def reached(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """Whom did each outbound contact reach?"""
        return ask("contacts/reached", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def yield_contacts(
        ask: Ask, *, from_date: date, to_date: date, as_of: date, bucket: str = "all", channel: str = "all",
        grace_days: int = 1, tolerance: float = 1.0,
    ) -> pl.DataFrame:
        """Which outbound contacts reached the debtor, and did each end in a promise, and in one that was kept?"""
        return ask("contacts/yield_contacts", {
            "bucket": bucket, "channel": channel, "from_date": from_date, "to_date": to_date, "as_of": as_of,
            "grace_days": grace_days, "tolerance": tolerance,
        })


class data:
    """Queries of `queries/data/`."""

    @staticmethod
    def assumptions(ask: Ask) -> pl.DataFrame:
        """What was read otherwise than it is written, and what could not be read at all in rows that are in the
        book?"""
        return ask("data/assumptions", {})

    @staticmethod
    def balance_gaps(ask: Ask, *, as_of: date) -> pl.DataFrame:
        """Which accounts' balances do not add up on one day?"""
        return ask("data/balance_gaps", {"as_of": as_of})

    @staticmethod
    def balance_identities(ask: Ask, *, as_of: date) -> pl.DataFrame:
        """What does each account's balance come to when it is reckoned another way?"""
        return ask("data/balance_identities", {"as_of": as_of})

    @staticmethod
    def balance_identity(ask: Ask, *, as_of: date) -> pl.DataFrame:
        """Do balances add up on one day, from their parts and from the schedule?"""
        return ask("data/balance_identity", {"as_of": as_of})

    @staticmethod
    def book_facts(ask: Ask) -> pl.DataFrame:
        """How was this book built?"""
        return ask("data/book_facts", {})

    @staticmethod
    def column_presence(ask: Ask) -> pl.DataFrame:
        """Which columns of the contract were given, and how full is each?"""
        return ask("data/column_presence", {})

    @staticmethod
    def contact_log_gaps(ask: Ask) -> pl.DataFrame:
        """What does the contact log leave out?"""
        return ask("data/contact_log_gaps", {})

    @staticmethod
    def date_ranges(ask: Ask) -> pl.DataFrame:
        """From which day to which day does each dated table reach?"""
        return ask("data/date_ranges", {})

    @staticmethod
    def days_past_due_agreement(ask: Ask) -> pl.DataFrame:
        """Do the recorded days past due agree with the instalments and payments?"""
        return ask("data/days_past_due_agreement", {})

    @staticmethod
    def field_completeness(ask: Ask, *, as_of: date, grouping_by: str = "product") -> pl.DataFrame:
        """Which of the fields that must be known before a first contact are filled, by product or team?"""
        return ask("data/field_completeness", {"as_of": as_of, "grouping_by": grouping_by})

    @staticmethod
    def loads(ask: Ask) -> pl.DataFrame:
        """Which files were read, and how many of their rows are in the book?"""
        return ask("data/loads", {})

    @staticmethod
    def log_latency(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """How long after a contact is it recorded?"""
        return ask("data/log_latency", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def promises_not_judged(ask: Ask, *, as_of: date) -> pl.DataFrame:
        """Which promises can be neither kept nor broken, and what is wrong with each?"""
        return ask("data/promises_not_judged", {"as_of": as_of})

    @staticmethod
    def rejected_rows(ask: Ask, *, table_name: str = "all", reason: str = "all") -> pl.DataFrame:
        """Which rows were rejected, and what stood in them?"""
        return ask("data/rejected_rows", {"table_name": table_name, "reason": reason})

    @staticmethod
    def rejects_by_reason(ask: Ask) -> pl.DataFrame:
        """Why were rows rejected?"""
        return ask("data/rejects_by_reason", {})


class evidence:
    """Queries of `queries/evidence/`."""

    @staticmethod
    def contacts_counted(
        ask: Ask, *, from_date: date, to_date: date, undated: bool = True, verdict: str = "breach",
        rule_ids: str = "all", account_ids: str = "all", finding_keys: str = "all",
    ) -> pl.DataFrame:
        """Which contacts were counted for each finding of a choice?"""
        return ask("evidence/contacts_counted", {
            "from_date": from_date, "to_date": to_date, "undated": undated, "verdict": verdict, "rule_ids": rule_ids,
            "account_ids": account_ids, "finding_keys": finding_keys,
        })

    @staticmethod
    def findings_chosen(
        ask: Ask, *, from_date: date, to_date: date, undated: bool = True, verdict: str = "breach",
        rule_ids: str = "all", account_ids: str = "all", finding_keys: str = "all",
    ) -> pl.DataFrame:
        """Which findings does a choice of rules, accounts, findings and days hold, and what does each rest on?"""
        return ask("evidence/findings_chosen", {
            "from_date": from_date, "to_date": to_date, "undated": undated, "verdict": verdict, "rule_ids": rule_ids,
            "account_ids": account_ids, "finding_keys": finding_keys,
        })

    @staticmethod
    def rules_applied(
        ask: Ask, *, from_date: date, to_date: date, undated: bool = True, verdict: str = "breach",
        rule_ids: str = "all", account_ids: str = "all", finding_keys: str = "all",
    ) -> pl.DataFrame:
        """Which dated versions of which rules do the findings of a choice rest on, and where were they read?"""
        return ask("evidence/rules_applied", {
            "from_date": from_date, "to_date": to_date, "undated": undated, "verdict": verdict, "rule_ids": rule_ids,
            "account_ids": account_ids, "finding_keys": finding_keys,
        })


class explore:
    """Queries of `queries/explore/`."""

    @staticmethod
    def account_states(ask: Ask, *, as_of: date) -> pl.DataFrame:
        """How did each account stand between its snapshots, as far as was known on one day?"""
        return ask("explore/account_states", {"as_of": as_of})

    @staticmethod
    def breach_units(
        ask: Ask, *, from_date: date, to_date: date, pack_id: str = "all", rule_id: str = "all",
    ) -> pl.DataFrame:
        """Which contacts of a period broke a rule?"""
        return ask("explore/breach_units", {
            "from_date": from_date, "to_date": to_date, "pack_id": pack_id, "rule_id": rule_id,
        })

    @staticmethod
    def contact_units(ask: Ask, *, from_date: date, to_date: date, reach: str = "connected") -> pl.DataFrame:
        """Which outbound contacts of a period got through?"""
        return ask("explore/contact_units", {"reach": reach, "from_date": from_date, "to_date": to_date})

    @staticmethod
    def first_right_party_units(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """How many days after an account entered a bucket was the debtor first reached?"""
        return ask("explore/first_right_party_units", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def intensity_units(
        ask: Ask, *, from_date: date, to_date: date, as_of: date, early_days: int = 30, middle_days: int = 90,
    ) -> pl.DataFrame:
        """How often was each collectible account contacted in each stage?"""
        return ask("explore/intensity_units", {
            "from_date": from_date, "to_date": to_date, "early_days": early_days, "middle_days": middle_days,
            "as_of": as_of,
        })

    @staticmethod
    def move_units(ask: Ask, *, from_bucket: str, from_date: date, to_date: date, move: str = "worse") -> pl.DataFrame:
        """Which accounts of one bucket got worse or cured by a later snapshot day?"""
        return ask("explore/move_units", {
            "from_bucket": from_bucket, "move": move, "from_date": from_date, "to_date": to_date,
        })

    @staticmethod
    def placed_units(
        ask: Ask, *, as_of: date, dim_1: str = "none", dim_2: str = "none", measure: str = "overdue_balance",
    ) -> pl.DataFrame:
        """To which group does each unit of a metric belong, by up to two dimensions?"""
        return ask("explore/placed_units", {"dim_1": dim_1, "dim_2": dim_2, "as_of": as_of, "measure": measure})

    @staticmethod
    def process_units(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """How many things did the process judge, and how many were kept?"""
        return ask("explore/process_units", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def promise_units(
        ask: Ask, *, from_date: date, to_date: date, as_of: date, weight: str = "count", grace_days: int = 1,
        tolerance: float = 1.0,
    ) -> pl.DataFrame:
        """Which decided promises of a period were kept?"""
        return ask("explore/promise_units", {
            "weight": weight, "from_date": from_date, "to_date": to_date, "as_of": as_of, "grace_days": grace_days,
            "tolerance": tolerance,
        })

    @staticmethod
    def recovery_units(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """Which accounts were or became overdue in a period, and what was collected from each?"""
        return ask("explore/recovery_units", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def segment_units(
        ask: Ask, *, as_of: date, group_1: str = "all", group_2: str = "all", dim_1: str = "none", dim_2: str = "none",
        measure: str = "overdue_balance",
    ) -> pl.DataFrame:
        """Which units of a metric make up one group?"""
        return ask("explore/segment_units", {
            "group_1": group_1, "group_2": group_2, "dim_1": dim_1, "dim_2": dim_2, "as_of": as_of, "measure": measure,
        })

    @staticmethod
    def segments(
        ask: Ask, *, as_of: date, least: int = 10, limits: str = "share", dim_1: str = "none", dim_2: str = "none",
        measure: str = "overdue_balance",
    ) -> pl.DataFrame:
        """How does a metric differ between groups, by up to two dimensions?"""
        return ask("explore/segments", {
            "least": least, "limits": limits, "dim_1": dim_1, "dim_2": dim_2, "as_of": as_of, "measure": measure,
        })

    @staticmethod
    def standing_units(ask: Ask, *, as_of: date, measure: str = "overdue_balance") -> pl.DataFrame:
        """Which accounts on the book on one day make up a rate of the book?"""
        return ask("explore/standing_units", {"measure": measure, "as_of": as_of})


class marts:
    """Queries of `queries/marts/`."""

    @staticmethod
    def outbound_contacts(ask: Ask) -> pl.DataFrame:
        """Whom did each outbound contact reach, and how late was the account by then?"""
        return ask("marts/outbound_contacts", {})

    @staticmethod
    def overdue_runs(ask: Ask, *, due_date_is_day_one: bool = False) -> pl.DataFrame:
        """On which days was each account overdue, since when was its oldest instalment due, and was it written off by
        then?"""
        return ask("marts/overdue_runs", {"due_date_is_day_one": due_date_is_day_one})

    @staticmethod
    def promise_payments(ask: Ask, *, grace_days: int = 1) -> pl.DataFrame:
        """Which payment of a settled account went to which promise, and how much of it?"""
        return ask("marts/promise_payments", {"grace_days": grace_days})

    @staticmethod
    def promise_settled(ask: Ask, *, grace_days: int = 1) -> pl.DataFrame:
        """Of which accounts with promises can payments be allocated once, whatever the day of judgement?"""
        return ask("marts/promise_settled", {"grace_days": grace_days})


class portfolio:
    """Queries of `queries/portfolio/`."""

    @staticmethod
    def about_to_cross(ask: Ask, *, as_of: date, within_days: int = 7) -> pl.DataFrame:
        """Which accounts will cross into the next bucket within some days if nothing is paid?"""
        return ask("portfolio/about_to_cross", {"within_days": within_days, "as_of": as_of})

    @staticmethod
    def account_moves(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """Where did each account of one snapshot day stand on a later one?"""
        return ask("portfolio/account_moves", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def accounts_falling_due(ask: Ask, *, from_date: date, to_date: date, as_of: date) -> pl.DataFrame:
        """Which accounts had an instalment fall due while they were current, and which of them came past due by it?"""
        return ask("portfolio/accounts_falling_due", {"from_date": from_date, "to_date": to_date, "as_of": as_of})

    @staticmethod
    def accounts_in_bucket(ask: Ask, *, bucket: str, as_of: date) -> pl.DataFrame:
        """Which accounts make up one bucket on one day?"""
        return ask("portfolio/accounts_in_bucket", {"bucket": bucket, "as_of": as_of})

    @staticmethod
    def accounts_on_day(ask: Ask, *, as_of: date) -> pl.DataFrame:
        """Which accounts are on the book on one day, and how late is each?"""
        return ask("portfolio/accounts_on_day", {"as_of": as_of})

    @staticmethod
    def aging_buckets(ask: Ask, *, as_of: date) -> pl.DataFrame:
        """How does the book spread over aging buckets on one day?"""
        return ask("portfolio/aging_buckets", {"as_of": as_of})

    @staticmethod
    def aging_by_day(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """How did the spread over aging buckets move from snapshot day to snapshot day?"""
        return ask("portfolio/aging_by_day", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def book_totals(ask: Ask, *, as_of: date) -> pl.DataFrame:
        """How large is the book on one day, and how much of it is overdue?"""
        return ask("portfolio/book_totals", {"as_of": as_of})

    @staticmethod
    def bridge_accounts(ask: Ask, *, component: str, from_date: date, to_date: date) -> pl.DataFrame:
        """Which accounts make up one component of the overdue waterfall?"""
        return ask("portfolio/bridge_accounts", {"component": component, "from_date": from_date, "to_date": to_date})

    @staticmethod
    def bucket_bounds(ask: Ask) -> pl.DataFrame:
        """Where does each aging bucket of this book begin and end?"""
        return ask("portfolio/bucket_bounds", {})

    @staticmethod
    def cured_accounts(ask: Ask, *, as_of: date, from_date: date, to_date: date, hold_days: int = 30) -> pl.DataFrame:
        """Which overdue accounts had cured by a later day, and did they stay current for some days after it?"""
        return ask("portfolio/cured_accounts", {
            "as_of": as_of, "hold_days": hold_days, "from_date": from_date, "to_date": to_date,
        })

    @staticmethod
    def cures_held(ask: Ask, *, as_of: date, from_date: date, to_date: date, hold_days: int = 30) -> pl.DataFrame:
        """Of each bucket's accounts, how many cured by a later day, and how many of those were still current 30 days
        on?"""
        return ask("portfolio/cures_held", {
            "as_of": as_of, "hold_days": hold_days, "from_date": from_date, "to_date": to_date,
        })

    @staticmethod
    def delinquency_rates(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """How large is each bucket against what is owed today, and against what was owed when its accounts were
        current?"""
        return ask("portfolio/delinquency_rates", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def entry_by_due_month(ask: Ask, *, from_date: date, to_date: date, as_of: date) -> pl.DataFrame:
        """Of the current accounts with an instalment due, what share was past due the next day, by month?"""
        return ask("portfolio/entry_by_due_month", {"from_date": from_date, "to_date": to_date, "as_of": as_of})

    @staticmethod
    def first_day_past_due(ask: Ask) -> pl.DataFrame:
        """How many days after its due date is an unpaid instalment first past due?"""
        return ask("portfolio/first_day_past_due", {})

    @staticmethod
    def first_instalments(
        ask: Ask, *, from_date: date, to_date: date, as_of: date, unpaid_days: int = 30,
    ) -> pl.DataFrame:
        """Which loans' first instalment was still open so many days after it was due?"""
        return ask("portfolio/first_instalments", {
            "from_date": from_date, "to_date": to_date, "as_of": as_of, "unpaid_days": unpaid_days,
        })

    @staticmethod
    def first_payment_default(
        ask: Ask, *, from_date: date, to_date: date, as_of: date, unpaid_days: int = 30,
    ) -> pl.DataFrame:
        """Of the loans whose first instalment fell due in a month, what share was still unpaid so many days later?"""
        return ask("portfolio/first_payment_default", {
            "from_date": from_date, "to_date": to_date, "as_of": as_of, "unpaid_days": unpaid_days,
        })

    @staticmethod
    def flow_to_loss(ask: Ask, *, from_date: date, to_date: date, segment_by: str = "all") -> pl.DataFrame:
        """How large is each bucket against the one before it a step earlier, from M0 through to what was written
        off?"""
        return ask("portfolio/flow_to_loss", {"from_date": from_date, "to_date": to_date, "segment_by": segment_by})

    @staticmethod
    def month_closes(ask: Ask, *, as_of: date) -> pl.DataFrame:
        """Which snapshot day stands for the close of each calendar month?"""
        return ask("portfolio/month_closes", {"as_of": as_of})

    @staticmethod
    def month_days(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """Which snapshot days lie months apart, counted back from the last one?"""
        return ask("portfolio/month_days", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def move_shares(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """What share of each bucket's accounts and balance made each move?"""
        return ask("portfolio/move_shares", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def moves_by_segment(
        ask: Ask, *, from_bucket: str, from_date: date, to_date: date, segment_by: str = "product",
    ) -> pl.DataFrame:
        """Of each segment's accounts on one day, how many got worse and how many cured by a later day?"""
        return ask("portfolio/moves_by_segment", {
            "segment_by": segment_by, "from_bucket": from_bucket, "from_date": from_date, "to_date": to_date,
        })

    @staticmethod
    def net_flow(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """How large is each bucket against the bucket before it one step earlier (net flow rate)?"""
        return ask("portfolio/net_flow", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def net_flow_by_day(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """How did each net flow rate move from month to month?"""
        return ask("portfolio/net_flow_by_day", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def overdue_bridge(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """Why did the overdue balance move between two snapshot days?"""
        return ask("portfolio/overdue_bridge", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def overdue_bridge_by(ask: Ask, *, from_date: date, to_date: date, segment_by: str = "product") -> pl.DataFrame:
        """Why did the overdue balance of each product or branch move between two snapshot days?"""
        return ask("portfolio/overdue_bridge_by", {
            "segment_by": segment_by, "from_date": from_date, "to_date": to_date,
        })

    @staticmethod
    def overdue_by_segment(ask: Ask, *, as_of: date, segment_by: str = "product") -> pl.DataFrame:
        """How much of each product, branch or grade is overdue on one day?"""
        return ask("portfolio/overdue_by_segment", {"segment_by": segment_by, "as_of": as_of})

    @staticmethod
    def overdue_moves(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """Which account moved the overdue balance between two snapshot days, by how much, and why?"""
        return ask("portfolio/overdue_moves", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def rate_changes(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """Did the overdue rate and the 90+ share really move between two snapshot days?"""
        return ask("portfolio/rate_changes", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def roll_and_cure(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """Of each bucket's accounts on one day, how many got worse and how many cured by a later day?"""
        return ask("portfolio/roll_and_cure", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def scope_choices(ask: Ask) -> pl.DataFrame:
        """Which branches, products and currencies does the book have?"""
        return ask("portfolio/scope_choices", {})

    @staticmethod
    def segment_moves(ask: Ask, *, from_bucket: str, from_date: date, to_date: date) -> pl.DataFrame:
        """Which accounts of a bucket, or of all overdue ones, got worse and which cured by a later day?"""
        return ask("portfolio/segment_moves", {"from_bucket": from_bucket, "from_date": from_date, "to_date": to_date})

    @staticmethod
    def snapshot_days(ask: Ask) -> pl.DataFrame:
        """On which days was the book recorded?"""
        return ask("portfolio/snapshot_days", {})

    @staticmethod
    def stages(ask: Ask, *, as_of: date) -> pl.DataFrame:
        """How would days past due alone stage the book under IFRS 9 (proxy)?"""
        return ask("portfolio/stages", {"as_of": as_of})

    @staticmethod
    def step_moves(ask: Ask, *, from_date: date, to_date: date, segment_by: str = "all") -> pl.DataFrame:
        """Where did the accounts of each bucket go in every step of a month?"""
        return ask("portfolio/step_moves", {"segment_by": segment_by, "from_date": from_date, "to_date": to_date})

    @staticmethod
    def thirty_day_accounts(ask: Ask, *, from_bucket: str, to_bucket: str, to_date: date) -> pl.DataFrame:
        """Which accounts made one move in the 30-day step?"""
        return ask("portfolio/thirty_day_accounts", {
            "from_bucket": from_bucket, "to_bucket": to_bucket, "to_date": to_date,
        })

    @staticmethod
    def thirty_day_moves(ask: Ask, *, to_date: date) -> pl.DataFrame:
        """Where does each account of 30 days ago stand now?"""
        return ask("portfolio/thirty_day_moves", {"to_date": to_date})

    @staticmethod
    def transition_accounts(
        ask: Ask, *, from_bucket: str, to_bucket: str, from_date: date, to_date: date,
    ) -> pl.DataFrame:
        """Which accounts made one move between two snapshot days?"""
        return ask("portfolio/transition_accounts", {
            "from_bucket": from_bucket, "to_bucket": to_bucket, "from_date": from_date, "to_date": to_date,
        })

    @staticmethod
    def transitions(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """Of the accounts in each bucket on one day, what share stands where on a later day?"""
        return ask("portfolio/transitions", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def transitions_30_day(ask: Ask, *, to_date: date) -> pl.DataFrame:
        """Of the accounts in each bucket 30 days ago, what share stands where now?"""
        return ask("portfolio/transitions_30_day", {"to_date": to_date})

    @staticmethod
    def triple_moves(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """Does where an account goes next depend on where it came from?"""
        return ask("portfolio/triple_moves", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def vintage(ask: Ask, *, as_of: date, min_bucket: str = "M2", ever: bool = True) -> pl.DataFrame:
        """Of the accounts opened in one month, how much is bad at each age in months?"""
        return ask("portfolio/vintage", {"as_of": as_of, "min_bucket": min_bucket, "ever": ever})


class process:
    """Queries of `queries/process/`."""

    @staticmethod
    def account_steps(
        ask: Ask, *, as_of: date, fields: str = "name,id_number,phone,contract_no,annual_rate", early_days: int = 30,
        middle_days: int = 90,
    ) -> pl.DataFrame:
        """Were the data that must be known before the first contact known when each account was contacted?"""
        return ask("process/account_steps", {
            "as_of": as_of, "fields": fields, "early_days": early_days, "middle_days": middle_days,
        })

    @staticmethod
    def call_steps(
        ask: Ask, *, as_of: date, wait_hours: int = 24, early_days: int = 30, middle_days: int = 90,
    ) -> pl.DataFrame:
        """Was the first call of each spell made only after a reminder, a wait and silence?"""
        return ask("process/call_steps", {
            "wait_hours": wait_hours, "as_of": as_of, "early_days": early_days, "middle_days": middle_days,
        })

    @staticmethod
    def check_counts(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """How many things did each rule of the process judge, with which verdict, on which day and in which stage?"""
        return ask("process/check_counts", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def check_findings(
        ask: Ask, *, from_date: date, to_date: date, rule_id: str = "all", verdict: str = "breach",
    ) -> pl.DataFrame:
        """What broke a rule of the process, or cannot be judged by it?"""
        return ask("process/check_findings", {
            "from_date": from_date, "to_date": to_date, "rule_id": rule_id, "verdict": verdict,
        })

    @staticmethod
    def check_missing(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """Which column is missing where a rule of the process cannot be assessed?"""
        return ask("process/check_missing", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def checks(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """How often was each rule of the process kept, broken or not assessable?"""
        return ask("process/checks", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def checks_by(
        ask: Ask, *, from_date: date, to_date: date, rule_id: str = "all", grouping_by: str = "stage",
    ) -> pl.DataFrame:
        """How often was a rule of the process kept in each stage, team, month, branch or product?"""
        return ask("process/checks_by", {
            "rule_id": rule_id, "grouping_by": grouping_by, "from_date": from_date, "to_date": to_date,
        })

    @staticmethod
    def contact_stages(ask: Ask, *, as_of: date, early_days: int = 30, middle_days: int = 90) -> pl.DataFrame:
        """In which spell and stage was the account at each contact?"""
        return ask("process/contact_stages", {"as_of": as_of, "early_days": early_days, "middle_days": middle_days})

    @staticmethod
    def contact_steps(
        ask: Ask, *, as_of: date, posting_days: int = 1,
        in_messages: str = "name,contract_no,overdue_amount,days_past_due,minimum_due,deadline,payment_channel",
        in_letters: str = "debt_details,days_past_due,amount_split,contract_basis,deadline,further_measures,official_contact",
        early_days: int = 30, middle_days: int = 90,
    ) -> pl.DataFrame:
        """Was each contact made while something was owed, with a complete text, and logged so that it can be traced?"""
        return ask("process/contact_steps", {
            "posting_days": posting_days, "in_messages": in_messages, "in_letters": in_letters, "as_of": as_of,
            "early_days": early_days, "middle_days": middle_days,
        })

    @staticmethod
    def debtor_signs(
        ask: Ask, *, as_of: date, look_days: int = 180, paid_percent: int = 50, unwilling_causes: str = "unwilling",
        unable_causes: str = "cash_shortage", grace_days: int = 1, tolerance: float = 1.0,
    ) -> pl.DataFrame:
        """What speaks for or against the willingness and the ability of each overdue account's debtor to pay?"""
        return ask("process/debtor_signs", {
            "as_of": as_of, "look_days": look_days, "paid_percent": paid_percent, "unwilling_causes": unwilling_causes,
            "unable_causes": unable_causes, "grace_days": grace_days, "tolerance": tolerance,
        })

    @staticmethod
    def dispute_steps(
        ask: Ask, *, as_of: date, ack_days: int = 1, answer_days: int = 30, early_days: int = 30, middle_days: int = 90,
    ) -> pl.DataFrame:
        """Was each dispute acknowledged and answered in time?"""
        return ask("process/dispute_steps", {
            "as_of": as_of, "ack_days": ack_days, "answer_days": answer_days, "early_days": early_days,
            "middle_days": middle_days,
        })

    @staticmethod
    def escalation_steps(ask: Ask, *, as_of: date, early_days: int = 30, middle_days: int = 90) -> pl.DataFrame:
        """Was each letter and visit made late enough, and after a quieter word?"""
        return ask("process/escalation_steps", {"as_of": as_of, "early_days": early_days, "middle_days": middle_days})

    @staticmethod
    def first_calls(ask: Ask, *, as_of: date, early_days: int = 30, middle_days: int = 90) -> pl.DataFrame:
        """Which contact was the first call of each spell?"""
        return ask("process/first_calls", {"as_of": as_of, "early_days": early_days, "middle_days": middle_days})

    @staticmethod
    def first_steps(ask: Ask, *, as_of: date, early_days: int = 30, middle_days: int = 90) -> pl.DataFrame:
        """Did each spell begin with a quiet reminder, by the channel that the debtor prefers?"""
        return ask("process/first_steps", {"as_of": as_of, "early_days": early_days, "middle_days": middle_days})

    @staticmethod
    def intensity(
        ask: Ask, *, from_date: date, to_date: date, as_of: date, early_days: int = 30, middle_days: int = 90,
    ) -> pl.DataFrame:
        """How often is an overdue account contacted on a day, in each stage and risk grade?"""
        return ask("process/intensity", {
            "from_date": from_date, "to_date": to_date, "early_days": early_days, "middle_days": middle_days,
            "as_of": as_of,
        })

    @staticmethod
    def intensity_accounts(
        ask: Ask, *, from_date: date, to_date: date, as_of: date, early_days: int = 30, middle_days: int = 90,
    ) -> pl.DataFrame:
        """On how many days was each account overdue in each stage of a period, and how often was it contacted on
        them?"""
        return ask("process/intensity_accounts", {
            "from_date": from_date, "to_date": to_date, "early_days": early_days, "middle_days": middle_days,
            "as_of": as_of,
        })

    @staticmethod
    def late_escalation(
        ask: Ask, *, as_of: date, early_days: int = 30, late_days: int = 30, middle_days: int = 90,
    ) -> pl.DataFrame:
        """Was collection stepped up soon enough after the early stage?"""
        return ask("process/late_escalation", {
            "as_of": as_of, "early_days": early_days, "late_days": late_days, "middle_days": middle_days,
        })

    @staticmethod
    def legal_readiness(ask: Ask, *, as_of: date, middle_days: int = 90) -> pl.DataFrame:
        """Of the accounts past the middle stage, for how many is what legal steps would need on file?"""
        return ask("process/legal_readiness", {"as_of": as_of, "middle_days": middle_days})

    @staticmethod
    def letter_steps(
        ask: Ask, *, as_of: date, deadline_days: int = 15, follow_days: int = 15, early_days: int = 30,
        middle_days: int = 90,
    ) -> pl.DataFrame:
        """Was the deadline of each collection letter followed up?"""
        return ask("process/letter_steps", {
            "deadline_days": deadline_days, "follow_days": follow_days, "as_of": as_of, "early_days": early_days,
            "middle_days": middle_days,
        })

    @staticmethod
    def outcomes_by(
        ask: Ask, *, as_of: date, to_date: date, grouping_by: str = "risk_grade", then_by: str = "none",
        in_bucket: str = "all", history_days: int = 365, occasional_most: int = 1, habitual_least: int = 3,
        look_days: int = 180, paid_percent: int = 50, unwilling_causes: str = "unwilling",
        unable_causes: str = "cash_shortage", grace_days: int = 1, tolerance: float = 1.0,
    ) -> pl.DataFrame:
        """What became of overdue accounts, by risk grade, history, cause, willingness or ability?"""
        return ask("process/outcomes_by", {
            "grouping_by": grouping_by, "then_by": then_by, "in_bucket": in_bucket, "as_of": as_of, "to_date": to_date,
            "history_days": history_days, "occasional_most": occasional_most, "habitual_least": habitual_least,
            "look_days": look_days, "paid_percent": paid_percent, "unwilling_causes": unwilling_causes,
            "unable_causes": unable_causes, "grace_days": grace_days, "tolerance": tolerance,
        })

    @staticmethod
    def overdue_facts(
        ask: Ask, *, as_of: date, to_date: date, history_days: int = 365, occasional_most: int = 1,
        habitual_least: int = 3, look_days: int = 180, paid_percent: int = 50, unwilling_causes: str = "unwilling",
        unable_causes: str = "cash_shortage", grace_days: int = 1, tolerance: float = 1.0,
    ) -> pl.DataFrame:
        """What is known of each overdue account on one day, and what had become of it on a later one?"""
        return ask("process/overdue_facts", {
            "as_of": as_of, "to_date": to_date, "history_days": history_days, "occasional_most": occasional_most,
            "habitual_least": habitual_least, "look_days": look_days, "paid_percent": paid_percent,
            "unwilling_causes": unwilling_causes, "unable_causes": unable_causes, "grace_days": grace_days,
            "tolerance": tolerance,
        })

    @staticmethod
    def promise_facts(
        ask: Ask, *, as_of: date, grace_days: int = 1, tolerance: float = 1.0, early_days: int = 30,
        middle_days: int = 90, reminder_days: int = 3,
    ) -> pl.DataFrame:
        """What was owed when each promise was made, and what did the lender do until it fell due?"""
        return ask("process/promise_facts", {
            "as_of": as_of, "grace_days": grace_days, "tolerance": tolerance, "early_days": early_days,
            "middle_days": middle_days, "reminder_days": reminder_days,
        })

    @staticmethod
    def promise_steps(
        ask: Ask, *, as_of: date, horizon_days: int = 45, grace_days: int = 1, tolerance: float = 1.0,
        early_days: int = 30, middle_days: int = 90, reminder_days: int = 3,
    ) -> pl.DataFrame:
        """Was each promise sound, reminded of before it fell due, and left in peace until then?"""
        return ask("process/promise_steps", {
            "as_of": as_of, "horizon_days": horizon_days, "grace_days": grace_days, "tolerance": tolerance,
            "early_days": early_days, "middle_days": middle_days, "reminder_days": reminder_days,
        })

    @staticmethod
    def response_steps(
        ask: Ask, *, as_of: date, record_days: int = 2, early_days: int = 30, middle_days: int = 90,
    ) -> pl.DataFrame:
        """Was what the debtor said (a promise, a dispute, hardship) recorded?"""
        return ask("process/response_steps", {
            "record_days": record_days, "as_of": as_of, "early_days": early_days, "middle_days": middle_days,
        })

    @staticmethod
    def stage_kpis(ask: Ask, *, as_of: date, from_date: date, to_date: date) -> pl.DataFrame:
        """How does each stage of the process do by the measures that the template implies for it?"""
        return ask("process/stage_kpis", {"as_of": as_of, "from_date": from_date, "to_date": to_date})

    @staticmethod
    def touches(ask: Ask, *, as_of: date, early_days: int = 30, middle_days: int = 90) -> pl.DataFrame:
        """Which outbound contacts to the debtor fall into a spell of days past due, and in which order?"""
        return ask("process/touches", {"as_of": as_of, "early_days": early_days, "middle_days": middle_days})


class promises:
    """Queries of `queries/promises/`."""

    @staticmethod
    def due_calendar(
        ask: Ask, *, from_date: date, to_date: date, as_of: date, grace_days: int = 1, tolerance: float = 1.0,
    ) -> pl.DataFrame:
        """How much was promised for each day, and how does it stand?"""
        return ask("promises/due_calendar", {
            "from_date": from_date, "to_date": to_date, "as_of": as_of, "grace_days": grace_days,
            "tolerance": tolerance,
        })

    @staticmethod
    def kept_by_level(
        ask: Ask, *, as_of: date, from_date: date, to_date: date, grace_days: int = 1, tolerance: float = 1.0,
    ) -> pl.DataFrame:
        """Are promises kept less often on accounts that broke some before?"""
        return ask("promises/kept_by_level", {
            "as_of": as_of, "grace_days": grace_days, "tolerance": tolerance, "from_date": from_date,
            "to_date": to_date,
        })

    @staticmethod
    def kept_by_reminder(
        ask: Ask, *, from_date: date, to_date: date, as_of: date, grace_days: int = 1, tolerance: float = 1.0,
    ) -> pl.DataFrame:
        """Of the promises still unpaid when their due date began, were those with a reminder kept more often?"""
        return ask("promises/kept_by_reminder", {
            "from_date": from_date, "to_date": to_date, "as_of": as_of, "grace_days": grace_days,
            "tolerance": tolerance,
        })

    @staticmethod
    def kept_by_segment(
        ask: Ask, *, from_date: date, to_date: date, as_of: date, segment_by: str = "product", grace_days: int = 1,
        tolerance: float = 1.0,
    ) -> pl.DataFrame:
        """How many of the promises due in a period were kept, by product or branch?"""
        return ask("promises/kept_by_segment", {
            "segment_by": segment_by, "from_date": from_date, "to_date": to_date, "as_of": as_of,
            "grace_days": grace_days, "tolerance": tolerance,
        })

    @staticmethod
    def kept_by_week(
        ask: Ask, *, from_date: date, to_date: date, as_of: date, grace_days: int = 1, tolerance: float = 1.0,
    ) -> pl.DataFrame:
        """What share of the promises due in each week was kept?"""
        return ask("promises/kept_by_week", {
            "from_date": from_date, "to_date": to_date, "as_of": as_of, "grace_days": grace_days,
            "tolerance": tolerance,
        })

    @staticmethod
    def kept_ratio(
        ask: Ask, *, from_date: date, to_date: date, as_of: date, grace_days: int = 1, tolerance: float = 1.0,
    ) -> pl.DataFrame:
        """What share of the promises due in a period was kept?"""
        return ask("promises/kept_ratio", {
            "from_date": from_date, "to_date": to_date, "as_of": as_of, "grace_days": grace_days,
            "tolerance": tolerance,
        })

    @staticmethod
    def promise_ledger(ask: Ask, *, as_of: date, grace_days: int = 1, tolerance: float = 1.0) -> pl.DataFrame:
        """How much of each promise has been paid by one day, and is it kept?"""
        return ask("promises/promise_ledger", {"as_of": as_of, "grace_days": grace_days, "tolerance": tolerance})

    @staticmethod
    def promise_levels(
        ask: Ask, *, as_of: date, from_date: date, to_date: date, grace_days: int = 1, tolerance: float = 1.0,
    ) -> pl.DataFrame:
        """How often had promises on the same account been broken before each promise was made?"""
        return ask("promises/promise_levels", {
            "as_of": as_of, "grace_days": grace_days, "tolerance": tolerance, "from_date": from_date,
            "to_date": to_date,
        })

    @staticmethod
    def promise_states(
        ask: Ask, *, from_date: date, to_date: date, as_of: date, grace_days: int = 1, tolerance: float = 1.0,
    ) -> pl.DataFrame:
        """How do the promises due in a period stand on one day?"""
        return ask("promises/promise_states", {
            "from_date": from_date, "to_date": to_date, "as_of": as_of, "grace_days": grace_days,
            "tolerance": tolerance,
        })

    @staticmethod
    def promises_due(
        ask: Ask, *, from_date: date, to_date: date, as_of: date, grace_days: int = 1, tolerance: float = 1.0,
    ) -> pl.DataFrame:
        """Which promises fell due in a period, and how did each of them stand on one day?"""
        return ask("promises/promises_due", {
            "from_date": from_date, "to_date": to_date, "as_of": as_of, "grace_days": grace_days,
            "tolerance": tolerance,
        })

    @staticmethod
    def promises_in_state(
        ask: Ask, *, from_date: date, to_date: date, as_of: date, state: str = "all", grace_days: int = 1,
        tolerance: float = 1.0,
    ) -> pl.DataFrame:
        """Which promises make up one state among those due in a period?"""
        return ask("promises/promises_in_state", {
            "state": state, "from_date": from_date, "to_date": to_date, "as_of": as_of, "grace_days": grace_days,
            "tolerance": tolerance,
        })


class recovery:
    """Queries of `queries/recovery/`."""

    @staticmethod
    def bucket_entries(ask: Ask, *, as_of: date, entry_bucket: str = "M1") -> pl.DataFrame:
        """Which accounts entered a bucket, when, and with what balance?"""
        return ask("recovery/bucket_entries", {"as_of": as_of, "entry_bucket": entry_bucket})

    @staticmethod
    def cohort_accounts(
        ask: Ask, *, cohort: date, as_of: date, days_since_entry: int = 100000, entry_bucket: str = "M1",
    ) -> pl.DataFrame:
        """Which accounts make up one entry cohort, and what has each paid by as_of?"""
        return ask("recovery/cohort_accounts", {
            "cohort": cohort, "days_since_entry": days_since_entry, "as_of": as_of, "entry_bucket": entry_bucket,
        })

    @staticmethod
    def collection_effectiveness(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """Of what was open at the start of a period or fell due in it, less what is not past due yet, what share was
        collected?"""
        return ask("recovery/collection_effectiveness", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def collections_expected(ask: Ask, *, as_of: date, n_cohorts: int = 6, entry_bucket: str = "M1") -> pl.DataFrame:
        """How much did each entry cohort pay by as_of, against what the cohorts before it had paid at the same age?"""
        return ask("recovery/collections_expected", {
            "n_cohorts": n_cohorts, "as_of": as_of, "entry_bucket": entry_bucket,
        })

    @staticmethod
    def entry_payments(ask: Ask, *, as_of: date, entry_bucket: str = "M1") -> pl.DataFrame:
        """What was paid after each entry into a bucket, and how much of it counts as collected?"""
        return ask("recovery/entry_payments", {"as_of": as_of, "entry_bucket": entry_bucket})

    @staticmethod
    def liquidation_accounts(
        ask: Ask, *, days_since_entry: int, cohort: date, as_of: date, entry_bucket: str = "M1",
    ) -> pl.DataFrame:
        """Which accounts make up one point of a liquidation curve?"""
        return ask("recovery/liquidation_accounts", {
            "days_since_entry": days_since_entry, "cohort": cohort, "as_of": as_of, "entry_bucket": entry_bucket,
        })

    @staticmethod
    def liquidation_curve(ask: Ask, *, as_of: date, horizon_days: int = 180, entry_bucket: str = "M1") -> pl.DataFrame:
        """Of the balance that entered a bucket in one month, what share was collected by each day since?"""
        return ask("recovery/liquidation_curve", {
            "horizon_days": horizon_days, "as_of": as_of, "entry_bucket": entry_bucket,
        })

    @staticmethod
    def overdue_in_period(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """Which accounts were overdue at the start of a period or became so in it, and what did each pay?"""
        return ask("recovery/overdue_in_period", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def payment_split(ask: Ask, *, from_date: date, to_date: date, current_days: int = 30) -> pl.DataFrame:
        """Did the money that came in during a period pay instalments overdue, instalments of the time, or later
        ones?"""
        return ask("recovery/payment_split", {"from_date": from_date, "to_date": to_date, "current_days": current_days})

    @staticmethod
    def receivables_moved(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """What was owed at the start of a period, what fell due in it, and what of both was still open at its end?"""
        return ask("recovery/receivables_moved", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def recovery_accounts(ask: Ask, *, bucket: str, from_date: date, to_date: date) -> pl.DataFrame:
        """Which accounts make up one bucket of the period's recovery?"""
        return ask("recovery/recovery_accounts", {"bucket": bucket, "from_date": from_date, "to_date": to_date})

    @staticmethod
    def recovery_by_period(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """What share of the overdue balance was collected in a period, by bucket?"""
        return ask("recovery/recovery_by_period", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def recovery_by_segment(ask: Ask, *, from_date: date, to_date: date, segment_by: str = "bucket") -> pl.DataFrame:
        """What was collected of the overdue balance of each product, branch or bucket in a period?"""
        return ask("recovery/recovery_by_segment", {
            "segment_by": segment_by, "from_date": from_date, "to_date": to_date,
        })

    @staticmethod
    def recovery_share(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """What share of all that was or became overdue in a period was collected, and how sure is that?"""
        return ask("recovery/recovery_share", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def split_by_state(ask: Ask, *, from_date: date, to_date: date, current_days: int = 30) -> pl.DataFrame:
        """Of the money that came in during a period, how much paid overdue, current and later instalments, by state?"""
        return ask("recovery/split_by_state", {
            "from_date": from_date, "to_date": to_date, "current_days": current_days,
        })

    @staticmethod
    def write_off_accounts(ask: Ask, *, cohort: date, as_of: date, days_since: int = 100000) -> pl.DataFrame:
        """Which accounts were written off in one month, and what has each paid since?"""
        return ask("recovery/write_off_accounts", {"cohort": cohort, "days_since": days_since, "as_of": as_of})

    @staticmethod
    def write_off_recovery(ask: Ask, *, as_of: date, horizon_days: int = 360, fee_share: float = 0.0) -> pl.DataFrame:
        """Of what was written off in one month, how much came back by each age, by the three usual definitions?"""
        return ask("recovery/write_off_recovery", {
            "horizon_days": horizon_days, "fee_share": fee_share, "as_of": as_of,
        })

    @staticmethod
    def write_offs(ask: Ask, *, as_of: date) -> pl.DataFrame:
        """Which accounts were written off, on which day and at what balance?"""
        return ask("recovery/write_offs", {"as_of": as_of})


class restatement:
    """Queries of `queries/restatement/`."""

    @staticmethod
    def account_standing(ask: Ask, *, as_of: date) -> pl.DataFrame:
        """How does this book say that each account stood on one day, and what had been paid and fallen due on it by
        then?"""
        return ask("restatement/account_standing", {"as_of": as_of})


class teams:
    """Queries of `queries/teams/`."""

    @staticmethod
    def case_expectations(
        ask: Ask, *, from_date: date, to_date: date, as_of: date, outcome: str = "kept", grouping_by: str = "collector",
        min_others: int = 20, within_days: int = 30, grace_days: int = 1, tolerance: float = 1.0,
    ) -> pl.DataFrame:
        """What was to be expected of each assigned account, going by like accounts of others?"""
        return ask("teams/case_expectations", {
            "outcome": outcome, "grouping_by": grouping_by, "min_others": min_others, "within_days": within_days,
            "from_date": from_date, "to_date": to_date, "as_of": as_of, "grace_days": grace_days,
            "tolerance": tolerance,
        })

    @staticmethod
    def case_outcomes(
        ask: Ask, *, from_date: date, to_date: date, as_of: date, within_days: int = 30, grace_days: int = 1,
        tolerance: float = 1.0,
    ) -> pl.DataFrame:
        """What came of each account within so many days of its assignment?"""
        return ask("teams/case_outcomes", {
            "within_days": within_days, "from_date": from_date, "to_date": to_date, "as_of": as_of,
            "grace_days": grace_days, "tolerance": tolerance,
        })

    @staticmethod
    def cases(ask: Ask, *, from_date: date, to_date: date, within_days: int = 30) -> pl.DataFrame:
        """In what state was each account when a collector was given it?"""
        return ask("teams/cases", {"from_date": from_date, "to_date": to_date, "within_days": within_days})

    @staticmethod
    def cases_of_group(
        ask: Ask, *, group_name: str, from_date: date, to_date: date, as_of: date, outcome: str = "kept",
        grouping_by: str = "collector", min_others: int = 20, within_days: int = 30, grace_days: int = 1,
        tolerance: float = 1.0,
    ) -> pl.DataFrame:
        """Which accounts stand behind one collector's or team's observed and expected?"""
        return ask("teams/cases_of_group", {
            "group_name": group_name, "outcome": outcome, "grouping_by": grouping_by, "min_others": min_others,
            "within_days": within_days, "from_date": from_date, "to_date": to_date, "as_of": as_of,
            "grace_days": grace_days, "tolerance": tolerance,
        })

    @staticmethod
    def conduct(ask: Ask, *, from_date: date, to_date: date, grouping_by: str = "collector") -> pl.DataFrame:
        """How often did the contacts of each collector or team break a rule?"""
        return ask("teams/conduct", {"from_date": from_date, "to_date": to_date, "grouping_by": grouping_by})

    @staticmethod
    def conduct_contacts(ask: Ask, *, from_date: date, to_date: date, grouping_by: str = "collector") -> pl.DataFrame:
        """Which outbound contacts did each collector or team make, and which of them broke a rule?"""
        return ask("teams/conduct_contacts", {"from_date": from_date, "to_date": to_date, "grouping_by": grouping_by})

    @staticmethod
    def observed_expected(
        ask: Ask, *, from_date: date, to_date: date, as_of: date, outcome: str = "kept", grouping_by: str = "collector",
        min_others: int = 20, within_days: int = 30, grace_days: int = 1, tolerance: float = 1.0,
    ) -> pl.DataFrame:
        """How many accounts did each collector or team bring to an outcome, and how many were to be expected?"""
        return ask("teams/observed_expected", {
            "outcome": outcome, "grouping_by": grouping_by, "min_others": min_others, "within_days": within_days,
            "from_date": from_date, "to_date": to_date, "as_of": as_of, "grace_days": grace_days,
            "tolerance": tolerance,
        })


class whatif:
    """Queries of `queries/whatif/`."""

    @staticmethod
    def arms(ask: Ask, *, from_date: date, to_date: date, within_days: int, as_of: date) -> pl.DataFrame:
        """How many accounts were assigned to each recorded arm in a period, and how many of them paid within some
        days?"""
        return ask("whatif/arms", {
            "from_date": from_date, "to_date": to_date, "within_days": within_days, "as_of": as_of,
        })

    @staticmethod
    def arrears_days(ask: Ask, *, to_date: date, permille: int = 1000) -> pl.DataFrame:
        """How much was past due on an account, from which day on?"""
        return ask("whatif/arrears_days", {"to_date": to_date, "permille": permille})

    @staticmethod
    def balance_moves(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """Where had the accounts of one snapshot day moved by another, and what balance did they carry then?"""
        return ask("whatif/balance_moves", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def call_time(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """How many calls were made in a period, on how many days, and how long did they take?"""
        return ask("whatif/call_time", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def contacts_outside_hours(
        ask: Ask, *, from_date: date, to_date: date, hours_from: int, hours_to: int,
    ) -> pl.DataFrame:
        """How many outbound contacts of a period began outside given hours of the debtor's day?"""
        return ask("whatif/contacts_outside_hours", {
            "from_date": from_date, "to_date": to_date, "hours_from": hours_from, "hours_to": hours_to,
        })

    @staticmethod
    def days_past_due(ask: Ask, *, as_of: date) -> pl.DataFrame:
        """How many accounts, with what balance, stand at each number of days past due?"""
        return ask("whatif/days_past_due", {"as_of": as_of})

    @staticmethod
    def dispute_days(ask: Ask, *, to_date: date) -> pl.DataFrame:
        """From when to when was a debt disputed?"""
        return ask("whatif/dispute_days", {"to_date": to_date})

    @staticmethod
    def first_reminders(ask: Ask, *, to_date: date, permille: int = 1000) -> pl.DataFrame:
        """When was the debtor first reminded in a spell of days past due?"""
        return ask("whatif/first_reminders", {"to_date": to_date, "permille": permille})

    @staticmethod
    def hard_holds(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
        """From when to when may an account not be called?"""
        return ask("whatif/hard_holds", {"from_date": from_date, "to_date": to_date})

    @staticmethod
    def held_contacts(
        ask: Ask, *, from_date: date, to_date: date, hold_dispute_days: int, hold_promise_days: int,
    ) -> pl.DataFrame:
        """Which contacts would a hold after a dispute or a promise have held back?"""
        return ask("whatif/held_contacts", {
            "from_date": from_date, "to_date": to_date, "hold_dispute_days": hold_dispute_days,
            "hold_promise_days": hold_promise_days,
        })

    @staticmethod
    def late_balance(ask: Ask, *, as_of: date, late_from_days: int) -> pl.DataFrame:
        """How much of the book is past due by at least a number of days?"""
        return ask("whatif/late_balance", {"as_of": as_of, "late_from_days": late_from_days})

    @staticmethod
    def overdue_spells(ask: Ask, *, from_date: date, to_date: date, permille: int = 1000) -> pl.DataFrame:
        """Which spells of days past due does the model follow, and what was on file when each began?"""
        return ask("whatif/overdue_spells", {"from_date": from_date, "to_date": to_date, "permille": permille})

    @staticmethod
    def payment_chance(ask: Ask, *, as_of: date, to_date: date) -> pl.DataFrame:
        """What share of the accounts past due on one snapshot day paid anything by a later day?"""
        return ask("whatif/payment_chance", {"as_of": as_of, "to_date": to_date})

    @staticmethod
    def person_days(ask: Ask, *, from_date: date, to_date: date, permille: int = 1000) -> pl.DataFrame:
        """On which days was an account called, reached or paid?"""
        return ask("whatif/person_days", {"from_date": from_date, "to_date": to_date, "permille": permille})

    @staticmethod
    def promise_days(ask: Ask, *, to_date: date, permille: int = 1000) -> pl.DataFrame:
        """What was promised, when, and for when?"""
        return ask("whatif/promise_days", {"to_date": to_date, "permille": permille})

    @staticmethod
    def reminded_promises(
        ask: Ask, *, from_date: date, to_date: date, as_of: date, grace_days: int = 1, tolerance: float = 1.0,
    ) -> pl.DataFrame:
        """Which promises fell due in a period, and was the debtor reminded before the day?"""
        return ask("whatif/reminded_promises", {
            "from_date": from_date, "to_date": to_date, "as_of": as_of, "grace_days": grace_days,
            "tolerance": tolerance,
        })

    @staticmethod
    def spell_waits(ask: Ask, *, as_of: date, early_days: int = 30, middle_days: int = 90) -> pl.DataFrame:
        """How long after its first reminder was each spell called, and had it ended by then?"""
        return ask("whatif/spell_waits", {"as_of": as_of, "early_days": early_days, "middle_days": middle_days})

    @staticmethod
    def status_days(ask: Ask, *, to_date: date, permille: int = 1000) -> pl.DataFrame:
        """Which state was an account in, from which day on, and had it gone to court before?"""
        return ask("whatif/status_days", {"to_date": to_date, "permille": permille})

    @staticmethod
    def team_days(ask: Ask, *, to_date: date, permille: int = 1000) -> pl.DataFrame:
        """Which team was an account given to, from which day on?"""
        return ask("whatif/team_days", {"to_date": to_date, "permille": permille})


class worklist:
    """Queries of `queries/worklist/`."""

    @staticmethod
    def accounts_untouched(ask: Ask, *, as_of: date, quiet_days: int = 14) -> pl.DataFrame:
        """Which overdue accounts has nobody tried to reach for some days?"""
        return ask("worklist/accounts_untouched", {"quiet_days": quiet_days, "as_of": as_of})

    @staticmethod
    def disputes_to_answer(ask: Ask, *, as_of: date, ack_days: int = 1, answer_days: int = 30) -> pl.DataFrame:
        """Which open disputes are past the day on which they were to be answered or acknowledged?"""
        return ask("worklist/disputes_to_answer", {"as_of": as_of, "ack_days": ack_days, "answer_days": answer_days})

    @staticmethod
    def promises_to_watch(
        ask: Ask, *, as_of: date, within_days: int = 2, broken_days: int = 1, grace_days: int = 1,
        tolerance: float = 1.0,
    ) -> pl.DataFrame:
        """Which promises fall due today or tomorrow, and which have just been broken?"""
        return ask("worklist/promises_to_watch", {
            "within_days": within_days, "broken_days": broken_days, "as_of": as_of, "grace_days": grace_days,
            "tolerance": tolerance,
        })

    @staticmethod
    def stages_to_cross(ask: Ask, *, as_of: date, until_days: int = 91, within_days: int = 7) -> pl.DataFrame:
        """Which accounts are about to be 31, 61 or 91 days past due?"""
        return ask("worklist/stages_to_cross", {"until_days": until_days, "within_days": within_days, "as_of": as_of})

    @staticmethod
    def standing_holds(ask: Ask, *, as_of: date) -> pl.DataFrame:
        """Which accounts have a standing instruction that says not to contact the debtor?"""
        return ask("worklist/standing_holds", {"as_of": as_of})
