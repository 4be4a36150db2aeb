"""The contact log as a source table, and the debts that one talk was about."""

from __future__ import annotations

import numpy as np
import polars as pl

from duewatch.contract.schema import CHANNELS, OUTCOMES, PARTY_ROLES, PURPOSES, RESPONSES
from duewatch.demo.cells import boolean, ids, words
from duewatch.demo.conduct import CALLERS, CHANNEL, DIRECTIONS, FLAG, OUTCOME, PLACES, PURPOSE, STYLES, TEMPLATES
from duewatch.demo.draft import Draft
from duewatch.demo.lender import collector_ids
from duewatch.demo.people import phone_numbers
from duewatch.demo.portfolio import TWO_ZONES
from duewatch.demo.staff import AGENCIES
from duewatch.demo.timeline import DAY_SECONDS, Bools, Ints

SHARE_ABOUT_BOTH = 0.4
"""Of talks with a debtor who has two accounts."""
Columns = dict[str, Ints]


def contacts_frame(draft: Draft) -> pl.DataFrame:
    """In order of time; the responses, which are logged after the contacts, filled in."""
    log = draft.chunk.cases.contacts
    column = {name: log.column(name) for name in log.defaults}
    for rows, response in draft.chunk.cases.responses:
        column["response"][rows] = response
    column["purpose"] = _without_demands_in_hardship(draft, column)
    order = np.lexsort((np.arange(log.n_rows), column["second"], column["day"]))
    column = {name: values[order] for name, values in column.items()}
    return _frame(draft, column, draft.known["contacts"].gather(order))


def _without_demands_in_hardship(draft: Draft, column: Columns) -> Ints:
    """The lender reminds, and demands nothing, while a hardship flag stands."""
    flags = draft.chunk.cases.flags
    hard = flags.column("kind") == FLAG["hardship"]
    spans = pl.DataFrame({name: flags.column(name)[hard] for name in ("acc", "since", "until")})
    wall = column["day"] * DAY_SECONDS + column["second"]
    rows = pl.DataFrame({"acc": column["acc"], "wall": wall}).with_row_index("row").join(spans, on="acc", how="inner")
    held = rows.filter(pl.col("wall").is_between("since", "until"))["row"].to_numpy()
    purpose = column["purpose"].copy()
    purpose[held] = np.where(purpose[held] == PURPOSE["demand"], PURPOSE["reminder"], purpose[held])
    return purpose


def _frame(draft: Draft, column: Columns, contact_ids: pl.Series) -> pl.DataFrame:
    acc, staff = column["acc"], draft.lender.staff
    agency = np.where(column["collector"] >= 0, staff.agency[column["collector"]], -1)
    is_message = np.isin(column["channel"], (CHANNEL["sms"], CHANNEL["app"]))
    times = _times(draft, column)
    return pl.DataFrame(
        {
            "contact_id": contact_ids,
            "account_id": draft.account_ids.gather(acc),
            "debtor_id": draft.debtor_ids.gather(acc),
            "person_id": draft.person_ids(acc, column["person"], column["role"]),
            **times,
            "channel": words(column["channel"], CHANNELS),
            "direction": words(column["direction"], DIRECTIONS),
            "party_role": words(column["role"], PARTY_ROLES),
            "place": words(column["place"], PLACES),
            "contact_point": _contact_points(draft, column),
            "style": words(column["style"], STYLES),
            "outcome": words(column["outcome"], OUTCOMES),
            "right_party": boolean(column["right_party"]),
            "purpose": words(column["purpose"], PURPOSES),
            "response": words(column["response"], RESPONSES),
            "collector_id": collector_ids(staff.size, column["collector"]),
            "agency_id": words(agency, AGENCIES),
            "template_id": words(column["template"], [row[0] for row in TEMPLATES]),
            "thread_id": ids("TH", draft.book.first + acc).set(pl.Series(~is_message), None),
            "caller_type": words(column["caller"], CALLERS),
        }
    )


def _times(draft: Draft, column: Columns) -> dict[str, pl.Series]:
    acc, wall = column["acc"], column["day"] * DAY_SECONDS + column["second"]
    plain = _in_wall_time(draft, column)
    ended = np.where(column["end"] >= 0, wall + column["end"], -1)
    recorded = wall + column["recorded"]
    return {
        "started_at": draft.instants(wall, acc, plain),
        "ended_at": draft.instants(ended, acc, plain),
        "recorded_at": draft.instants(recorded, acc, plain),
    }


def _in_wall_time(draft: Draft, column: Columns) -> Bools:
    """A few contacts are written without an offset; never where two zones are plausible."""
    drawn = draft.rng.random(len(column["acc"])) < draft.lender.terms.wall_time_share
    drawn &= draft.book.zone_kind[column["acc"]] != TWO_ZONES
    return np.asarray(np.where(column["plain"] >= 0, column["plain"] == 1, drawn))


def _contact_points(draft: Draft, column: Columns) -> pl.Series:
    """Telephone for calls and messages, an address label for post and visits, e-mail, or the app."""
    acc = column["acc"]
    phones = phone_numbers(draft.book.first + draft.book.debtor[acc], column["phone"] % 10, draft.usd()[acc])
    frame = pl.DataFrame({"phone": phones, "debtor": draft.debtor_ids.gather(acc), "channel": column["channel"]})
    channel = pl.col("channel")
    at_home = channel.is_in([CHANNEL["letter"], CHANNEL["visit"]])
    return frame.select(
        pl.when(channel == CHANNEL["email"])
        .then(pl.format("{}@example.com", "debtor"))
        .when(at_home)
        .then(pl.format("address of {}", "debtor"))
        .when(channel == CHANNEL["app"])
        .then(pl.format("app:{}", "debtor"))
        .otherwise("phone")
    ).to_series()


def contact_debts_frame(draft: Draft) -> pl.DataFrame:
    """Talks with a debtor who has two accounts: the one called about, and now and then the other."""
    log, contact_ids, partner = draft.chunk.cases.contacts, draft.known["contacts"], draft.book.partner
    acc, outcome = log.column("acc"), log.column("outcome")
    rows = np.flatnonzero((outcome == OUTCOME["conversation"]) & (partner[acc] >= 0))
    rows = rows[np.argsort(contact_ids.gather(rows).to_numpy(), kind="stable")]
    second_debts = rows[draft.rng.random(len(rows)) < SHARE_ABOUT_BOTH]
    both = pl.DataFrame(
        {
            "contact_id": contact_ids.gather(np.concatenate([rows, second_debts])),
            "account_id": draft.account_ids.gather(np.concatenate([acc[rows], partner[acc[second_debts]]])),
            "opened_by_collector": boolean(np.repeat([1, 0], [len(rows), len(second_debts)])),
            "discussed": boolean(np.ones(len(rows) + len(second_debts), dtype=np.int64)),
        }
    )
    return both.sort("contact_id", "account_id")
