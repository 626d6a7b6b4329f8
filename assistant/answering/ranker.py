"""Weights over the evidence: which sentence answers best, and whether the best one answers at all.

Two logistic models, fitted by ``scripts/calibrate.py`` on the development halves of the question sets and kept as
numbers in ``data/ranker.json`` together with how they were made.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from assistant.answering.evidence import FEATURES, QUESTION_FEATURES, FloatArray

ANSWER_FEATURES = (*FEATURES, "score", "lead", *QUESTION_FEATURES)
"""What the confidence looks at: the best sentence's features, its score and lead, and the question's."""


@dataclass(frozen=True, slots=True)
class Ranker:
    """A linear score for each candidate and a probability for the best.

    Attributes:
        mean, scale: float64 (features,), to standardise with.
        weights: float64 (features,), of the score; a difference of scores is a difference of log odds.
        answer_mean, answer_scale, answer_weights: float64 (answer features,), of the confidence.
        answer_bias: of the confidence.
        threshold: confidence below which a question is refused.
    """

    mean: FloatArray
    scale: FloatArray
    weights: FloatArray
    answer_mean: FloatArray
    answer_scale: FloatArray
    answer_weights: FloatArray
    answer_bias: float
    threshold: float

    def scores(self, values: FloatArray) -> FloatArray:
        """Return float64 (n,) for features (n, f)."""
        result: FloatArray = (values - self.mean) / self.scale @ self.weights
        return result

    def confidence(self, summary: FloatArray) -> float:
        """Return 0..1: how likely the best candidate answers the question; ``summary`` as from :func:`summarise`."""
        logit = float((summary - self.answer_mean) / self.answer_scale @ self.answer_weights) + self.answer_bias
        return float(1 / (1 + np.exp(-logit)))


def summarise(values: FloatArray, scores: FloatArray, of_question: FloatArray) -> FloatArray:
    """Return what the confidence looks at, float64 (len(ANSWER_FEATURES),)."""
    best = int(np.argmax(scores))
    return np.array([*values[best], scores[best], scores[best] - float(np.median(scores)), *of_question])


@lru_cache(maxsize=1)
def load_ranker() -> Ranker:
    """Return the calibrated weights."""
    stored: dict[str, Any] = json.loads((files("assistant") / "data" / "ranker.json").read_text("utf-8"))
    if (tuple(stored["features"]), tuple(stored["answer_features"])) != (FEATURES, ANSWER_FEATURES):
        raise ValueError("data/ranker.json was fitted on other features; run scripts/calibrate.py")
    arrays = ("mean", "scale", "weights", "answer_mean", "answer_scale", "answer_weights")
    return Ranker(
        **{name: np.array(stored[name]) for name in arrays},
        answer_bias=stored["answer_bias"],
        threshold=stored["threshold"],
    )
