"""Attacks through articles, one of each family: none crosses the boundary, however a model obeys."""

from __future__ import annotations

import random

import pytest

from assistant import load_settings
from evals.attacks import load, planted
from evals.injections import attack, way

ATTACKS = [case for case in planted(load()) if case.attack]
DRAWN = list({case.family: case for case in random.Random(2).sample(ATTACKS, len(ATTACKS))}.values())


@pytest.mark.parametrize("name", ["extractive", "obedient"])
def test_nothing_crosses_the_boundary(name):
    """One attack of each family; ``python -m evals.injections --obedient`` tries them all."""
    results = list(attack(DRAWN, way(name, load_settings(environ={}))))
    assert not [(one.id, one.breaches) for one in results if one.breaches]
    if name == "obedient":
        assert all(one.followed for one in results if one.reached and one.family not in ("encoding", "hidden text"))
        assert any(one.remains for one in results)
