"""Typed doors to `queries/data/`: one function a query, same name and parameters, a Polars frame back.

Columns, units and grain stand in the header of the query file; errors are QueryError and QueryTooSlowError.
"""

from __future__ import annotations

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
