"""Evidence packs: findings with the rule they rest on, the contacts that were counted, the query as run, and the book,
as one workbook or one PDF/A. The same choice of the same book gives the same bytes."""

from duewatch.evidence.contents import PackSource
from duewatch.evidence.pack import FORMATS, Written, written_pack
from duewatch.evidence.selection import Choice

__all__ = ["FORMATS", "Choice", "PackSource", "Written", "written_pack"]
