"""Chance: uniform doubles of PCG64 streams of each rep's own, and what we make of them ourselves.

Only `Generator.random` is used: its bit stream is promised to stay, the distributions' are not. Every value
made here is rounded before it is used, so that the last bit of a library's `exp` never reaches a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from timewaste.simulate.settings import SELLING_SD

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]


def uniforms(seed: int, reps: Ints, count: int, *, stream: int = 0) -> Floats:
    """Return (reps, count) uniform doubles; a row depends on the seed, the rep's number and the stream only.

    What is drawn from another stream leaves all that was drawn before as it was.
    """
    rows = np.empty((len(reps), count), dtype=np.float64)
    for row, rep in zip(rows, reps.tolist(), strict=True):
        entropy = [seed, rep, stream] if stream else [seed, rep]
        generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy)))
        generator.random(out=row)
    return rows


def normals(uniform: Floats) -> Floats:
    """Return standard normal values for uniforms, rounded to 9 decimals."""
    from scipy.special import ndtri

    values: Floats = np.asarray(ndtri(np.clip(uniform, 1e-12, 1 - 1e-12)), dtype=np.float64)
    return values.round(9)


def rep_shares(uniform: Floats, means: Floats) -> Floats:
    """Return a share vector per rep, Dirichlet with the mean `means` (both of shape (reps, categories)).

    The concentration gives the first category, selling, the standard deviation `SELLING_SD` between reps:
    variance = m (1 - m) / (concentration + 1).
    """
    from scipy.special import gammaincinv

    selling = means[:, :1]
    concentration = selling * (1 - selling) / SELLING_SD**2 - 1
    gammas: Floats = np.asarray(gammaincinv(means * concentration, uniform), dtype=np.float64)
    shares: Floats = np.round(gammas / gammas.sum(axis=1, keepdims=True), 9)
    return shares


def pick(uniform: Floats, cumulative: Floats) -> Ints:
    """Return for each uniform the index of the first cumulative share above it (never beyond the last)."""
    return np.minimum(np.searchsorted(cumulative, uniform, side="right"), len(cumulative) - 1).astype(np.int64)


def whole(uniform: Floats, count: int | Ints) -> Ints:
    """Return whole numbers from 0 up to, not including, `count` (which may differ by element; at least 1)."""
    numbers: Ints = np.minimum(np.floor(uniform * count), np.asarray(count) - 1).astype(np.int64)
    return numbers


class Cutter:
    """Hands out a chunk's uniforms piece by piece, always in the same order."""

    def __init__(self, rows: Floats) -> None:
        """Start at the first column of `rows` (reps, count)."""
        self._rows, self._at = rows, 0

    def take(self, *shape: int) -> Floats:
        """Return the next uniforms as (reps, *shape)."""
        count = int(np.prod(shape, dtype=np.int64)) if shape else 1
        piece = self._rows[:, self._at : self._at + count]
        self._at += count
        return piece.reshape(len(self._rows), *shape)
