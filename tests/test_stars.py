"""Stars never make a chain one, and nothing depends on the order of rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.linking.neighbours import near_pairs
from search.linking.stars import make_stars


def test_the_ends_of_a_chain_are_tied_to_its_middle_or_to_nothing() -> None:
    near = {0: [(1, 0.9)], 1: [(0, 0.9), (2, 0.9)], 2: [(1, 0.9)]}
    assert make_stars([1, 0, 2], near) == {1: (1, 1.0), 0: (1, 0.9), 2: (1, 0.9)}
    assert make_stars([0, 1, 2], near) == {0: (0, 1.0), 1: (0, 0.9), 2: (2, 1.0)}


def test_a_row_goes_to_the_nearest_centre_and_a_fixed_centre_stays_one() -> None:
    near = {0: [(2, 0.7)], 1: [(2, 0.8)], 2: [(0, 0.7), (1, 0.8)]}
    assert make_stars([0, 1, 2], near)[2] == (1, 0.8)
    assert make_stars([0, 1, 2], near, fixed=frozenset({2})) == {
        0: (2, 0.7),
        1: (2, 0.8),
        2: (2, 1.0),
    }


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[int], dict[int, list[tuple[int, float]]]]:
    """Rows in an order, and symmetric near pairs among them."""
    count = draw(st.integers(1, 12))
    pairs = draw(st.sets(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=30))
    near: dict[int, list[tuple[int, float]]] = {}
    for one, other in {tuple(sorted(pair)) for pair in pairs if pair[0] != pair[1]}:
        score = draw(st.sampled_from([0.5, 0.6, 0.75, 0.9]))
        near.setdefault(one, []).append((other, score))
        near.setdefault(other, []).append((one, score))
    return draw(st.permutations(range(count))), near


@settings(max_examples=200, deadline=None)
@given(graph=graphs())
def test_members_are_near_to_their_centre_and_tied_to_it_alone(
    graph: tuple[list[int], dict[int, list[tuple[int, float]]]],
) -> None:
    order, near = graph
    tied = make_stars(order, near)
    assert set(tied) == set(order)
    centres = {centre for centre, _ in tied.values()}
    for row, (centre, score) in tied.items():
        assert tied[centre] == (centre, 1.0)
        if row != centre:
            assert row not in centres
            assert (centre, score) in near[row]
    for one in centres:
        assert not any(other in centres for other, _ in near.get(one, ()))


@settings(max_examples=100, deadline=None)
@given(graph=graphs(), numbers=st.randoms(use_true_random=False))
def test_the_numbers_of_rows_do_not_matter(
    graph: tuple[list[int], dict[int, list[tuple[int, float]]]], numbers: object
) -> None:
    order, near = graph
    renamed = list(range(100, 100 + len(order)))
    numbers.shuffle(renamed)  # type: ignore[attr-defined]
    other = {renamed[row]: [(renamed[one], score) for one, score in found] for row, found in near.items()}
    tied = make_stars([renamed[row] for row in order], other)
    assert tied == {
        renamed[row]: (renamed[centre], score) for row, (centre, score) in make_stars(order, near).items()
    }


@pytest.mark.parametrize("count", [3, 700])
def test_near_pairs_are_those_of_the_whole_product(count: int) -> None:
    random = np.random.default_rng(5)
    left = random.standard_normal((count, 8)).astype(np.float32)
    right = random.standard_normal((40, 8)).astype(np.float32)
    left /= np.linalg.norm(left, axis=1, keepdims=True)
    right /= np.linalg.norm(right, axis=1, keepdims=True)
    pairs = near_pairs(left, right, 0.3, most=4)
    whole = np.round(left @ right.T, 5)
    expected = [
        (row, int(column))
        for row in range(count)
        for column in np.argsort(-whole[row], kind="stable")[:4]
        if whole[row, column] >= 0.3
    ]
    assert list(zip(pairs.rows.tolist(), pairs.others.tolist(), strict=True)) == expected
    assert len(pairs) == len(expected) > 0
    assert len(near_pairs(left, right[:0], 0.3, most=4)) == 0
