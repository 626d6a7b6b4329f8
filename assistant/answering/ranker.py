"""Weights over the evidence: which sentence answers best, and whether the best one answers at all.

Two logistic models, fitted by ``scripts/calibrate`` on the development halves of the question sets and kept as
numbers in ``data/ranker.json`` together with how they were made.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.answering.evidence import FEATURES

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ranker:
    """A linear score for each candidate and a probability for the best.

    Attributes:
        mean, scale: float64 (features,), to standardise with.
        weights: float64 (features,), of the score; a difference of scores is a difference of log odds.
        answer_weights: float64 (features + 2,), of the confidence: the best candidate's standardised features, its
            score, and its lead over the median candidate.
        answer_bias: of the confidence.
        threshold: confidence below which a question is refused.
    """

    mean: FloatArray
    scale: FloatArray
    weights: FloatArray
    answer_weights: FloatArray
    answer_bias: float
    threshold: float

    def scores(self, values: FloatArray) -> FloatArray:
        """Return float64 (n,) for features (n, f)."""
        result: FloatArray = self.standard(values) @ self.weights
        return result

    def standard(self, values: FloatArray) -> FloatArray:
        """Return features with mean 0 and deviation 1 over the development questions."""
        return (values - self.mean) / self.scale

    def confidence(self, values: FloatArray, scores: FloatArray) -> float:
        """Return 0..1: how likely the best candidate answers the question."""
        if not len(scores):
            return 0.0
        logit = float(best_row(self.standard(values), scores) @ self.answer_weights) + self.answer_bias
        return float(1 / (1 + np.exp(-logit)))


def best_row(standard: FloatArray, scores: FloatArray) -> FloatArray:
    """Return what the confidence looks at, float64 (features + 2,)."""
    best = int(np.argmax(scores))
    return np.array([*standard[best], scores[best], scores[best] - float(np.median(scores))])


@lru_cache(maxsize=2)
def load_ranker(*, with_meaning: bool) -> Ranker:
    """Return the calibrated weights for ranking with word vectors, or by words alone."""
    stored: dict[str, Any] = json.loads((files("assistant") / "data" / "ranker.json").read_text("utf-8"))
    if tuple(stored["features"]) != FEATURES:
        raise ValueError("data/ranker.json was fitted on other features; run scripts/calibrate")
    model = stored["with_meaning" if with_meaning else "words_alone"]
    arrays = {name: np.array(model[name]) for name in ("mean", "scale", "weights", "answer_weights")}
    return Ranker(**arrays, answer_bias=model["answer_bias"], threshold=model["threshold"])
