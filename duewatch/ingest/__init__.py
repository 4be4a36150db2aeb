"""The only writer of books: read, validate, derive, publish."""

from duewatch.ingest.build import check, ingest, no_progress
from duewatch.ingest.report import IngestReport, TableLoad

__all__ = ["IngestReport", "TableLoad", "check", "ingest", "no_progress"]
