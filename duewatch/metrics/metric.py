"""What is declared of a metric. Tile, definition, drill-down, Explore and rate and mix are all made from it."""

from __future__ import annotations

from dataclasses import dataclass, field

from duewatch.engines import Params
from duewatch.engines.query_files import query_file

OF_ACCOUNT = ("product", "branch", "risk_grade", "balance_band", "opened_year", "region")
OF_CONTACT = ("channel", "team", "collector")
OF_PROMISE = (*OF_ACCOUNT, "bucket", *OF_CONTACT)
DIMENSIONS = (*OF_ACCOUNT, "bucket", *OF_CONTACT, "stage")
LENT = ("product", "branch")
MONEY = ("money", "money")


@dataclass(frozen=True)
class Units:
    """How a metric is cut in Explore, and the rows that a tile of it opens."""

    query: str  # one row a unit: numerator, denominator, who, when
    limits: str  # how explore/segments finds the limits
    period: (
        str  # day (as it stands), step (from the snapshot before), due (promises last decided), period (picked days)
    )
    unit: str  # what n counts
    dims: tuple[str, ...]  # what it can be cut by
    form: str = "share"  # share, per_thousand, money or number
    sums: tuple[str, str] = ("count", "count")  # what numerator and denominator are sums of: money or count
    given: Params = field(default_factory=dict)  # parameters of the query beside days and settings


@dataclass(frozen=True)
class Segments:
    """How a change of a ratio is taken apart into rate and mix."""

    kind: str  # stock, step, recovery or kept: which query gives the segments
    part: str  # column of the numerator
    whole: str  # column of the denominator
    by: tuple[str, ...]  # what it can be cut by
    bucket: str = ""  # for a step, the bucket followed
    is_good_up: bool = False  # whether a rise is good news

    @property
    def is_money(self) -> bool:
        return self.kind in ("stock", "recovery")


@dataclass(frozen=True)
class Rows:
    """The rows that a tile of a metric opens, where they are not its units, and how they add up to it."""

    query: str
    part: str = ""  # the column that is summed; empty: rows are counted
    whole: str = ""  # the number is the sum of part over the sum of this column; * counts every row as one
    hidden: tuple[str, ...] = ()  # columns that say the same in every row


@dataclass(frozen=True)
class Metric:
    """One number. Its words (name, question, numerator, denominator, exclusions, traps) stand in the locales under
    `metric.<id>`."""

    id: str
    query: str  # the query that it stands in
    column: str  # and the column
    unit: str  # money, share, count, days, day or matrix
    cohort: str  # which units it is about: a key under `cohort.` in the locales
    source: str  # who defines it so
    interval: str = "none"  # how its limits are found: a key under `interval.`
    numerator: str = ""  # columns of the query: the number is the one over the other
    denominator: str = ""
    limits: str = ""  # columns of its limits are <limits>_low and <limits>_high
    explore: Units | None = None
    rate_mix: Segments | None = None
    rows: Rows | None = None
    page: str = ""  # a page that shows it by the dimension `by` of its units, with nothing else to write
    by: str = ""

    @property
    def sql(self) -> str:
        """The query as the engine runs it, with what it uses in front."""
        return query_file(self.query).sql

    @property
    def units(self) -> Units:
        """How it is cut in Explore. Raises KeyError where it is not."""
        if self.explore is None:
            raise KeyError(f"{self.id} cannot be explored")
        return self.explore

    @property
    def segments(self) -> Segments:
        """How it is taken apart into rate and mix. Raises KeyError where it is not."""
        if self.rate_mix is None:
            raise KeyError(f"{self.id} is not taken apart into rate and mix")
        return self.rate_mix
