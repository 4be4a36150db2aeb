"""In which encoding a text file is written: by its mark, strict UTF-8, or what the folder as a whole reads as.

One file may say too little: `500.00元` in GB18030 happens to be valid UTF-8 for '500.00Ԫ'. Its neighbours say more.
"""

from __future__ import annotations

import codecs
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from charset_normalizer import from_bytes

from duewatch.contract.errors import SourceError
from duewatch.contract.localised_errors import LocalisedText, localised_error
from duewatch.sources.folder_files import PACKED
from duewatch.sources.packed_file import PIECE, pieces

UTF8, CHINESE = "utf-8", "gb18030"
BOMS = ((codecs.BOM_UTF8, UTF8), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
LATIN = ("cp1252", "cp1250", "cp1254", "cp1257", "cp1258", "iso8859_2", "iso8859_15", "latin_1")
"""Latin encodings, the most used first: between two that read alike the first is taken."""
OTHERS = ("big5", "cp949", "cp932", "euc_jp", "cp1251", "cp1253", "cp1255", "cp1256", "koi8_r")
SAMPLE = 1 << 20
"""Bytes of lines outside ASCII that a file adds to the guess."""
GUESSED_FROM = 1 << 16
"""Bytes that the guesser looks at; more would not change its mind."""
WIDE_TEXT = re.compile(r"[^\x00-\x7f]")
COMMON_HANZI = range(0xB0, 0xD8)
"""First bytes of the 3,755 common characters in GB2312, in order of their sound."""
MOSTLY, NEARLY_ALL = 0.7, 0.97
"""Share of characters that are common ones or marks; names hold rare ones."""
FEW = 8
LATE_HANZI = range(0xC9, 0xD8)
"""Sounds from s to z: a third of Chinese text; Korean bytes never reach them."""
RARE_LETTERS = re.compile("[\u01c0-\u0217\u021c-\u02af\u0500-\u058f]")
NEVER_LETTERS = bytes(range(0x80)) + b"\xfe\xff"
"""ASCII, and bytes of which no word is made alone."""
THREE_BYTES = bytes(range(0xE0))


@dataclass(frozen=True)
class Scan:
    """One pass over a file. `bad_at`: offset of the first byte that is not UTF-8, None where all are."""

    sha256: str
    n_bytes: int
    mark: bytes
    marked: str
    bad_at: int | None
    is_ascii: bool
    has_long: bool
    """A character of three bytes or more, if the file is UTF-8: no Chinese text in GB18030 has many by accident."""


class FolderEncodings:
    """The text files of one folder. They are looked at when one of them cannot be judged alone."""

    def __init__(self, files: Iterable[Path]) -> None:
        self._files = tuple(files)
        self._scans: dict[Path, Scan] = {}

    def scan(self, path: Path, name: str) -> Scan:
        """Raises SourceError where a packed file is damaged."""
        if path not in self._scans:
            self._scans[path] = _scan(path, name)
        return self._scans[path]

    def encoding(self, path: Path, name: str) -> str:
        """The encoding of a file that declares none. Raises SourceError where nothing reads it."""
        scan = self.scan(path, name)
        if scan.marked or scan.is_ascii:
            return scan.marked or UTF8
        if scan.bad_at is None:
            return CHINESE if self._is_chinese_by_accident(path, name, scan) else UTF8
        refuse_mixture(path, name)
        encoding = self.guess or guessed(b"".join(wide_lines(path, name)))
        if not encoding:
            raise unread(path, name, scan.bad_at, "reading.no_encoding")
        return encoding

    @cached_property
    def guess(self) -> str:
        """What all files that are not UTF-8 read as together; empty where nothing reads them or all are UTF-8."""
        lines: list[bytes] = []
        for path in self._files:
            try:
                scan = self.scan(path, path.name)
                if scan.bad_at is not None and not scan.marked:
                    lines += wide_lines(path, path.name)
            except (SourceError, OSError):
                continue  # told when that file itself is opened
        return guessed(b"".join(lines)) if lines else ""

    def _is_chinese_by_accident(self, path: Path, name: str, scan: Scan) -> bool:
        if scan.has_long:
            return False
        sample = b"".join(wide_lines(path, name))
        return _may_be_chinese(sample) and (self.guess == CHINESE or _is_no_living_script(sample))


def encoding_note(name: str, encoding: str) -> LocalisedText:
    return LocalisedText("reading.read_as", {"name": name, "encoding": shown(encoding)})


def shown(encoding: str) -> str:
    """cp1252 as people call it: windows-1252."""
    return re.sub(r"^cp125", "windows-125", encoding)


def guessed(sample: bytes) -> str:
    """The encoding of lines that are not UTF-8; empty where they look like damage."""
    if shows_chinese(sample):
        return CHINESE
    if not sample.translate(None, NEVER_LETTERS):
        return ""
    found = from_bytes(sample[:GUESSED_FROM], cp_isolation=[*LATIN, *OTHERS], threshold=0.5)
    likely = [name for match in found for name in (match.encoding, *match.could_be_from_charset)]
    best = found.best()
    if best is None:
        return ""
    if best.encoding == "cp949" and "cp932" in likely and re.search(b"[\x81-\xa0]", sample):
        return "cp932"
    if best.encoding not in LATIN:
        return best.encoding
    latin = [name for name in LATIN if name in likely]
    readings = {name: sample.decode(name, "replace") for name in latin}
    encoding = min(latin, key=lambda name: _n_marks_in_words(readings[name]))
    return "" if re.search("[ÿ\ufffd]", readings[encoding]) else encoding


def shows_chinese(sample: bytes) -> bool:
    """Most characters outside ASCII are common hanzi, and of many some are late in the order of sounds. Of text that
    GB18030 does not read throughout nearly all must be: one damaged byte makes it no other encoding."""
    common, marks, wide = _hanzi(sample)
    is_whole = "\ufffd" not in sample.decode(CHINESE, "replace")
    if not common or len(common) + marks < (MOSTLY if is_whole else NEARLY_ALL) * wide:
        return False
    return len(common) < FEW or sum(first in LATE_HANZI for first in common) > 0.1 * len(common)


def _hanzi(sample: bytes) -> tuple[list[int], int, int]:
    """First bytes of the common hanzi, the number of marks, and of all characters outside ASCII."""
    wide = WIDE_TEXT.findall(sample.decode(CHINESE, "replace"))
    codes = [code for character in wide if (code := character.encode("gb2312", "ignore"))]
    return [code[0] for code in codes if code[0] in COMMON_HANZI], sum(code[0] <= 0xA3 for code in codes), len(wide)


def _may_be_chinese(sample: bytes) -> bool:
    """Valid UTF-8 whose bytes are also common hanzi, none of them beside an ASCII letter as in 'José'."""
    common, marks, wide = _hanzi(sample)
    if not common or len(common) + marks < wide:
        return False
    return not re.search(r"[A-Za-z][^\x00-\x7f]|[^\x00-\x7f][A-Za-z]|[\u0080-\u00bf]", sample.decode(UTF8, "replace"))


def _is_no_living_script(sample: bytes) -> bool:
    """As UTF-8 nothing but letters that hardly any language uses, as 元 and 欠 come out: Ԫ, Ƿ."""
    return not RARE_LETTERS.sub("", "".join(WIDE_TEXT.findall(sample.decode(UTF8, "replace"))))


def _n_marks_in_words(text: str) -> int:
    """Marks such as ³ or ¯ beside a letter: words have none."""
    beside = re.findall(r"(?<=\w)[^\x00-\x7f\w]|[^\x00-\x7f\w](?=\w)|[²³¹ªº¼½¾](?=[^\W\d])|(?<=[^\W\d])[²³¹¼½¾]", text)
    return sum(1 for mark in beside if unicodedata.category(mark)[0] in "SNPC")


def _scan(path: Path, name: str) -> Scan:
    digest, size, bad_at, has_long, is_ascii, head = hashlib.sha256(), 0, None, False, True, b""
    decoder = codecs.getincrementaldecoder(UTF8)()
    for piece in pieces(path, name):
        head = head or piece[:4]
        digest.update(piece)
        if not piece.isascii() or decoder.getstate()[0]:
            is_ascii = False
            has_long = has_long or bool(piece.translate(None, THREE_BYTES))
            if bad_at is None:
                bad_at = _bad_offset(decoder, piece, size)
        size += len(piece)
    waiting = decoder.getstate()[0]
    if bad_at is None and waiting:
        bad_at = size - len(waiting)
    mark, marked = next(((mark, name) for mark, name in BOMS if head.startswith(mark)), (b"", ""))
    return Scan(digest.hexdigest(), size, mark, marked, bad_at, is_ascii, has_long)


def _bad_offset(decoder: codecs.IncrementalDecoder, piece: bytes, base: int) -> int | None:
    waiting = len(decoder.getstate()[0])
    try:
        decoder.decode(piece)
    except UnicodeDecodeError as error:
        decoder.reset()
        return base - waiting + error.start
    return None


def lines_of(path: Path, name: str) -> Iterator[bytes]:
    """The lines of a text file with their ends, unpacked."""
    if not path.name.lower().endswith(PACKED):
        with path.open("rb") as stream:
            yield from stream
        return
    rest = b""
    for piece in pieces(path, name):
        *whole, rest = (rest + piece).split(b"\n")
        yield from (line + b"\n" for line in whole)
        if len(rest) > PIECE:
            yield rest
            rest = b""
    if rest:
        yield rest


def wide_lines(path: Path, name: str) -> list[bytes]:
    """The first lines that are not plain ASCII, SAMPLE bytes of them."""
    found: list[bytes] = []
    size = 0
    for line in lines_of(path, name):
        if not line.isascii():
            found.append(line)
            size += len(line)
            if size > SAMPLE:
                break
    return found


def refuse_mixture(path: Path, name: str) -> None:
    """Of a file that is not UTF-8 no line may be: another encoding reads almost any bytes, and would turn text that is
    UTF-8 into other text. Raises SourceError at the first line that the fewer lines are written like."""
    n_utf8 = n_other = first_utf8 = first_other = 0
    is_sure = False
    for number, line in enumerate(lines_of(path, name), start=1):
        if line.isascii():
            continue
        try:
            if sum(character > "\u07ff" for character in line.decode(UTF8)) > 1:
                n_utf8, first_utf8 = n_utf8 + 1, first_utf8 or number
                is_sure = is_sure or not _is_gb2312(line)
        except UnicodeDecodeError:
            n_other, first_other = n_other + 1, first_other or number
    if is_sure or n_utf8 > n_other:
        fewer = first_other if n_utf8 > n_other else first_utf8
        raise localised_error(SourceError, "reading.two_encodings", where=line_place(name, fewer))


def _is_gb2312(line: bytes) -> bool:
    """Of a million Chinese names some are also valid UTF-8; text that was written as UTF-8 is hardly ever GB2312."""
    wide = "".join(WIDE_TEXT.findall(line.decode(CHINESE, "replace")))
    return len(wide.encode("gb2312", "ignore")) == 2 * len(wide)


def line_place(name: str, line: int) -> LocalisedText:
    return LocalisedText("reading.line", {"name": name, "line": line})


def unread(path: Path, name: str, bad_at: int, key: str, **values: object) -> SourceError:
    """The error of a byte that does not read, with its line."""
    line, seen = 1, 0
    for piece in pieces(path, name):
        line += piece[: max(0, bad_at - seen)].count(b"\n")
        seen += len(piece)
    return localised_error(SourceError, key, where=line_place(name, line), **values)
