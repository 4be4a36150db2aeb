"""What is held about debtors and accounts: who they are, what they owe month by month, when it falls due."""

from __future__ import annotations

import numpy as np
import polars as pl

from duewatch.contract.schema import RISK_GRADES, STATUSES
from duewatch.demo.book import NO_STATUS, MonthEnd
from duewatch.demo.cells import boolean, dates_or_null, ids, money, rate, words
from duewatch.demo.conduct import PREFERENCES
from duewatch.demo.draft import Draft
from duewatch.demo.parameters import CAUSES
from duewatch.demo.people import (
    CN_REGIONS,
    INDUSTRIES,
    US_REGIONS,
    draw_addresses,
    draw_full_names,
    id_numbers,
    phone_numbers,
)
from duewatch.demo.portfolio import CAR, CARD, NO_ZONE, TWO_ZONES, ZONE_NEW_YORK, ZONE_URUMQI, ZONES
from duewatch.demo.timeline import NEVER, Ints

CN_PRODUCTS = ("消费贷款", "信用卡", "汽车贷款", "经营贷款")
US_PRODUCTS = ("Cash loan", "Credit card", "Auto loan", "Small business loan")
DEBT_TYPES = ("consumer", "credit_card", "auto", "business")
CN_BRANCHES = ("上海分行", "北京分行", "深圳分行", "成都分行", "武汉分行")
US_BRANCHES = ("New York branch", "Chicago branch")
ORIGINAL_CREDITOR = "Eastbank Trust (invented)"
SHARE_BOUGHT = 0.02
"""Of accounts: debt bought from another creditor."""


def debtors_frame(draft: Draft) -> pl.DataFrame:
    """One row a debtor: that of the first of their accounts."""
    book, rng, pools = draft.book, draft.rng, draft.lender.pools
    own = np.flatnonzero(book.debtor == np.arange(book.size))
    usd, number = draft.usd()[own], book.first + own
    region = _regions(draft, own)
    empty = pl.Series(draft.chunk.planting.incomplete[own])
    return pl.DataFrame(
        {
            "debtor_id": draft.debtor_ids.gather(own),
            "name": draw_full_names(rng, pools, usd),
            "id_number": id_numbers(number, usd).set(empty, None),
            "phone": phone_numbers(number, np.zeros(len(own), dtype=np.int64), usd).set(empty, None),
            "email": draft.debtor_ids.gather(own) + "@example.com",
            "address": draw_addresses(rng, pools, usd, region),
            "time_zone": _zone_names(draft, own),
            "region": region,
            "industry": words(rng.integers(0, len(INDUSTRIES), len(own)), INDUSTRIES),
            "preferred_channel": words(book.channel[own], PREFERENCES),
        }
    )


def _regions(draft: Draft, own: Ints) -> pl.Series:
    zone = draft.book.zone[own]
    chinese = words(draft.rng.integers(0, len(CN_REGIONS), len(own)), CN_REGIONS)
    american = words(np.maximum(zone - ZONE_NEW_YORK, 0), US_REGIONS)
    region = pl.DataFrame({"cn": chinese, "us": american, "usd": draft.book.usd[own], "urumqi": zone == ZONE_URUMQI})
    return region.select(pl.when("usd").then("us").when("urumqi").then(pl.lit("新疆")).otherwise("cn")).to_series()


def _zone_names(draft: Draft, own: Ints) -> pl.Series:
    kind, zone = draft.book.zone_kind[own], draft.book.zone[own]
    two = len(ZONES)
    code = np.where(kind == NO_ZONE, -1, np.where(kind == TWO_ZONES, two, zone))
    return words(code, (*ZONES, "America/New_York|America/Chicago"))


def accounts_frame(draft: Draft) -> pl.DataFrame:
    book, rng, n = draft.book, draft.rng, draft.book.size
    branch = np.where(book.usd, len(CN_BRANCHES) + rng.integers(0, 2, n), rng.integers(0, len(CN_BRANCHES), n))
    lent = _lent(draft)
    secured = book.product == CAR
    opened = draft.days.dates(book.opened_on)
    collateral = np.round(lent * rng.uniform(0.6, 1.5, n) / 100).astype(np.int64) * 100
    empty = pl.Series(draft.chunk.planting.incomplete)
    return pl.DataFrame(
        {
            "account_id": draft.account_ids,
            "debtor_id": draft.debtor_ids,
            "contract_no": ids("HT", book.first + np.arange(n), 9).set(empty, None),
            "product": words(book.product + len(CN_PRODUCTS) * book.usd, CN_PRODUCTS + US_PRODUCTS),
            "branch": words(branch, CN_BRANCHES + US_BRANCHES),
            "currency": words(draft.usd(), ("CNY", "USD")),
            "opened_on": opened,
            "original_amount": money(lent),
            "annual_rate": rate(np.round(book.interest_share * 10_000 + 800).astype(np.int64)),
            "secured": boolean(secured),
            "collateral_value": money(collateral).set(pl.Series(~secured), None),
            "collateral_valued_on": opened.set(pl.Series(~secured), None),
            "creditor": words(np.where(rng.random(n) < SHARE_BOUGHT, 0, -1), (ORIGINAL_CREDITOR,)),
            "debt_type": words(book.product, DEBT_TYPES),
        }
    )


def _lent(draft: Draft) -> Ints:
    """Cents lent: the instalments without their interest, or a card's limit."""
    book = draft.book
    principal = book.owed_to[:, -1] / (1 + book.interest_share)
    whole = np.round(principal / 100) * 100
    return np.where(book.product == CARD, book.revolving * 2, whole).astype(np.int64)


def snapshots_frame(draft: Draft) -> pl.DataFrame:
    return pl.concat([_month_end(draft, month_end) for month_end in draft.chunk.month_ends])


def _month_end(draft: Draft, state: MonthEnd) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "account_id": draft.account_ids.gather(state.acc),
            "as_of": draft.days.dates(np.full(len(state.acc), state.day)),
            "days_past_due": state.days_past_due,
            "balance": money(state.balance),
            "principal": money(state.principal),
            "interest": money(state.interest),
            "penalty": money(state.penalty),
            "fees": money(state.fees),
            "overdue_amount": money(state.overdue),
            "minimum_due": money(state.minimum_due),
            "oldest_due_on": dates_or_null(draft.days, state.oldest),
            "status": words(np.where(state.status == NO_STATUS, -1, state.status), STATUSES),
            "risk_grade": words(draft.book.grade[state.acc], RISK_GRADES),
            "delay_cause": words(state.cause, CAUSES),
        }
    )


def instalments_frame(draft: Draft) -> pl.DataFrame:
    acc, k = np.nonzero(draft.book.due_on < NEVER)
    return pl.DataFrame(
        {
            "account_id": draft.account_ids.gather(acc),
            "due_on": draft.days.dates(draft.book.due_on[acc, k]),
            "amount": money(draft.book.amount[acc, k]),
            "seq": k + 1,
        }
    )
