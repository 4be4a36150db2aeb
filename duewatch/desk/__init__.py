"""The desk: what people decide about findings. A small transactional database of its own, never the book."""

from duewatch.desk.reviews import Desk, Export, Review, SavedScenario, desk_url

__all__ = ["Desk", "Export", "Review", "SavedScenario", "desk_url"]
