"""Check how well statements are told from wrong ones: true statements kept, changed ones rejected.

python -m evals.mutations [--split dev|test|blind|all] [--rules] [--failures] [--statements FILE] [--articles PATH ...]

``evals/cases/statements.jsonl`` holds sentences of the sample corpus, paraphrases that are true to them and mutants
that are not, by hand; more mutants are made here, seeded. Splits are by article. ``statements_blind.jsonl`` beside it
(split blind) was written without sight of the checker; some of its articles are in ``statements_blind_articles.jsonl``,
so give ``--articles index/articles evals/cases/statements_blind_articles.jsonl`` with it.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant import Article, Assistant, Settings
from assistant.answering.check import check
from assistant.answering.reader import open_reader
from assistant.answering.verify import Evidence, Verdict, verify
from evals.report import index_of, percentile, table

STATEMENTS = Path(__file__).parent / "cases" / "statements.jsonl"
ARTICLES = Path(__file__).parents[1] / "index" / "articles"
SEED = 20_170_803
ADDITIONS = (
    "after weeks of secret talks", "despite protests from local residents", "which critics called a scandal",
    "and the cost is to be met by taxpayers", "and an appeal has been lodged", "because of a dispute over money",
    "which surprised even experts", "following pressure from the European Union", "and more cuts are planned",
    "and nobody has been held responsible so far",
)  # fmt: skip
"""Clauses that no article of the corpus says of anything."""


@dataclass(frozen=True, slots=True)
class Entry:
    """True sentences of one article with their paraphrases and mutants.

    Attributes:
        evidence: the sentences with what stands around them.
        near: sentences of the same article that stand next to them and are not among them.
    """

    id: str
    split: str
    article: str
    evidence: tuple[Evidence, ...]
    near: tuple[Evidence, ...]
    honest: tuple[str, ...]
    mutants: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """A statement, the sentences that it cites, and whether it should be kept; ``kind`` is "honest" then."""

    entry: Entry
    kind: str
    made: str
    statement: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A trial with its verdict and the milliseconds it took."""

    trial: Trial
    verdict: Verdict
    milliseconds: float

    @property
    def right(self) -> bool:
        """Whether an honest statement was kept or a mutant rejected."""
        return self.verdict.supported == (self.trial.kind == "honest")


def articles_of(paths: Sequence[Path]) -> dict[str, Article]:
    """Return the articles of folders and files, by the name of their source."""
    first, *others = paths
    with index_of(first, None, "none") as index, Assistant.open(index, Settings(embedder="none")) as opened:
        opened.add(others)
        return {Path(info.source).name: article for info in opened.articles() if (article := opened.article(info.id))}


def load(path: Path, articles: dict[str, Article]) -> list[Entry]:
    """Return the entries of a file.

    Raises:
        ValueError: a sentence does not stand in its article word for word.
    """
    entries = []
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        article = articles[row["article"]]
        for sentence in row["sentences"]:
            if sentence not in article.text:
                raise ValueError(f"{path}, {row['id']}: {row['article']} does not say {sentence!r}; copy it anew")
        evidence = tuple(Evidence(one, _context(article, one)) for one in row["sentences"])
        near = tuple(Evidence(one, _context(article, one)) for one in _near(article, row["sentences"]))
        made = tuple(row["honest"]), tuple((kind, text) for kind, text in row["mutants"])
        entries.append(Entry(row["id"], row["split"], row["article"], evidence, near, *made))
    return entries


def trials(entries: Sequence[Entry], seed: int = SEED) -> list[Trial]:
    """Return every statement to judge: honest, mutants by hand, mutants by code; the same for the same seed."""
    found = []
    for entry in entries:
        found += [Trial(entry, "honest", "hand", text, entry.evidence) for text in entry.honest]
        found += [Trial(entry, kind, "hand", text, entry.evidence) for kind, text in entry.mutants]
        found += _generated(entry, random.Random(f"{seed} {entry.id}"))
    return found


def _generated(entry: Entry, chance: random.Random) -> Iterator[Trial]:
    for text in entry.honest:
        if entry.near:
            yield Trial(entry, "source", "code", text, (chance.choice(entry.near),))
        if numbers := list(re.finditer(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\w.,]*\d)", text)):
            one = chance.choice(numbers)
            yield Trial(
                entry, "number", "code", text[: one.start()] + _moved(one[0]) + text[one.end() :], entry.evidence
            )
    text = chance.choice(entry.honest)
    yield Trial(entry, "addition", "code", f"{text.rstrip('.')} {chance.choice(ADDITIONS)}.", entry.evidence)


def _moved(number: str) -> str:
    """A number whose last digit that is not 0 differs by one."""
    at = max(n for n, digit in enumerate(number) if digit not in "0.,") if number.strip("0.,") else 0
    return number[:at] + ("8" if number[at] == "9" else str(int(number[at]) + 1)) + number[at + 1 :]


