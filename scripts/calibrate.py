"""Fit the weights of assistant/data/ranker.json on the development halves of the question sets.

    python scripts/calibrate.py evals/cases/sample.jsonl=index/articles [more.jsonl=FOLDER ...]

Ranking: a softmax over the candidate sentences of each question, the loss being how little of it falls on
sentences that state the facts. Answering: a logistic regression on the best candidate, over answerable and
unanswerable questions, its threshold where at most ``WRONG_REFUSALS`` of the answerable ones are refused.
Figures printed are from five-fold cross-validation over questions; test halves are never read.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from evals.dataset import Case, load_cases
from evals.metrics import auroc, states_facts
from scipy.optimize import minimize

from assistant import Assistant, Settings
from assistant.answering.evidence import FEATURES, candidates, features, promising
from assistant.answering.extractive import JUDGED
from assistant.answering.ranker import Ranker, best_row

RANK_L2, ANSWER_L2 = 0.02, 0.03
WRONG_REFUSALS = 0.05
FOLDS = 5
OUT = Path(__file__).parents[1] / "assistant" / "data" / "ranker.json"


@dataclass
class Example:
    """A question's candidate sentences: features (n, f) and which of them state the facts."""

    case: Case
    values: np.ndarray
    right: np.ndarray
    texts: list


def examples(cases: Path, articles: Path, embedder: str) -> list[Example]:
    """Search and describe the candidates of every development question."""
    found = []
    with tempfile.TemporaryDirectory() as folder, Assistant.open(folder, Settings(embedder=embedder)) as assistant:
        assistant.add([articles])
        search = assistant._search
        for case in load_cases(cases):
            if case.split != "dev" or case.history:
                continue
            terms = search.lexical.weigh(search.lexical.terms(case.question))
            some = promising(terms, candidates(search.search(case.question)), JUDGED)
            if not some:
                continue
            values = features(case.question, terms, some, assistant.embedder)
            right = [
                case.answerable
                and Path(c.hit.article.source).name in case.articles
                and states_facts([f"{c.before} {c.text}"], case.facts) > states_facts([c.before], case.facts)
                for c in some
            ]
            found.append(Example(case, values, np.array(right, bool), [c.text for c in some]))
    return found


def fit(items: list[Example]) -> Ranker:
    """Return the ranker for these questions; its threshold is still 0."""
    stacked = np.vstack([e.values for e in items])
    ranker = Ranker(stacked.mean(0), stacked.std(0) + 1e-6, np.zeros(len(FEATURES)), np.zeros(0), 0.0, 0.0)
    useful = [(ranker.standard(e.values), e.right) for e in items if e.right.any()]

    def ranking(weights: np.ndarray) -> tuple[float, np.ndarray]:
        loss, gradient = 0.0, np.zeros_like(weights)
        for values, right in useful:
            scores = values @ weights
            share = np.exp(scores - scores.max())
            share /= share.sum()
            mass = share[right].sum()
            loss -= np.log(mass)
            gradient -= (share * right / mass - share) @ values
        return loss / len(useful) + RANK_L2 * weights @ weights, gradient / len(useful) + 2 * RANK_L2 * weights

    ranker = replace(ranker, weights=minimize(ranking, np.zeros(len(FEATURES)), jac=True).x)
    rows = np.array([best_row(ranker.standard(e.values), ranker.scores(e.values)) for e in items])
    wanted = np.array([e.case.answerable for e in items], float)
    balance = np.where(wanted == 1, 0.5 / wanted.mean(), 0.5 / (1 - wanted.mean()))

    def answering(parameters: np.ndarray) -> float:
        logits = rows @ parameters[:-1] + parameters[-1]
        loss = balance * (np.logaddexp(0, logits) - wanted * logits)
        return float(loss.mean() + ANSWER_L2 * parameters[:-1] @ parameters[:-1])

    parameters = minimize(answering, np.zeros(rows.shape[1] + 1)).x
    return replace(ranker, answer_weights=parameters[:-1], answer_bias=float(parameters[-1]))


def cross_validate(items: list[Example]) -> tuple[dict[str, float], float]:
    """Return figures over held-out folds and the threshold that they suggest."""
    hits, yes, no, n = np.zeros(3), [], [], 0
    for fold in range(FOLDS):
        ranker = fit([e for place, e in enumerate(items) if place % FOLDS != fold])
        for example in items[fold::FOLDS]:
            scores = ranker.scores(example.values)
            (yes if example.case.answerable else no).append(ranker.confidence(example.values, scores))
            if example.case.answerable:
                order = np.argsort(-scores)
                n += 1
                hits += [example.right[order[:k]].any() for k in (1, 2, 3)]
                if "-v" in sys.argv and not example.right[order[:2]].any():
                    print(example.case.id, example.case.question, "| rank", [list(order).index(j) + 1 for j in np.where(example.right)[0]][:3], "\n     got", example.texts[order[0]][:140], "\n    want", *[example.texts[j][:200] for j in np.where(example.right)[0][:1]])
    threshold = float(np.quantile(yes, WRONG_REFUSALS))
    figures = {f"right sentence in first {k}": float(hits[k - 1] / n) for k in (1, 2, 3)}
    figures["auroc"] = auroc(yes, no)
    figures["refused, unanswerable"] = float(np.mean(np.array(no) < threshold))
    return figures, threshold


def main(pairs: list[str]) -> None:
    """Fit both rankers and write them."""
    stored: dict[str, object] = {"made_by": "scripts/calibrate.py", "features": FEATURES}
    for name, embedder in (("with_meaning", "minilm"), ("words_alone", "none")):
        items = []
        for pair in pairs:
            cases, articles = pair.split("=")
            items += examples(Path(cases), Path(articles), embedder)
        figures, threshold = cross_validate(items)
        ranker = replace(fit(items), threshold=threshold)
        print(f"{name}: {len(items)} questions; " + ", ".join(f"{k} {v:.3f}" for k, v in figures.items()), f"threshold {threshold:.3f}")
        print("   ", {f: round(float(w), 2) for f, w in zip(FEATURES, ranker.weights)})
        print("   ", {f: round(float(w), 2) for f, w in zip((*FEATURES, "score", "lead"), ranker.answer_weights)})
        model = {k: np.round(getattr(ranker, k), 5).tolist() for k in ("mean", "scale", "weights", "answer_weights")}
        stored[name] = {**model, "answer_bias": round(ranker.answer_bias, 5), "threshold": round(threshold, 4)}
        stored[name]["cross_validated"] = figures | {"questions": len(items)}
        import pickle; pickle.dump(items, open(f"/tmp/p/{name}.pkl", "wb"))
    OUT.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main([a for a in sys.argv[1:] if a != "-v"])
