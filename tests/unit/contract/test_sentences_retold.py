"""Sentences made in English are found again in the locales and told in Chinese, gaps and all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from duewatch.contract.errors import DuewatchError, SourceError
from duewatch.contract.i18n import words_in
from duewatch.contract.localised_errors import localised_sentence
from duewatch.contract.sentences_retold import retold
from duewatch.sources.mapping import read_mapping

ZH = words_in("zh")
MISTAKES = [
    "[sauce]\n",
    "[tables.contact]\n",
    "[tables.contacts.columns]\na = 'chanel'\n",
    "[tables.contacts.columns]\na = 'channel'\nb = 'channel'\n",
    "[tables.contacts.codes.channel]\na = 'phone'\n",
    "[tables.accounts]\nsql = 'a/b.sql'\n",
    "[source]\ndefault_time_zone = 'Asia/Peking'\n",
    "[source]\ndate_formats = ['%d %Q']\n",
    "[source]\ndate_formats = ['%Y%-m%-d']\n",
    "[source]\nobserved_until = 'soon'\n",
    "[source]\nround_amounts = 'yes'\n",
    "[source\n",
    "[files.a]\nencoding = 'gbx'\n",
    "[files.a]\ndelimiter = ';;'\n",
    "[files.a.accounts]\naccount_id = { column = 'a', constant = 'b' }\n",
    "[files.a.accounts]\naccount_id = {}\n",
    "[files.a.accounts]\naccount_id = 3\n",
    "[files.a.snapshots]\nas_of = { column = 'm', formats = ['%b-%Y'] }\n",
]


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_in_a_mapping_is_told_in_chinese(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as told:
        read_mapping(path)
    sentence = localised_sentence(ZH, told.value)
    assert re.search("[\u4e00-\u9fff]", sentence)
    english = re.findall(r"\b(?:there|give|this|did you|is no|use one|both become)\b", sentence)
    assert english == [], sentence


def test_what_stands_in_the_gaps_is_kept() -> None:
    error = DuewatchError("there is no 'sauce'", where="mapping.toml, line 1", next_step="did you mean source?")
    assert localised_sentence(ZH, error) == "mapping.toml 第 1 行：没有“sauce”这一项；是否指 source？。"
    assert error.sentence == "mapping.toml, line 1: there is no 'sauce'; did you mean source?."


def test_a_sentence_that_the_locales_do_not_have_stays_as_it_is() -> None:
    assert retold(ZH, "the moon is full") == "the moon is full", "only a name without spaces is a field"
    assert retold(ZH, "source.zone is 3") == "source.zone 的值是 3"
    assert retold(ZH, "nothing of ours") == "nothing of ours"
    assert retold(words_in("en"), "give a number") == "give a number"
