"""A region as people write it (`Mass.`, `massachusetts `, `US-MA`, 广东, 广东省) to its ISO 3166-2 code.

Codes and names come from pycountry, in English, the country's own language and Chinese. What could be two regions is
none: nothing is guessed.
"""

from __future__ import annotations

import gettext
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from functools import cache

import pycountry

CHINESE = ("zh_CN", "zh_TW")
CHINESE_ENDINGS = "壮族自治区|回族自治区|维吾尔自治区|自治区|自治州|特别行政区|省|市|州"
LATIN_ENDINGS = r" (sheng|shi|zizhiqu|zhuangzu zizhiqu|huizu zizhiqu|uygur zizhiqu|state|province|oblast|prefecture)$"
OTHER_NAMES = {
    "CN-NM": ("Inner Mongolia",),
    "CN-XZ": ("Tibet", "西藏"),
    "CN-GX": ("Guangxi", "广西"),
    "CN-NX": ("Ningxia", "宁夏"),
    "CN-XJ": ("Xinjiang", "新疆"),
    "US-MA": ("麻省",),
    "US-WV": ("W. Va.", "西弗吉尼亚"),
    "US-AL": ("阿拉巴马",),
    "US-CA": ("加州",),
    "US-GA": ("乔治亚",),
    "US-MD": ("马里兰",),
    "US-RI": ("罗得岛",),
    "US-SC": ("南卡罗来纳",),
    "US-TX": ("德克萨斯",),
    "US-DC": ("DC", "D.C.", "Washington, D.C.", "Washington DC", "华盛顿特区", "哥伦比亚特区"),
}
"""What a region is called besides its names in ISO 3166-2 and their translations."""
SHORTEST = 3
"""Letters of the shortest beginning of a name that is taken for it, as in `Mass.`"""
Names = Mapping[str, str]


def region_code(text: str | None, countries: Collection[str], further: Names = {}) -> str | None:  # noqa: B006 - never written to
    """The ISO 3166-2 code of a region in one of these countries; None where the text is empty, in none of them, or
    could be two. `further`: names (as `plain` makes them) of places below a region, and their codes."""
    if not text or not plain(text):
        return None
    if re.fullmatch(r"[A-Za-z]{2}-[A-Za-z0-9]{1,3}", text.strip()):
        given = text.strip().upper()
        return given if given in _codes() else None
    if plain(text) in further and further[plain(text)].split("-")[0] in countries:
        return further[plain(text)]
    found = {code for country in countries if (code := _in_country(text, country))}
    return found.pop() if len(found) == 1 else None


@cache
def _codes() -> frozenset[str]:
    return frozenset(region.code for region in pycountry.subdivisions)


def plain(text: str) -> str:
    """Small letters without accents, marks and doubled spaces."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text)).casefold()
    kept = "".join(letter if letter.isalnum() else " " for letter in letters if not unicodedata.combining(letter))
    return " ".join(kept.split())


def _in_country(text: str, country: str) -> str | None:
    by_name, words = _names_of(country), plain(text)
    for form in (words, words.replace(" ", ""), _without_ending(words)):
        if form in by_name:
            return by_name[form]
    last = re.search(r"(?:^|[\s,])([A-Z]{2,3})$", text.strip())
    if last and last[1].casefold() in by_name:  # a town before it, as in Boston, MA
        return by_name[last[1].casefold()]
    begun = {code for name, code in by_name.items() if _begins(words.split(), name.split())}
    return begun.pop() if len(begun) == 1 and len(words.replace(" ", "")) >= SHORTEST else None


def _begins(parts: list[str], words: list[str]) -> bool:
    """`w va` begins `west virginia`, word by word."""
    return len(parts) == len(words) and all(word.startswith(part) for part, word in zip(parts, words, strict=True))


def _without_ending(name: str) -> str:
    bare = re.sub(r"^(commonwealth|state|province) of ", "", name)
    return re.sub(f"({CHINESE_ENDINGS})$", "", re.sub(LATIN_ENDINGS, "", bare))


@cache
def _names_of(country: str) -> Names:
    """Every plain name and short code of the country's regions; a name of two regions is left out."""
    translations = [gettext.translation("iso3166-2", pycountry.LOCALES_DIR, [each]) for each in CHINESE]
    found: dict[str, set[str]] = {}
    for region in (region for region in pycountry.subdivisions if region.country_code == country):
        names = [region.code.split("-")[1], region.name, *OTHER_NAMES.get(region.code, ())]
        names += [translation.gettext(region.name) for translation in translations]
        for form in _forms(names):
            found.setdefault(form, set()).add(region.code)
    return {form: codes.pop() for form, codes in found.items() if len(codes) == 1}


def _forms(names: Iterable[str]) -> set[str]:
    plain_names = {plain(name) for name in names}
    return {form for name in plain_names for form in (name, _without_ending(name)) if form}
