"""truth.json: what was planted, with ids; the generator's parameters; and what came of them."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from duewatch.contract.settings import BUCKET_STARTS, Settings
from duewatch.demo.book import STATUS, Chunk, MonthEnd
from duewatch.demo.faults import Fault
from duewatch.demo.parameters import Parameters
from duewatch.demo.plants import PLANTS
from duewatch.demo.repayment import CONTACT_LEVELS, EXPOSURE_SHAPE
from duewatch.demo.staff import Staff
from duewatch.demo.timeline import Ints, Timeline

STATES = (*Settings().bucket_names, "written_off", "paid_off", "exit")
WRITTEN_OFF, PAID_OFF, EXIT = (STATES.index(name) for name in ("written_off", "paid_off", "exit"))
CURRENCIES = ("CNY", "USD")


class Truth:
    """Gathers chunk by chunk. Money in cents until it is written as text."""

    def __init__(self, days: Timeline) -> None:
        self.days = days
        size = (days.months, 2, len(STATES))
        self.aging_n, self.aging_cents = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
        self.moves = np.zeros((max(days.months - 1, 0), 2, len(STATES), len(STATES)), dtype=np.int64)
        self.exposure = np.zeros((2, *EXPOSURE_SHAPE), dtype=np.int64)
        self.spells: Counter[str] = Counter()
        self.outcomes: Counter[tuple[str, str]] = Counter()
        self.promises: Counter[tuple[int, str]] = Counter()
        self.plant_ids: dict[int, list[str]] = {number: [] for number in range(len(PLANTS))}
        self.plant_accounts: dict[int, list[str]] = {number: [] for number in range(len(PLANTS))}
        self.variants: Counter[str] = Counter()
        self.omitted: list[str] = []
        self.n_wall_time = 0

    def add(self, chunk: Chunk, frames: dict[str, pl.DataFrame], ids: dict[str, pl.Series]) -> None:
        account_ids = frames["accounts"]["account_id"]
        self._add_plants(chunk, account_ids, ids)
        self._add_months(chunk)
        self.exposure += chunk.repayment.exposure
        self.spells.update(chunk.cases.spells)
        contacts = frames["contacts"]
        counted = contacts.group_by("channel", "outcome").len().sort("channel", "outcome")
        self.outcomes.update({(channel, outcome): n for channel, outcome, n in counted.iter_rows()})
        self.n_wall_time += int((contacts["started_at"].str.len_bytes() == len("2026-01-01T00:00:00")).sum())
        self._add_promises(chunk, ids["promises"])

    def _add_plants(self, chunk: Chunk, account_ids: pl.Series, ids: dict[str, pl.Series]) -> None:
        sources = ids | {"accounts": account_ids}
        for number, plant in enumerate(PLANTS):
            for rows in chunk.planting.listed[number]:
                self.plant_ids[number] += sources[plant.what].gather(rows).to_list()
            if number in chunk.planting.accounts:
                self.plant_accounts[number] += account_ids.gather(chunk.planting.accounts[number]).to_list()

    def _add_months(self, chunk: Chunk) -> None:
        usd = chunk.book.usd.astype(np.int64)
        before: Ints | None = None
        for month, state in enumerate(chunk.month_ends):
            codes = np.full(chunk.book.size, EXIT)
            codes[state.acc] = _states(state)
            place = (usd[state.acc], codes[state.acc])
            np.add.at(self.aging_n[month], place, 1)
            np.add.at(self.aging_cents[month], place, state.balance)
            if before is not None:
                alive = (before != EXIT) & (before != PAID_OFF)
                np.add.at(self.moves[month - 1], (usd[alive], before[alive], codes[alive]), 1)
            before = codes

    def _add_promises(self, chunk: Chunk, ids: pl.Series) -> None:
        log = chunk.cases.promises
        kept, ahead = log.column("kept_drawn"), log.column("due") - log.column("made") // 86_400
        for days, drawn in zip(ahead.tolist(), kept.tolist(), strict=True):
            if drawn >= 0:
                self.promises[(days, "n")] += 1
                self.promises[(days, "kept_drawn")] += drawn
        self.omitted += ids.gather(np.flatnonzero(log.column("reminder_omitted") == 1)).to_list()

    def write(
        self,
        path: Path,
        terms: Parameters,
        staff: Staff,
        arguments: dict[str, Any],
        faults: list[Fault],
        rows: dict[str, int],
    ) -> Path:
        content = {
            "arguments": arguments,
            "plants": self._plants(exempt=False),
            "exempt": self._plants(exempt=True),
            "promise_reminders_omitted": {"count": len(self.omitted), "ids": sorted(self.omitted)},
            "data_faults": [asdict(fault) | {"count": len(fault.lines)} for fault in faults],
            "accepted_variants": {"table": "accounts", "column": "original_amount", "count": dict(self.variants)},
            "rows": _rows(rows, faults),
            "parameters": asdict(terms),
            "collectors": _differing(staff),
            "realised": self._realised(),
        }
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return path

    def _plants(self, *, exempt: bool) -> list[dict[str, Any]]:
        return [
            {
                "kind": plant.kind,
                "rules": plant.rules,
                "process": plant.process,
                "what": plant.what,
                "count": len(self.plant_ids[number]),
                "ids": sorted(self.plant_ids[number]),
                "accounts": sorted(self.plant_accounts[number]),
                "assumes": plant.assumes,
            }
            for number, plant in enumerate(PLANTS)
            if plant.exempt == exempt
        ]

    def _realised(self) -> dict[str, Any]:
        ends = [self.days.date_of(day).isoformat() for day in self.days.month_ends]
        return {
            "aging": [
                {
                    "as_of": end,
                    "currency": CURRENCIES[c],
                    "state": STATES[s],
                    "n_accounts": int(self.aging_n[m, c, s]),
                    "balance": _text(int(self.aging_cents[m, c, s])),
                }
                for m, end in enumerate(ends)
                for c in (0, 1)
                for s in np.flatnonzero(self.aging_n[m, c]).tolist()
            ],
            "transitions": [
                {
                    "from_date": ends[m],
                    "to_date": ends[m + 1],
                    "currency": CURRENCIES[c],
                    "from": STATES[f],
                    "to": STATES[t],
                    "n_accounts": int(self.moves[m, c, f, t]),
                }
                for m, c, f, t in np.argwhere(self.moves).tolist()
            ],
            "hazard_cells": self._hazard_cells(),
            "spells": dict(self.spells),
            "contacts": [{"channel": c, "outcome": o, "n": n} for (c, o), n in sorted(self.outcomes.items())],
            "contacts_in_wall_time": self.n_wall_time,
            "promises_by_days_ahead": [
                {"days": days, "n": self.promises[(days, "n")], "kept_drawn": self.promises[(days, "kept_drawn")]}
                for days in sorted({days for days, _ in self.promises})
            ],
        }

    def _hazard_cells(self) -> dict[str, Any]:
        """Days late and payments by hazard, by cell: enough to fit every hazard parameter again."""
        cells = np.argwhere(self.exposure[0])
        counts = [[int(self.exposure[n][tuple(cell)]) for n in (0, 1)] for cell in cells]
        return {
            "columns": ["dpd_band", "grade", "weekend", "payday", "contact", "judgement_third", "days", "payments"],
            "contact_levels": CONTACT_LEVELS,
            "cells": [[*cell, *count] for cell, count in zip(cells.tolist(), counts, strict=True)],
        }


def _states(state: MonthEnd) -> Ints:
    bucket = np.searchsorted(BUCKET_STARTS, state.days_past_due, side="right") - 1
    bucket = np.where(state.status == STATUS["written_off"], WRITTEN_OFF, bucket)
    return np.where(state.status == STATUS["paid_off"], PAID_OFF, bucket)


def _text(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _rows(written: dict[str, int], faults: list[Fault]) -> dict[str, dict[str, int]]:
    bad = Counter[str]()
    for fault in faults:
        bad[fault.table] += len(fault.lines)
    return {
        table: {"written": n, "expected_accepted": n - bad[table], "expected_rejected": bad[table]}
        for table, n in written.items()
    }


def _differing(staff: Staff) -> list[dict[str, Any]]:
    return [
        {
            "collector_id": f"K{k:04d}",
            "log_hazard": float(staff.log_hazard[k]),
            "promise_log_odds": float(staff.promise_log_odds[k]),
        }
        for k in np.flatnonzero(staff.log_hazard).tolist()
    ]
