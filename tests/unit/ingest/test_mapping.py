"""The mapping file: a whole Chinese GB18030 example, and one sentence for each way to get it wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from duewatch.contract.errors import SourceError
from duewatch.contract.i18n import words_in
from duewatch.contract.toml_file import checked_toml
from duewatch.sources.mapping import Mapping, read_mapping
from duewatch.sources.mapping_keys import mapping_keys_page
from duewatch.sources.presets import preset_mapping
from tests.unit.ingest.conftest import Source

EXAMPLE = Path(__file__).parent / "fixtures" / "mapping_gb18030.toml"
DOCS = Path(__file__).resolve().parents[3] / "docs" / "mapping.md"


def test_a_chinese_export_loads_untouched_by_the_first_edition(source: Source) -> None:
    (source.folder / "accounts.csv").unlink()
    header = "借据号,客户号,产品,币种,放款日,放款金额,是否抵押,备注\n"
    accounts = header + 'J1,K1,消费贷,人民币,2025/1/8,"12,000.00",是,\n合计,,,,,12000,,\n'
    contacts = (
        "记录编号,借据号,开始时间,方式,方向,结果,号码\nR1,J1,2025/3/1 9:05:00,电话,呼出,无人接听,13900000000\n"
        "R2,J1,2025/3/1 9:06:00,传真,呼出,无人接听,13900000000\n"
    )
    source.write("借据台账.csv", accounts.encode("gb18030"))
    source.write("催收记录.csv", contacts.encode("gb18030"))
    report = source.load(EXAMPLE.read_text(encoding="utf-8"))
    assert "借据台账.csv was read as gb18030" in report.note_sentences(words_in("en"))
    assert source.ask("select currency, opened_on::varchar, original_amount::varchar, secured from accounts") == [
        ("CNY", "2025-01-08", "12000.00", True)
    ]
    assert source.ask("select started_at::varchar, local_time::varchar, channel from contacts") == [
        ("2025-03-01 01:05:00", "09:05:00", "call")
    ]
    rejects = "select reason, value from rejects order by 1"
    assert source.ask(rejects, private=True) == [("total_row", "合计"), ("unknown_code", "传真")]
    assert [value for _, value in source.ask(rejects)] == ["•••", "•••"], (
        "a file with personal cells shows no rare value"
    )
    assert "催收记录.csv, line 3, channel '传真': unknown_code (1 row)" in report.examples


def test_the_documentation_shows_the_preset_as_it_is_and_only_mappings_that_are_right() -> None:
    text = DOCS.read_text(encoding="utf-8")
    assert preset_mapping("cn-case-sheet").read_text(encoding="utf-8") in text
    blocks = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert len(blocks) == 3
    for block in blocks:
        checked_toml(block, Mapping, error=SourceError, shown="docs/mapping.md")


def test_the_page_of_keys_is_what_the_types_say() -> None:
    assert (DOCS.parent / "mapping-keys.md").read_text(encoding="utf-8") == mapping_keys_page(), "run 'make docs'"
    assert "|  |" not in mapping_keys_page(), "every key has a meaning"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[sauce]\n", "there is no 'sauce'; did you mean source?"),
        ("[tables.contact]\n", "did you mean contacts?"),
        ("[tables.contacts]\ncolums = {}\n", "did you mean columns?"),
        ("[tables.contacts.columns]\na = 'chanel'\n", "did you mean channel?"),
        ("[tables.contacts.columns]\na = 'channel'\nb = 'channel'\n", "line 3: 'b' and 'a' both become channel"),
        ("[tables.contacts.codes.channel]\na = 'phone'\n", "line 2: 'phone' is no code of channel; use one of call, "),
        ("[source]\ndefault_time_zone = 'Asia/Peking'\n", "no time zone"),
        ("[source]\ndate_formats = ['%d %Q']\n", "this form cannot be read"),
        ("[source]\nobserved_until = 'soon'\n", "line 2: source.observed_until is 'soon'; give a day such as"),
        ("[source\n", "not valid TOML"),
    ],
)
def test_a_wrong_mapping_is_refused_in_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as told:
        read_mapping(path)
    assert sentence in str(told.value)
    assert "mapping.toml" in str(told.value)
