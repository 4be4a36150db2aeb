"""The logs of one chunk as source tables: ids, codes as words, instants with their offset, money as decimals."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from duewatch.demo.book import NO_STATUS, Chunk, MonthEnd
from duewatch.demo.cells import Clock, boolean, dates_or_null, ids, money, rate, words
from duewatch.demo.conduct import (
    CALLERS,
    CHANNEL,
    DIRECTIONS,
    OUTCOME,
    PLACES,
    PREFERENCES,
    ROLE,
    STYLES,
    TEMPLATES,
)  # fmt: skip
from duewatch.demo.ledger import METHODS
from duewatch.demo.lender import collector_ids
from duewatch.demo.log import Log
from duewatch.demo.parameters import CAUSES, Parameters
from duewatch.demo.people import (
    CN_REGIONS,
    INDUSTRIES,
    US_REGIONS,
    Names,
    draw_addresses,
    draw_full_names,
    id_numbers,
    phone_numbers,
)  # fmt: skip
from duewatch.demo.planting import DETAILS
from duewatch.demo.portfolio import CAR, NO_ZONE, TWO_ZONES, ZONE_NEW_YORK, ZONE_URUMQI, ZONES
from duewatch.demo.staff import AGENCIES, Staff
from duewatch.demo.streams import stream
from duewatch.demo.timeline import DAY_SECONDS, NEVER, Ints, Timeline
from duewatch.demo.spells import ARMS
from duewatch.schema import CHANNELS, FLAG_KINDS, OUTCOMES, PARTY_ROLES, PURPOSES, RESPONSES, RISK_GRADES, STATUSES

CN_PRODUCTS = ("消费贷款", "信用卡", "汽车贷款", "经营贷款")
US_PRODUCTS = ("Cash loan", "Credit card", "Auto loan", "Small business loan")
CN_BRANCHES = ("上海分行", "北京分行", "深圳分行", "成都分行", "武汉分行")
US_BRANCHES = ("New York branch", "Chicago branch")
DISPUTE_REASONS = ("amount", "identity", "already_paid", "terms")


class Frames:
    """Turns chunks into frames by table name. `n_contacts` counts over chunks, so that ids are unique."""

    def __init__(self, terms: Parameters, days: Timeline, staff: Staff, pools: dict[bool, Names], seed: int) -> None:
        self.terms, self.days, self.staff, self.pools, self.seed = terms, days, staff, pools, seed
        self.clock = Clock(days)
        self.starts = dict.fromkeys(("payments", "contacts", "promises", "flags", "disputes"), 0)

    def of(self, chunk: Chunk) -> tuple[dict[str, pl.DataFrame], dict[str, pl.Series]]:
        """All big and small tables of a chunk, and by table the ids of the log rows in the order they were logged."""
        self.rng = stream(self.seed, 2, chunk.book.first)
        self.chunk, self.book = chunk, chunk.book
        self.account_ids = ids("A", chunk.book.first + np.arange(chunk.book.size))
        self.debtor_ids = ids("D", chunk.book.first + chunk.book.debtor)
        self.usd = chunk.book.usd.astype(np.int64)
        known = {name: self._new_ids(name, log) for name, log in self._logs().items()}
        makers: dict[str, Callable[[dict[str, pl.Series]], pl.DataFrame]] = {
            "debtors": self._debtors, "accounts": self._accounts, "snapshots": self._snapshots,
            "instalments": self._instalments, "payments": self._payments, "contacts": self._contacts,
            "contact_debts": self._contact_debts, "promises": self._promises, "flags": self._flags,
            "disputes": self._disputes, "assignments": self._assignments,
        }  # fmt: skip
        return {name: make(known) for name, make in makers.items()}, known

    def _logs(self) -> dict[str, Log]:
        treatment = self.chunk.cases
        return {
            "payments": self.chunk.ledger.log, "contacts": treatment.contacts, "promises": treatment.promises,
            "flags": treatment.flags, "disputes": treatment.disputes,
        }  # fmt: skip

    def _new_ids(self, name: str, log: Log) -> pl.Series:
        """Numbers in order of time (contacts) or of logging."""
        order = np.arange(log.n_rows)
        if name == "contacts":
            rank = np.lexsort((order, log.column("second"), log.column("day")))
            order[rank] = np.arange(log.n_rows)
        first = self.starts[name]
        self.starts[name] += log.n_rows
        letter = {"payments": "PY", "contacts": "C", "promises": "PR", "flags": "F", "disputes": "DS"}[name]
        return ids(letter, first + order, 9)

    def _zone(self, acc: Ints) -> Ints:
        zone: Ints = self.book.zone[acc]
        return zone

    def _debtors(self, _: dict[str, pl.Series]) -> pl.DataFrame:
        book = self.book
        own = np.flatnonzero(book.debtor == np.arange(book.size))
        n, usd = len(own), self.usd[own]
        chinese = words(self.rng.integers(0, len(CN_REGIONS), n), CN_REGIONS)
        region = pl.DataFrame({"cn": chinese, "us": words(np.maximum(book.zone[own] - ZONE_NEW_YORK, 0), US_REGIONS),
                               "usd": usd == 1, "urumqi": book.zone[own] == ZONE_URUMQI})  # fmt: skip
        region_name = region.select(
            pl.when("usd").then("us").when("urumqi").then(pl.lit("新疆")).otherwise("cn")
        ).to_series()
        empty = pl.Series(self.chunk.planting.incomplete[own])
        number = book.first + own
        return pl.DataFrame(
            {
                "debtor_id": self.debtor_ids.gather(own),
                "name": draw_full_names(self.rng, self.pools, usd),
                "id_number": id_numbers(number, usd).set(empty, None),
                "phone": phone_numbers(number, np.zeros(n, dtype=np.int64), usd).set(empty, None),
                "email": self.debtor_ids.gather(own) + "@example.com",
                "address": draw_addresses(self.rng, self.pools, usd, region_name),
                "time_zone": self._zone_names(own),
                "region": region_name,
                "industry": words(self.rng.integers(0, len(INDUSTRIES), n), INDUSTRIES),
                "preferred_channel": words(book.channel[own], PREFERENCES),
            }
        )

    def _zone_names(self, own: Ints) -> pl.Series:
        kind, zone = self.book.zone_kind[own], self.book.zone[own]
        two = len(ZONES)
        code = np.where(kind == NO_ZONE, -1, np.where(kind == TWO_ZONES, two, zone))
        return words(code, (*ZONES, "America/New_York|America/Chicago"))

    def _accounts(self, _: dict[str, pl.Series]) -> pl.DataFrame:
        book, n = self.book, self.book.size
        us = book.usd
        product = words(book.product + 4 * us, CN_PRODUCTS + US_PRODUCTS)
        branch = np.where(us, len(CN_BRANCHES) + self.rng.integers(0, 2, n), self.rng.integers(0, len(CN_BRANCHES), n))
        principal = book.owed_to[:, -1] / (1 + book.interest_share)
        lent = np.where(book.product == 1, book.revolving * 2, np.round(principal / 100) * 100).astype(np.int64)
        secured = book.product == CAR
        empty = pl.Series(self.chunk.planting.incomplete)
        return pl.DataFrame(
            {
                "account_id": self.account_ids,
                "debtor_id": self.debtor_ids,
                "contract_no": ids("HT", book.first + np.arange(n), 9).set(empty, None),
                "product": product,
                "branch": words(branch, CN_BRANCHES + US_BRANCHES),
                "currency": words(self.usd, ("CNY", "USD")),
                "opened_on": self.days.dates(book.opened_on),
                "original_amount": money(lent),
                "annual_rate": rate(np.round(book.interest_share * 10_000 + 800).astype(np.int64)),
                "secured": boolean(secured),
                "collateral_value": money(np.round(lent * self.rng.uniform(0.6, 1.5, n) / 100).astype(np.int64) * 100)
                .set(pl.Series(~secured), None),
                "collateral_valued_on": self.days.dates(book.opened_on).set(pl.Series(~secured), None),
                "creditor": words(np.where(self.rng.random(n) < 0.02, 0, -1), ("Eastbank Trust (invented)",)),
                "debt_type": words(book.product, ("consumer", "credit_card", "auto", "business")),
            }
        )  # fmt: skip

    def _snapshots(self, _: dict[str, pl.Series]) -> pl.DataFrame:
        return pl.concat([self._month_end(month_end) for month_end in self.chunk.month_ends])

    def _month_end(self, state: MonthEnd) -> pl.DataFrame:
        return pl.DataFrame(
            {
                "account_id": self.account_ids.gather(state.acc),
                "as_of": self.days.dates(np.full(len(state.acc), state.day)),
                "days_past_due": state.days_past_due,
                "balance": money(state.balance),
                "principal": money(state.principal),
                "interest": money(state.interest),
                "penalty": money(state.penalty),
                "fees": money(state.fees),
                "overdue_amount": money(state.overdue),
                "minimum_due": money(state.minimum_due),
                "oldest_due_on": dates_or_null(self.days, state.oldest),
                "status": words(np.where(state.status == NO_STATUS, -1, state.status), STATUSES),
                "risk_grade": words(self.book.grade[state.acc], RISK_GRADES),
                "delay_cause": words(state.cause, CAUSES),
            }
        )

    def _instalments(self, _: dict[str, pl.Series]) -> pl.DataFrame:
        acc, k = np.nonzero(self.book.due_on < NEVER)
        return pl.DataFrame(
            {
                "account_id": self.account_ids.gather(acc),
                "due_on": self.days.dates(self.book.due_on[acc, k]),
                "amount": money(self.book.amount[acc, k]),
                "seq": k + 1,
            }
        )

    def _payments(self, known: dict[str, pl.Series]) -> pl.DataFrame:
        log = self.chunk.ledger.log
        acc, day, reverses = log.column("acc"), log.column("day"), log.column("reverses")
        wall = day * DAY_SECONDS + log.column("second")
        reversed_ids = known["payments"].gather(np.maximum(reverses, 0)).set(pl.Series(reverses < 0), None)
        return pl.DataFrame(
            {
                "payment_id": known["payments"],
                "account_id": self.account_ids.gather(acc),
                "paid_on": self.days.dates(day),
                "posted_at": self.clock.text(wall, self._zone(acc)),
                "amount": money(log.column("amount")),
                "reverses_payment_id": reversed_ids,
                "method": words(log.column("method"), METHODS),
            }
        )

    def _contacts(self, known: dict[str, pl.Series]) -> pl.DataFrame:
        log = self.chunk.cases.contacts
        column = {name: log.column(name) for name in log.defaults}
        for rows, response in self.chunk.cases.responses:
            column["response"][rows] = response
        order = np.lexsort((np.arange(log.n_rows), column["second"], column["day"]))
        column = {name: values[order] for name, values in column.items()}
        return self._contact_frame(column, known["contacts"].gather(order))

    def _contact_frame(self, column: dict[str, Ints], contact_ids: pl.Series) -> pl.DataFrame:
        acc, n = column["acc"], len(column["acc"])
        wall = column["day"] * DAY_SECONDS + column["second"]
        drawn = self.rng.random(n) < self.terms.wall_time_share
        plain = np.where(column["plain"] >= 0, column["plain"] == 1, drawn & (self.book.zone_kind[acc] != TWO_ZONES))
        zone = self._zone(acc)
        ended = np.where(column["end"] >= 0, wall + column["end"], -1)
        recorded = wall + column["recorded"]
        agency = np.where(column["collector"] >= 0, self.staff.agency[column["collector"]], -1)
        is_message = np.isin(column["channel"], (CHANNEL["sms"], CHANNEL["app"]))
        return pl.DataFrame(
            {
                "contact_id": contact_ids,
                "account_id": self.account_ids.gather(acc),
                "debtor_id": self.debtor_ids.gather(acc),
                "person_id": self._person_ids(acc, column["person"], column["role"]),
                "started_at": self.clock.text(wall, zone, plain),
                "ended_at": self.clock.text(ended, zone, plain),
                "recorded_at": self.clock.text(recorded, zone, plain),
                "channel": words(column["channel"], CHANNELS),
                "direction": words(column["direction"], DIRECTIONS),
                "party_role": words(column["role"], PARTY_ROLES),
                "place": words(column["place"], PLACES),
                "contact_point": self._contact_points(acc, column),
                "style": words(column["style"], STYLES),
                "outcome": words(column["outcome"], OUTCOMES),
                "right_party": boolean(column["right_party"]),
                "purpose": words(column["purpose"], PURPOSES),
                "response": words(column["response"], RESPONSES),
                "collector_id": collector_ids(self.staff.size, column["collector"]),
                "agency_id": words(agency, AGENCIES),
                "template_id": words(column["template"], [row[0] for row in TEMPLATES]),
                "thread_id": ids("TH", self.book.first + acc).set(pl.Series(~is_message), None),
                "caller_type": words(column["caller"], CALLERS),
            }
        )

    def _person_ids(self, acc: Ints, person: Ints, role: Ints) -> pl.Series:
        """The debtor's own id, that of another person, or nothing where a stranger answered."""
        frame = pl.DataFrame(
            {"debtor": self.debtor_ids.gather(acc), "person": person, "stranger": role == ROLE["unknown"]}
        )
        other = pl.format("{}-P{}", "debtor", "person")
        return frame.select(
            pl.when("stranger").then(None).when(pl.col("person") > 0).then(other).otherwise("debtor")
        ).to_series()

    def _contact_points(self, acc: Ints, column: dict[str, Ints]) -> pl.Series:
        """Telephone for calls and messages, an address label for post and visits, e-mail, or the app."""
        number = self.book.first + self.book.debtor[acc]
        phones = phone_numbers(number, column["phone"] % 10, self.usd[acc])
        frame = pl.DataFrame({"phone": phones, "debtor": self.debtor_ids.gather(acc), "channel": column["channel"]})
        channel = pl.col("channel")
        at_home = channel.is_in([CHANNEL["letter"], CHANNEL["visit"]])
        return frame.select(
            pl.when(channel == CHANNEL["email"]).then(pl.format("{}@example.com", "debtor"))
            .when(at_home).then(pl.format("address of {}", "debtor"))
            .when(channel == CHANNEL["app"]).then(pl.format("app:{}", "debtor")).otherwise("phone")
        ).to_series()  # fmt: skip

    def _contact_debts(self, known: dict[str, pl.Series]) -> pl.DataFrame:
        """Talks with a debtor who has two accounts: the one called about, and now and then the other."""
        log = self.chunk.cases.contacts
        acc, outcome = log.column("acc"), log.column("outcome")
        rows = np.flatnonzero((outcome == OUTCOME["conversation"]) & (self.book.partner[acc] >= 0))
        rows = rows[np.argsort(known["contacts"].gather(rows).to_numpy(), kind="stable")]
        others = rows[self.rng.random(len(rows)) < 0.4]
        own = pl.DataFrame(
            {
                "contact_id": known["contacts"].gather(np.concatenate([rows, others])),
                "account_id": self.account_ids.gather(np.concatenate([acc[rows], self.book.partner[acc[others]]])),
                "opened_by_collector": boolean(np.repeat([1, 0], [len(rows), len(others)])),
                "discussed": boolean(np.ones(len(rows) + len(others), dtype=np.int64)),
            }
        )
        return own.sort("contact_id", "account_id")

    def _promises(self, known: dict[str, pl.Series]) -> pl.DataFrame:
        log = self.chunk.cases.promises
        acc = log.column("acc")
        withdrawn = log.column("withdrawn")
        return pl.DataFrame(
            {
                "promise_id": known["promises"],
                "account_id": self.account_ids.gather(acc),
                "contact_id": known["contacts"].gather(log.column("contact")),
                "made_at": self.clock.text(log.column("made"), self._zone(acc)),
                "due_on": self.days.dates(log.column("due")),
                "amount": money(log.column("amount")),
                "withdrawn_on": dates_or_null(self.days, np.where(withdrawn < 0, NEVER, withdrawn)),
            }
        )

    def _flags(self, known: dict[str, pl.Series]) -> pl.DataFrame:
        log = self.chunk.cases.flags
        acc, person = log.column("acc"), log.column("person")
        zone = self._zone(acc)
        whole = pl.Series(log.column("whole_debtor") == 1)
        person_ids = self._person_ids(acc, person, np.zeros(len(acc), dtype=np.int64))
        return pl.DataFrame(
            {
                "flag_id": known["flags"],
                "debtor_id": self.debtor_ids.gather(acc),
                "account_id": self.account_ids.gather(acc).set(whole, None),
                "person_id": person_ids.set(pl.Series(person == 0), None),
                "kind": words(log.column("kind"), FLAG_KINDS),
                "from": self.clock.text(log.column("since"), zone),
                "to": self.clock.text(self._past(log.column("until")), zone),
                "known_from": self.clock.text(log.column("known"), zone),
                "detail": words(log.column("detail"), DETAILS),
            }
        )

    def _disputes(self, known: dict[str, pl.Series]) -> pl.DataFrame:
        log = self.chunk.cases.disputes
        acc = log.column("acc")
        resolved = self._past(log.column("resolved"))
        return pl.DataFrame(
            {
                "dispute_id": known["disputes"],
                "account_id": self.account_ids.gather(acc),
                "opened_at": self.clock.text(log.column("opened"), self._zone(acc)),
                "reason": words(log.column("reason"), DISPUTE_REASONS),
                "acknowledged_at": self.clock.text(self._past(log.column("acknowledged")), self._zone(acc)),
                "resolved_at": self.clock.text(resolved, self._zone(acc)),
                "upheld": boolean(np.where(resolved < 0, -1, log.column("upheld"))),
            }
        )

    def _past(self, wall: Ints) -> Ints:
        """What happens after the last day is not known yet."""
        return np.where(wall >= self.days.n_days * DAY_SECONDS, -1, wall)

    def _assignments(self, _: dict[str, pl.Series]) -> pl.DataFrame:
        log = self.chunk.cases.assignments
        until = log.column("until")
        return pl.DataFrame(
            {
                "account_id": self.account_ids.gather(log.column("acc")),
                "collector_id": collector_ids(self.staff.size, log.column("collector")),
                "assigned_on": self.days.dates(log.column("since")),
                "ended_on": dates_or_null(self.days, np.where(until < 0, NEVER, until)),
                "arm": words(log.column("arm"), ARMS),
            }
        )