def judge(all_trials: Iterable[Trial], *, rules_alone: bool = False) -> list[Outcome]:
    """Return the verdict on each trial."""
    reader = open_reader()
    outcomes = []
    for trial in all_trials:
        began = time.perf_counter()
        cited = trial.evidence
        verdict = verify(trial.statement, cited) if rules_alone else check(trial.statement, cited, reader)
        outcomes.append(Outcome(trial, verdict, 1000 * (time.perf_counter() - began)))
    return outcomes


def interval(flags: Sequence[bool], seed: int = SEED, rounds: int = 2_000) -> tuple[float, float]:
    """Return the 95 % interval of a share by the percentile bootstrap (Efron 1979); (0, 1) without flags."""
    if not flags:
        return 0.0, 1.0
    drawn = np.random.default_rng(seed).binomial(len(flags), sum(flags) / len(flags), rounds) / len(flags)
    return float(np.percentile(drawn, 2.5)), float(np.percentile(drawn, 97.5))


def report(outcomes: Sequence[Outcome]) -> str:
    """Return the tables: rejected by kind of mutant, kept by article."""
    mutants = [o for o in outcomes if o.trial.kind != "honest"]
    honest = [o for o in outcomes if o.trial.kind == "honest"]
    rows = [_row("all mutants", mutants), _row("by hand", [o for o in mutants if o.trial.made == "hand"])]
    rows += [
        _row(kind, [o for o in mutants if o.trial.kind == kind]) for kind in sorted({o.trial.kind for o in mutants})
    ]
    kept = [_row("all honest", honest)]
    kept += [_row(name, [o for o in honest if o.trial.entry.article == name])
             for name in sorted({o.trial.entry.article for o in honest})]  # fmt: skip
    took = [o.milliseconds for o in outcomes]
    return "\n\n".join(
        (
            table(("mutants rejected", "share", "95 %", "n"), rows),
            table(("honest kept", "share", "95 %", "n"), kept),
            f"milliseconds a statement: p50 {percentile(took, 50):.1f}, p95 {percentile(took, 95):.1f}",
        )
    )


def failures(outcomes: Sequence[Outcome]) -> str:
    """Return the statements judged wrongly with the sentences cited."""
    lines = []
    for trial, verdict in ((o.trial, o.verdict) for o in outcomes if not o.right):
        lines.append(f"{trial.entry.id} {trial.kind}/{trial.made}: {trial.statement}")
        lines += [f"      {verdict.kind}: {verdict.why}"] if verdict.why else []
        lines += [f"      > {one.text}" for one in trial.evidence]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, judge, print."""
    parser = argparse.ArgumentParser(prog="python -m evals.mutations", description="Judge true and changed statements.")
    parser.add_argument("--statements", type=Path, default=STATEMENTS, help="file of the statements")
    parser.add_argument("--articles", type=Path, nargs="+", default=[ARTICLES], help="folders or files of the articles")
    parser.add_argument("--split", choices=("dev", "test", "blind", "all"), default="all")
    parser.add_argument("--rules", action="store_true", help="judge by the rules alone, without the reader")
    parser.add_argument("--failures", action="store_true", help="list the statements judged wrongly")
    options = parser.parse_args(arguments)
    entries = load(options.statements, articles_of(options.articles))
    for split in sorted({e.split for e in entries}):
        if options.split in ("all", split):
            outcomes = judge(trials([e for e in entries if e.split == split]), rules_alone=options.rules)
            print(f"split {split}: {len(outcomes)} statements\n")
            print(report(outcomes) + "\n")
            if options.failures:
                print(failures(outcomes) + "\n")


def _row(name: str, outcomes: Sequence[Outcome]) -> list[str]:
    flags = [o.right for o in outcomes]
    low, high = interval(flags)
    return [name, f"{sum(flags) / max(1, len(flags)):.3f}", f"{low:.3f} - {high:.3f}", str(len(flags))]


def _context(article: Article, sentence: str) -> str:
    """What an answer has at hand: headline, publisher, date, and the paragraphs around the sentence, in order."""
    at = article.text.index(sentence)
    blocks = [b for b in article.blocks if b.zone in ("body", "caption")]
    here = next((n for n, b in enumerate(blocks) if b.start <= at < b.end), 0)
    around = "\n".join(article.text[b.start : b.end] for b in blocks[max(0, here - 2) : here + 1])
    return f"{article.title or ''}\n{article.publisher or ''}, published {article.published or 'unknown'}\n{around}"


def _near(article: Article, sentences: Sequence[str]) -> list[str]:
    """Sentences of the paragraph, and of the ones beside it, that are not among ``sentences``."""
    at = article.text.index(sentences[0])
    blocks = [b for b in article.blocks if b.zone == "body"]
    here = next((n for n, b in enumerate(blocks) if b.start <= at < b.end), 0)
    text = " ".join(article.text[b.start : b.end] for b in blocks[max(0, here - 1) : here + 2])
    parts = re.split(r"(?<=[.!?”\"])\s+(?=[A-Z“\"])", text)
    return [
        one
        for one in parts
        if len(one) > 30 and not any(one in s or s in one for s in sentences) and one in article.text
    ]


if __name__ == "__main__":
    main()
