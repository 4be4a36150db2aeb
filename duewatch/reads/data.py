"""Typed doors to `queries/data/`: one function a query, same name and parameters, a Polars frame back.

Columns, units and grain stand in the header of the query file; errors are QueryError and QueryTooSlowError.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from duewatch.engines import Ask


def book_facts(ask: Ask) -> pl.DataFrame:
    """How was this book built?"""
    return ask("data/book_facts", {})


def column_presence(ask: Ask) -> pl.DataFrame:
    """Which columns of the contract were given, and how full is each?"""
    return ask("data/column_presence", {})


def contact_log_gaps(ask: Ask) -> pl.DataFrame:
    """What does the contact log leave out?"""
    return ask("data/contact_log_gaps", {})


def date_ranges(ask: Ask) -> pl.DataFrame:
    """From which day to which day does each dated table reach?"""
    return ask("data/date_ranges", {})


def days_past_due_agreement(ask: Ask) -> pl.DataFrame:
    """Do the recorded days past due agree with the instalments and payments?"""
    return ask("data/days_past_due_agreement", {})


def loads(ask: Ask) -> pl.DataFrame:
    """Which files were read, and how many of their rows are in the book?"""
    return ask("data/loads", {})


def rejected_rows(ask: Ask, *, table_name: str = "all", reason: str = "all") -> pl.DataFrame:
    """Which rows were rejected, and what stood in them?"""
    return ask("data/rejected_rows", {"table_name": table_name, "reason": reason})


def rejects_by_reason(ask: Ask) -> pl.DataFrame:
    """Why were rows rejected?"""
    return ask("data/rejects_by_reason", {})


def balance_gaps(ask: Ask, *, as_of: date) -> pl.DataFrame:
    """Which accounts' balances do not add up on one day?"""
    return ask("data/balance_gaps", {"as_of": as_of})


def balance_identities(ask: Ask, *, as_of: date) -> pl.DataFrame:
    """What does each account's balance come to when it is reckoned another way?"""
    return ask("data/balance_identities", {"as_of": as_of})


def balance_identity(ask: Ask, *, as_of: date) -> pl.DataFrame:
    """Do balances add up on one day, from their parts and from the schedule?"""
    return ask("data/balance_identity", {"as_of": as_of})


def field_completeness(ask: Ask, *, as_of: date, grouping_by: str = "product") -> pl.DataFrame:
    """Which of the fields that must be known before a first contact are filled, by product or team?"""
    return ask("data/field_completeness", {"as_of": as_of, "grouping_by": grouping_by})


def log_latency(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
    """How long after a contact is it recorded?"""
    return ask("data/log_latency", {"from_date": from_date, "to_date": to_date})
