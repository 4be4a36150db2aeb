"""Presets: mappings of systems that many lenders use, each with a README and a small invented sample."""

from __future__ import annotations

from pathlib import Path

from duewatch.contract.errors import SourceError
from duewatch.contract.toml_file import one_of

FOLDER = Path(__file__).parent
MAPPING, SAMPLE = "mapping.toml", "sample"


def preset_names() -> tuple[str, ...]:
    return tuple(sorted(path.parent.name for path in FOLDER.glob(f"*/{MAPPING}")))


def preset_mapping(name: str) -> Path:
    """The mapping file of a preset. Raises SourceError where there is none of that name."""
    if name not in preset_names():
        raise SourceError(f"there is no preset '{name}'", next_step=one_of(preset_names(), name))
    return FOLDER / name / MAPPING


def preset_sample(name: str) -> Path:
    """Its folder of sample files, with invented people."""
    return preset_mapping(name).parent / SAMPLE
