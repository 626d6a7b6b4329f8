import math

import numpy as np
import pytest

from evals.citations import Span, bears, citation_precision, citation_recall, overlap
from evals.metrics import distinct, ndcg_at, recall_at, reciprocal_rank
from evals.refusals import Point, area_under, refusal_precision, refusal_recall, risk_coverage
from evals.significance import bootstrap, difference, fall, holm, mcnemar, mcnemar_fall


def test_rankings_count_each_name_once():
    ranked = ["a", "a", "b", "c"]
    assert distinct(ranked) == ["a", "b", "c"]
    assert recall_at(2, ranked, {"b", "x"}) == 0.5
    assert math.isnan(recall_at(2, ranked, set()))
    assert reciprocal_rank(ranked, {"c", "b"}) == 0.5
    assert reciprocal_rank(ranked, {"x"}) == 0


def test_ndcg():
    assert ndcg_at(10, ["a", "b"], {"a": 1, "b": 1}) == 1
    assert ndcg_at(10, ["x", "a"], {"a": 1}) == pytest.approx(1 / math.log2(3))
    # Worked example with graded gains: (3 + 2/log2(3)) / (3 + 2/log2(3) + 1/2), the third one missing.
    assert ndcg_at(10, ["p", "q"], {"p": 3, "q": 2, "r": 1}) == pytest.approx(
        (3 + 2 / math.log2(3)) / (3.5 + 2 / math.log2(3))
    )
    assert ndcg_at(1, ["x", "a"], {"a": 1}) == 0
    assert math.isnan(ndcg_at(10, ["a"], {}))


def test_spans_overlap_by_the_shorter_one():
    assert overlap(Span("a", 0, 100), Span("a", 90, 110)) == 0.5
    assert overlap(Span("a", 0, 100), Span("b", 0, 100)) == 0
    assert overlap(Span("a", 0, 10), Span("a", 10, 20)) == 0
    assert overlap(Span("a", 5, 5), Span("a", 0, 20)) == 0
    assert bears(Span("a", 0, 100), [Span("a", 90, 110)])
    assert not bears(Span("a", 0, 100), [Span("a", 91, 111)])
    assert not bears(Span("a", 0, 100), [])


def test_citations_as_alce_counts_them():
    """Statement 0 needs both of its citations; 1 is carried by x alone, y is idle; 2 by neither; 3 cites nothing."""
    carried = {(0, "ab"), (1, "x"), (1, "xy"), (4, "p"), (4, "q"), (4, "pq")}

    def supports(number, some):
        return (number, "".join(some)) in carried

    cited = [["a", "b"], ["x", "y"], ["z"], [], ["p", "q"]]
    assert citation_recall(cited, supports) == [True, True, False, False, True]
    assert citation_precision(cited, supports) == [True, True, True, False, False, True, True]


def test_refusals():
    refused, unanswerable = [True, True, False, False], [True, False, True, False]
    assert refusal_precision(refused, unanswerable) == 0.5
    assert refusal_recall([True, True, True, False], unanswerable) == 1
    assert math.isnan(refusal_precision([False], [True]))


def test_risk_and_coverage():
    assert risk_coverage([0.9, 0.5, 0.5, 0.1], [True, True, False, False]) == [
        Point(0.9, 0.25, 0.0), Point(0.5, 0.75, 1 / 3), Point(0.1, 1.0, 0.5),
    ]  # fmt: skip
    assert area_under(risk_coverage([0.9, 0.1], [True, False])) == 0.25
    assert area_under(risk_coverage([0.9, 0.1], [False, True])) == 0.75
    assert math.isnan(area_under(risk_coverage([], [])))


def test_bootstrap_holds_the_mean_and_repeats():
    values = list(np.random.default_rng(1).normal(0.5, 0.1, 200))
    low, high = bootstrap(values)
    assert low < sum(values) / 200 < high
    assert high - low == pytest.approx(2 * 1.96 * 0.1 / math.sqrt(200), rel=0.2)
    assert bootstrap(values) == (low, high)
    assert bootstrap([1.0, 1.0]) == (1, 1)
    assert math.isnan(bootstrap([])[0])


def test_mcnemar_of_both_sides():
    assert mcnemar(0, 0) == 1
    assert mcnemar(8, 1) == pytest.approx(2 * (1 + 9) / 2**9)
    assert mcnemar_fall(won=0, lost=5) == 1 / 32
    assert mcnemar_fall(won=5, lost=0) == 1


def test_a_fall_is_tested_by_what_kind_of_values_there_are():
    ones, zeros = [1.0] * 6, [0.0] * 6
    assert fall(ones, zeros) == 1 / 64
    assert fall(zeros, ones) == 1
    assert fall(ones, ones) == 1
    assert fall([0.9] * 6, [0.5] * 6) == 1 / 64  # every assignment of signs counted
    before = np.random.default_rng(2).random(200)
    assert fall(list(before), list(before - 0.1)) < 0.001
    shuffled = np.random.default_rng(3).permutation(before)
    assert fall(list(before), list(shuffled)) > 0.05
    assert difference(ones, zeros) == 1 / 32
    assert difference(ones, ones) == 1


def test_no_alarm_more_often_than_alpha_when_nothing_changed():
    chance = np.random.default_rng(4)
    runs = [(chance.integers(0, 2, 50).astype(float), chance.integers(0, 2, 50).astype(float)) for _ in range(400)]
    assert np.mean([fall(list(a), list(b)) < 0.05 for a, b in runs]) < 0.075


def test_holm():
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03}) == pytest.approx({"a": 0.03, "c": 0.06, "b": 0.06})
    assert holm({}) == {}
