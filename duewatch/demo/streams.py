"""Random streams that depend on the seed and on what they are for, never on what was drawn before."""

from __future__ import annotations

import numpy as np


def stream(seed: int, *purpose: int) -> np.random.Generator:
    """`purpose`: 0 the lender, (1, first account) the life of a chunk, (2, first account) its people and words."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=purpose)))
