"""Invented people: Faker's name pools, and numbers that cannot belong to anybody (data/README.md says why)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from faker import Faker

from duewatch.demo.timeline import Ints

POOL = 400
CN_REGIONS = ("上海", "北京", "广东", "浙江", "江苏", "四川", "湖北", "山东", "河南", "福建")
US_REGIONS = ("New York", "Illinois", "Colorado", "California")
INDUSTRIES = ("manufacturing", "retail", "logistics", "catering", "construction", "health", "education", "services")


@dataclass(frozen=True)
class Names:
    """Pools of family names, given names and streets."""

    family: pl.Series
    given: pl.Series
    street: pl.Series

    def full(self, family: Ints, given: Ints, between: str) -> pl.Series:
        parts = pl.DataFrame({"a": self.family.gather(family), "b": self.given.gather(given)})
        first, second = ("a", "b") if between == "" else ("b", "a")
        return parts.select(pl.concat_str(first, second, separator=between)).to_series()


def draw_names(seed: int) -> dict[bool, Names]:
    """Chinese (False) and English (True) pools for one seed."""
    return {usd: _pool("en_US" if usd else "zh_CN", seed) for usd in (False, True)}


def _pool(locale: str, seed: int) -> Names:
    faker = Faker(locale)
    faker.seed_instance(seed)
    return Names(
        family=pl.Series([faker.last_name() for _ in range(POOL)]),
        given=pl.Series([faker.first_name() for _ in range(POOL)]),
        street=pl.Series([faker.street_name() for _ in range(POOL)]),
    )


def draw_full_names(rng: np.random.Generator, pools: dict[bool, Names], usd: Ints) -> pl.Series:
    """One name per row, in the script of the row's currency."""
    n = len(usd)
    family, first = rng.integers(0, POOL, n), rng.integers(0, POOL, n)
    frame = pl.DataFrame(
        {"usd": usd == 1, "cn": pools[False].full(family, first, ""), "us": pools[True].full(family, first, " ")}
    )
    return frame.select(pl.when("usd").then("us").otherwise("cn")).to_series()


def draw_addresses(rng: np.random.Generator, pools: dict[bool, Names], usd: Ints, region: pl.Series) -> pl.Series:
    n = len(usd)
    street, number = rng.integers(0, POOL, n), rng.integers(1, 999, n)
    frame = pl.DataFrame(
        {
            "usd": usd == 1,
            "region": region,
            "number": number,
            "cn": pools[False].street.gather(street),
            "us": pools[True].street.gather(street),
        }
    )
    chinese = pl.format("{}{}{}号", "region", "cn", "number")
    american = pl.format("{} {} {}", "number", "us", "region")
    return frame.select(pl.when("usd").then(american).otherwise(chinese)).to_series()


def phone_numbers(debtor: Ints, version: Ints, usd: Ints) -> pl.Series:
    """Numbers that no network can assign: Chinese mobile numbers never begin with 10, American area codes never
    with 1. `version` is the next number the debtor is known by, after a wrong one."""
    frame = pl.DataFrame({"n": debtor * 10 + version, "usd": usd == 1})
    digits = pl.col("n").cast(pl.String).str.zfill(9)
    american, chinese = pl.format("+1-1{}", digits), pl.format("10{}", digits)
    return frame.select(pl.when("usd").then(american).otherwise(chinese)).to_series()


def id_numbers(debtor: Ints, usd: Ints) -> pl.Series:
    """Region 99 does not exist in China; 000 is never the area of an American number."""
    frame = pl.DataFrame({"n": debtor, "usd": usd == 1})
    number = pl.col("n").cast(pl.String)
    chinese = pl.format("99{}0101{}", number.str.zfill(8), ((pl.col("n") * 7919) % 10_000).cast(pl.String).str.zfill(4))
    american = pl.format("000-{}", number.str.zfill(7))
    return frame.select(pl.when("usd").then(american).otherwise(chinese)).to_series()
