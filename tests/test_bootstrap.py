"""The interval of a difference: how sure it is that one way to search is better than another."""

from __future__ import annotations

import numpy as np
import pytest

from search.bootstrap import paired_interval


def test_a_constant_difference_is_certain() -> None:
    other = np.random.default_rng(3).random((12, 4))
    assert paired_interval(other + 0.25, other) == pytest.approx((0.25, 0.25))


def test_the_interval_is_that_of_the_normal_distribution_where_there_are_many_groups() -> None:
    random = np.random.default_rng(5)
    differences = random.normal(0.1, 1.0, (400, 1))
    low, high = paired_interval(differences, np.zeros((400, 1)))
    assert low == pytest.approx(differences.mean() - 1.96 * differences.std() / 20, abs=0.01)
    assert high == pytest.approx(differences.mean() + 1.96 * differences.std() / 20, abs=0.01)


def test_repeating_the_values_of_a_group_makes_nothing_surer() -> None:
    one, other = np.random.default_rng(7).random((2, 15, 1))
    repeated = paired_interval(np.repeat(one, 8, axis=1), np.repeat(other, 8, axis=1))
    assert repeated == pytest.approx(paired_interval(one, other))
