"""Fit assistant/data/ranker.json on the development halves of the question sets.

    python scripts/calibrate.py evals/cases/sample.jsonl=index/articles [MORE.jsonl=FOLDER ...] [--failures]

A folder holds articles, or is an index of them.

Ranking: a softmax over the candidate sentences of each question, the loss being how little of it falls on
sentences that state the facts. Answering: a logistic regression on the best candidate, over answerable and
unanswerable questions; its threshold is the confidence below which ``WRONG_REFUSALS`` of the answerable ones fall.
The figures printed, and the threshold, are from cross-validation over questions; test halves are never read. Both are
fitted on the passages read at first; what is judged is the answer after a second look where there is one. An
answerable question of which no right sentence is found is left out: to refuse it is right.
Needs scipy: pip install -e '.[calibrate]'.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from assistant import Assistant, Settings
from assistant.answering.evidence import FEATURES, question_features
from assistant.answering.extractive import READ, SURE, Look, further, look
from assistant.answering.ranker import ANSWER_FEATURES, Ranker, load_ranker, summarise
from assistant.answering.reader import Reader, open_reader
from assistant.retrieval.hybrid import FilteredSearch
from assistant.retrieval.schema import FILE_NAME
from assistant.types import Hit
from evals.dataset import Case, load_cases
from evals.metrics import auroc, states_facts
from evals.report import index_of

RANK_L2, ANSWER_L2 = 0.02, 0.02
WRONG_REFUSALS = 0.045
"""A little under the one in twenty that is aimed at: questions that nothing was fitted on are refused more often."""

FOLDS = 8
OUT = Path(__file__).parents[1] / "assistant" / "data" / "ranker.json"


@dataclass
class Seen:
    """Candidate sentences: features (n, f), which state the facts, the question's features, and their wording."""

    values: np.ndarray
    right: np.ndarray
    of_question: np.ndarray
    texts: list[str]


@dataclass
class Example:
    """A question with what is read at first, and with what is read where that leaves doubt."""

    case: Case
    first: Seen
    second: Seen


def examples(cases: Path, folder: Path, reader: Reader) -> list[Example]:
    """Search for every development question and describe its candidates; the folder holds articles, or an index."""
    found = []
    built = (folder / FILE_NAME).exists()
    where = (None, folder) if built else (folder, None)
    with index_of(*where, "minilm") as index, Assistant.open(index, Settings()) as assistant:
        search = assistant._search
        lookup = FilteredSearch(search, None)
        for case in load_cases(cases):
            if case.split != "dev" or case.history:
                continue
            if hits := search.search(case.question)[:READ]:
                found.append(_example(case, lookup, hits, search.left_out(case.question), reader))
    return [e for e in found if e.second.right.any() or not e.case.answerable]


def _example(
    case: Case, lookup: FilteredSearch, hits: Sequence[Hit], elsewhere: Sequence[str], reader: Reader
) -> Example:
    asked = lookup.spelled(case.question)
    terms, ranker = lookup.terms(asked), load_ranker()

    def seen(read: Look) -> Seen:
        whole = question_features(terms, read.hits, elsewhere)
        return Seen(read.values, _right(case, read.found), whole, [c.text for c in read.found])

    first = look(asked, terms, hits, elsewhere, reader, ranker)
    more = further(case.question, first, lookup)
    return Example(case, seen(first), seen(look(asked, terms, [*hits, *more], elsewhere, reader, ranker)))


def _right(case: Case, some: Sequence) -> np.ndarray:
    """Which candidates state the facts; where no single one states them all, which state one of them."""
    listed = [Path(c.hit.article.source).name in case.articles for c in some]
    whole = [
        here and states_facts([c.before, c.text], case.facts) and not states_facts([c.before], case.facts)
        for c, here in zip(some, listed, strict=True)
    ]
    if not any(whole) and len(case.facts) > 1:
        whole = [
            here and any(states_facts([c.text], [fact]) for fact in case.facts)
            for c, here in zip(some, listed, strict=True)
        ]
    return np.array(whole, bool)


