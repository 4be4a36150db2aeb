"""One family of errors that a person can act on: what is wrong, where, and what to do next."""


class DuewatchError(Exception):
    """A sentence for a person. `what` and `next_step` are plain sentences without a final full stop;
    `where` names file, line, column or setting. Shown on stderr (exit code 2) or in place of a chart.
    `refusal`: its key and values in the locales (`refusals`), to tell it in another language, or None."""

    refusal: object = None

    def __init__(self, what: str, *, where: str = "", next_step: str = "") -> None:
        self.what, self.where, self.next_step = what, where, next_step
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        place = f"{self.where}: " if self.where else ""
        action = f"; {self.next_step}" if self.next_step else ""
        return f"{place}{self.what}{action}."


class SourceError(DuewatchError):
    """A source file or mapping cannot be read as what it should be."""


class BookError(DuewatchError):
    """A published book is missing, damaged or locked."""


class QueryError(DuewatchError):
    """A named query, or a parameter of it, is not what the query's header says."""


class QueryTooSlowError(QueryError):
    """A query ran past its time limit and was stopped."""


class RuleError(DuewatchError):
    """A rule pack that does not load, or is not there."""


class DeskError(DuewatchError):
    """A decision that cannot be kept, or a desk that cannot be reached."""


class EvidenceError(DuewatchError):
    """An evidence pack that cannot be made as asked."""


class ScenarioError(DuewatchError):
    """A scenario of the what-if tool that does not load or makes no sense."""
