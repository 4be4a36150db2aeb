"""Our own remarks on a citation are told in the reader's language; the words of a clause stay as published."""

from __future__ import annotations

import re

import pytest

from duewatch.compliance.packs import load_packs
from duewatch.contract.i18n import cited, words_in

ZH, EN = words_in("zh"), words_in("en")


def test_a_remark_is_told_in_chinese_and_the_clause_stays() -> None:
    clause = "同一联系方式当日拨打不宜超过6次"
    assert cited(ZH, f"{clause}（press report, article number not seen）") == f"{clause}（媒体报道，未见条号）"
    assert cited(EN, f"{clause}（press report）") == f"{clause}（press report）"
    assert cited(ZH, "house policy") == "本机构内部规定"
    assert cited(ZH, "the lender's own policy; the values shipped are examples").startswith("贷款机构")


@pytest.mark.parametrize(
    "cite", ["12 CFR 1006.14(b)(2)(i)(A)", "RG 96 part 2 s 4(a)", "a remark of nobody", "并告知将进行核实"]
)
def test_a_citation_without_a_known_remark_stays_as_it_is(cite: str) -> None:
    assert cited(ZH, cite) == cite


def test_no_chinese_or_own_rule_is_cited_with_an_english_remark() -> None:
    cites = [rule.cite for pack in load_packs().values() if pack.id.startswith(("cn.", "house")) for rule in pack.rules]
    assert len(cites) >= 13
    assert not [cite for cite in cites if re.search(r"[a-z]{3}", cited(ZH, cite))]
