"""The encoding of a file is judged with its neighbours: the text that comes out is what the lender wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duewatch.contract.errors import SourceError
from duewatch.sources.folder_encoding import guessed, shows_chinese
from tests.support.draws import draws
from tests.unit.sources.conftest import Open, rows

CHINESE_LOG = "案件编号,姓名,催收结果\nAJ1,王小明,承诺还款\nAJ2,张三,无人接听\n"
YUAN = "id,amount\nA1,500.00元\nA2,1200元\n"
"""In GB18030 元 is the bytes D4 AA, which strict UTF-8 reads as 'Ԫ' (U+052A)."""


@pytest.mark.parametrize("neighbour", [CHINESE_LOG, None])
def test_a_file_whose_only_chinese_is_a_currency_mark_is_chinese(opened: Open, neighbour: str | None) -> None:
    assert YUAN.encode("gb18030").decode("utf-8").count("Ԫ") == 2
    if neighbour:
        opened("log.csv", neighbour.encode("gb18030"))
    raw = opened("pay.csv", YUAN.encode("gb18030"))
    assert (raw.encoding, rows(raw)) == ("gb18030", [(2, "A1", "500.00元"), (3, "A2", "1200元")])


@pytest.mark.parametrize("text", ["José", "Müller", "£500", "Да", "Нет", "5 °C", "½", "500.00元", "Ελλάδα", "١٢"])
def test_a_short_file_in_utf8_beside_a_chinese_one_stays_utf8(opened: Open, text: str) -> None:
    opened("log.csv", CHINESE_LOG.encode("gb18030"))
    raw = opened("pay.csv", f"id,note\nA1,{text}\n")
    assert (raw.encoding, rows(raw)) == ("utf-8", [(2, "A1", text)])


READ = {
    "gb18030": ["案件编号,客户姓名,逾期金额", "王晓明,现金贷", "500元,欠", "消费贷𠀀"],
    "big5": ["案件編號,客戶姓名,逾期金額", "王小明,台北市"],
    "cp949": ["계좌번호,고객명,연체금액", "김민수,서울특별시,연체"],
    "cp932": ["口座番号,氏名,延滞金額"],
    "cp1251": ["Иванов,Москва", "Договор;Просрочка;Сумма долга"],
    "cp1253": ["Παπαδόπουλος,Αθήνα"],
    "cp1250": ["Zaległość;Spłata częściowa", "Łukasz Żółć,Gdańsk"],
    "cp1252": ["José García,México", "Müller,Straße 5", "João Conceição;São Paulo", "Né le 3 août à Hélène", "12,50 €"],
}


@pytest.mark.parametrize(("encoding", "text"), [(name, text) for name, texts in READ.items() for text in texts])
def test_what_people_write_reads_as_they_wrote_it(opened: Open, encoding: str, text: str) -> None:
    """By the text that comes out, not by the name: some encodings share these letters."""
    raw = opened("a.csv", f"{text}\n".encode(encoding), delimiter="~")
    assert raw.header == (text,)


def test_a_single_word_is_read_as_the_folder_is(opened: Open) -> None:
    """Alone, 'ã' of João could be Polish 'ă'; the other file says which."""
    opened("b.csv", "Zaległość;Spłata częściowa;Łódź\n".encode("cp1250"))
    assert opened("a.csv", "imię\nŁucja\n".encode("cp1250")).header == ("imię",)


def test_a_declared_encoding_wins(opened: Open) -> None:
    assert opened("a.csv", "é\n".encode("cp1252"), encoding="cp1251").header == ("й",)
    with pytest.raises(SourceError, match=r"a\.csv, line 2: the file is neither UTF-8 nor ascii throughout"):
        opened("a.csv", b"id\n\xe9\n", encoding="ascii")


@pytest.mark.parametrize(
    ("lines", "line"),
    [(["utf-8", "utf-8", "gb18030"], 4), (["gb18030", "utf-8", "gb18030"], 3), (["utf-8", "gb18030"], 2)],
)
def test_a_mixture_of_bytes_is_refused_with_its_line(opened: Open, lines: list[str], line: int) -> None:
    content = b"id,name\n" + b"".join("A1,王小明还款\n".encode(encoding) for encoding in lines)
    with pytest.raises(SourceError, match=f"a.csv, line {line}: the file is written in two encodings"):
        opened("a.csv", content)


def test_a_name_that_happens_to_be_valid_utf8_makes_no_mixture(opened: Open) -> None:
    """Three hanzi of GB2312 whose six bytes are two characters of UTF-8: E4-E9, then twice 80-BF, and so again."""
    hanzi = "".join(chr(code) for code in range(0x4E00, 0x9FA6))
    pairs = {code for character in hanzi if len(code := character.encode("gb2312", "ignore")) == 2}
    first = next(code for code in sorted(pairs) if 0xE4 <= code[0] <= 0xE9 and code[1] <= 0xBF)
    second = next(code for code in sorted(pairs) if code[0] <= 0xBF and 0xE4 <= code[1] <= 0xE9)
    third = next(code for code in sorted(pairs) if code[0] <= 0xBF and code[1] <= 0xBF)
    accident = first + second + third
    assert len(accident.decode("utf-8")) == 2
    raw = opened("log.csv", CHINESE_LOG.encode("gb18030") + b"AJ3," + accident + b",x\n")
    assert rows(raw)[2][2] == accident.decode("gb18030")


def test_bytes_that_no_text_has_are_refused_with_their_line(opened: Open) -> None:
    with pytest.raises(SourceError, match=r"a\.csv, line 3: the file is not UTF-8 and reads as nothing else"):
        opened("a.csv", b"id\nA1\n\xff\xff\n")
    with pytest.raises(SourceError, match=r"b\.csv, line 2: the file begins as UTF-8 but is not UTF-8 throughout"):
        opened("b.csv", b"\xef\xbb\xbfid\nA\xe9\n")


def test_one_damaged_byte_in_a_chinese_file_is_no_other_encoding(opened: Open) -> None:
    content = (CHINESE_LOG * 20).encode("gb18030") + b"AJ3,\xff,x\n"
    with pytest.raises(SourceError, match=r"a\.csv, line 61: the file is neither UTF-8 nor gb18030 throughout"):
        opened("a.csv", content)


@draws(100)
@given(
    st.text(
        "的一是不了在人有我他这中大来上个国到说们时为子那你出对生也能要下自然还款逾期本金利息催收联系电话", min_size=1
    )
)
def test_chinese_in_gb18030_is_always_read_as_it(text: str) -> None:
    assert guessed(f"案件,状态,已收,{text}\n".encode("gb18030")) == "gb18030"


@pytest.mark.parametrize("text", ["СУММА ДОЛГА;ДАТА ПЛАТЕЖА", "Номер договора,Просрочка", "ЗАЕМЩИК", "дней просрочки"])
def test_russian_is_never_taken_for_chinese(text: str) -> None:
    """Pairs of its bytes are hanzi too; words of an odd number of letters give it away."""
    assert not shows_chinese(text.encode("cp1251"))
