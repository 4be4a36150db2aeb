"""The only writer of books: read, validate, derive, publish."""

from duewatch.ingest.build import ingest, quiet
from duewatch.ingest.report import IngestReport, TableLoad

__all__ = ["IngestReport", "TableLoad", "ingest", "quiet"]