def fit(items: Sequence[Example]) -> Ranker:
    """Return the ranker for these questions; its threshold is still 0."""
    items = [e for e in items if e.first.right.any() or not e.case.answerable]
    seen = [e.first for e in items]
    stacked = np.vstack([one.values for one in seen])
    none = np.zeros(0)
    ranker = Ranker(stacked.mean(0), _spread(stacked), np.zeros(len(FEATURES)), none, none, none, 0.0, 0.0)
    useful = [((one.values - ranker.mean) / ranker.scale, one.right) for one in seen if one.right.any()]

    def ranking(weights: np.ndarray) -> tuple[float, np.ndarray]:
        loss, gradient = 0.0, np.zeros_like(weights)
        for values, right in useful:
            scores = values @ weights
            share = np.exp(scores - scores.max())
            share /= share.sum()
            mass = share[right].sum() + 1e-12
            loss -= np.log(mass)
            gradient -= (share * right / mass - share) @ values
        return loss / len(useful) + RANK_L2 * weights @ weights, gradient / len(useful) + 2 * RANK_L2 * weights

    ranker = replace(ranker, weights=minimize(ranking, np.zeros(len(FEATURES)), jac=True).x)
    rows = np.array([summarise(one.values, ranker.scores(one.values), one.of_question) for one in seen])
    ranker = replace(ranker, answer_mean=rows.mean(0), answer_scale=_spread(rows))
    rows = (rows - ranker.answer_mean) / ranker.answer_scale
    wanted = np.array([e.case.answerable for e in items], float)
    balance = np.where(wanted == 1, 0.5 / wanted.mean(), 0.5 / (1 - wanted.mean()))

    def answering(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        weights, logits = parameters[:-1], rows @ parameters[:-1] + parameters[-1]
        loss = (balance * (np.logaddexp(0, logits) - wanted * logits)).mean() + ANSWER_L2 * weights @ weights
        error = balance * (1 / (1 + np.exp(-logits)) - wanted) / len(rows)
        return float(loss), np.append(error @ rows + 2 * ANSWER_L2 * weights, error.sum())

    parameters = minimize(answering, np.zeros(len(ANSWER_FEATURES) + 1), jac=True).x
    return replace(ranker, answer_weights=parameters[:-1], answer_bias=float(parameters[-1]))


def _spread(rows: np.ndarray) -> np.ndarray:
    """Standard deviations; 1 for a column that never changes."""
    spread = rows.std(0)
    return np.where(spread < 1e-9, 1.0, spread)


def judged(example: Example, ranker: Ranker) -> tuple[Seen, np.ndarray, float]:
    """Return what is read of an example in the end, with its scores and the confidence."""
    for seen in (example.first, example.second):
        scores = ranker.scores(seen.values)
        confidence = ranker.confidence(summarise(seen.values, scores, seen.of_question))
        if confidence >= SURE:
            break
    return seen, scores, confidence


def cross_validate(items: Sequence[Example], *, failures: bool) -> tuple[dict[str, float], float]:
    """Return figures over held-out folds and the threshold that they give."""
    order = np.random.default_rng(0).permutation(len(items))
    hits, yes, no, n = np.zeros(3), [], [], 0
    for fold in range(FOLDS):
        ranker = fit([items[place] for number, place in enumerate(order) if number % FOLDS != fold])
        for example in (items[place] for place in order[fold::FOLDS]):
            seen, scores, confidence = judged(example, ranker)
            (yes if example.case.answerable else no).append(confidence)
            best = np.argsort(-scores)
            if example.case.answerable:
                n += 1
                hits += [seen.right[best[:k]].any() for k in (1, 2, 3)]
            if failures and not seen.right[best[:2]].any():
                print(f"{example.case.id} {confidence:.2f} {example.case.why_not or ''} {example.case.question}")
                print("    best:", seen.texts[best[0]][:150])
                for place in np.flatnonzero(seen.right)[:1]:
                    print(f"    right, rank {list(best).index(place) + 1}:", seen.texts[place][:200])
    threshold = float(np.quantile(yes, WRONG_REFUSALS))
    figures = {f"right_in_first_{k}": round(float(hits[k - 1] / n), 4) for k in (1, 2, 3)}
    figures["auroc"] = round(auroc(yes, no), 4)
    figures["unanswerable_refused"] = round(float(np.mean(np.array(no) < threshold)), 4)
    return figures, threshold


def main(arguments: list[str]) -> None:
    """Fit, print and write."""
    reader = open_reader()
    pairs = [argument.split("=") for argument in arguments if "=" in argument]
    items = [example for cases, folder in pairs for example in examples(Path(cases), Path(folder), reader)]
    figures, threshold = cross_validate(items, failures="--failures" in arguments)
    ranker = replace(fit(items), threshold=threshold)
    print(len(items), "questions;", ", ".join(f"{name} {value:.3f}" for name, value in figures.items()))
    print("ranking:", dict(zip(FEATURES, ranker.weights.round(2).tolist(), strict=True)))
    print("answering:", dict(zip(ANSWER_FEATURES, ranker.answer_weights.round(2).tolist(), strict=True)))
    arrays = ("mean", "scale", "weights", "answer_mean", "answer_scale", "answer_weights")
    stored = {
        "made_by": "scripts/calibrate.py",
        "questions": len(items),
        "cross_validated": figures,
        "features": FEATURES,
        "answer_features": ANSWER_FEATURES,
        **{name: getattr(ranker, name).round(5).tolist() for name in arrays},
        "answer_bias": round(ranker.answer_bias, 5),
        "threshold": round(threshold, 4),
    }
    OUT.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
