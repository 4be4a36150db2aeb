"""Countries that a debtor's money may be of, and the country in which a debtor's bare telephone numbers are dialled."""

from __future__ import annotations

from collections.abc import Collection

from duewatch.compliance.compiled_rules import currencies_of
from duewatch.compliance.pack_types import Pack


def countries_of_money(currencies: Collection[str], packs: Collection[Pack]) -> list[str]:
    """Countries of the packs in which one of these currencies is money."""
    held = {pack.jurisdiction: currencies_of(pack.jurisdiction) for pack in packs}
    return sorted(country for country, money in held.items() if country and not set(money).isdisjoint(currencies))


def dialled_in(
    first_country: str | None, region_code: str | None, currencies: Collection[str], packs: Collection[Pack]
) -> str | None:
    """That of the first time zone, else of the region, else the only one of the money; None where none tells."""
    if first_country or region_code:
        return first_country or str(region_code).split("-")[0]
    of_money = countries_of_money(currencies, packs)
    return of_money[0] if len(of_money) == 1 else None
