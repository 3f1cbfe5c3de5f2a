"""Points of many dimensions on a plane: t-SNE (van der Maaten and Hinton 2008) from a start by principal
components, as scikit-learn has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["LANDMARKS", "place"]

LANDMARKS = 6000
"""Of more points so many are placed by t-SNE, spread evenly over them, and each other one among those that it
is nearest to."""
_FEWEST = 20
"""Of fewer points the principal components say as much."""
_PERPLEXITY = 30
_ROUNDS = 500
"""Half of what scikit-learn takes: the other half adds nothing that can be measured (docs/decisions)."""
_NEIGHBOURS = 5
_BLOCK = 1024


def place(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """A place for each of ``points`` (unit vectors, one a row), shape ``(points, 2)``, within 0 and 1 on both
    axes. The same points get the same places on one machine."""
    if len(points) <= LANDMARKS:
        return _fitted(_placed(points))
    chosen = np.linspace(0, len(points) - 1, LANDMARKS).astype(np.int64)
    landmarks = points[chosen]
    places = _placed(landmarks)
    found = np.empty((len(points), 2), np.float32)
    for start in range(0, len(points), _BLOCK):
        likeness = points[start : start + _BLOCK] @ landmarks.T
        near = np.argpartition(-likeness, _NEIGHBOURS, axis=1)[:, :_NEIGHBOURS]
        weights = np.clip(np.take_along_axis(likeness, near, axis=1), 1e-3, None) ** 8
        weights /= weights.sum(axis=1, keepdims=True)
        found[start : start + _BLOCK] = np.einsum("ij,ijk->ik", weights, places[near])
    found[chosen] = places
    return _fitted(found)


def _placed(points: NDArray[np.float32]) -> NDArray[np.float32]:
    start = _principal(points)
    if len(points) < _FEWEST or not start.std(axis=0).all():
        return start
    from sklearn.manifold import TSNE

    fitting = TSNE(
        init=start / start[:, 0].std() * 1e-4,
        perplexity=min(_PERPLEXITY, (len(points) - 1) / 3),
        max_iter=_ROUNDS,
        random_state=1,
        n_jobs=2,
    )
    return np.asarray(fitting.fit_transform(points), np.float32)


def _principal(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """The first two principal components; zeros where there are none. Their signs are settled, since the
    decomposition leaves them open."""
    centred = points - points.mean(axis=0) if len(points) else points
    found = np.zeros((len(points), 2), np.float32)
    if len(points) < 2:
        return found
    _, axes = np.linalg.eigh((centred.T @ centred).astype(np.float64))
    components = (centred @ axes[:, ::-1][:, :2]).astype(np.float32)
    components *= np.where(components[np.abs(components).argmax(axis=0), [0, 1]] < 0, -1, 1)
    found[:, : components.shape[1]] = components
    return found


def _fitted(places: NDArray[np.float32]) -> NDArray[np.float32]:
    """The places within 0 and 1, without changing their proportions."""
    if not len(places):
        return places
    low, high = places.min(axis=0), places.max(axis=0)
    size = float((high - low).max())
    if not size:
        return np.full_like(places, 0.5)
    return np.asarray((places - (low + high) / 2) / size + 0.5, np.float32)
