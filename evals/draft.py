"""Draft cases from an index of your own: a question stub over a sentence, to be accepted, edited or skipped.

python -m evals --init --index DIR [--out FILE.jsonl] [--number N] [--from FILE.jsonl]

A stub is the sentence with what it is asked for left out. It is a poor question until you put it in your own words: a
question that repeats its sentence is found by any search. ``--from`` goes through cases that exist already, such as
those that the page makes of readers' feedback.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

from assistant import Article, Assistant, Settings
from assistant.answering.expected import Kind, expressions
from evals.benchmarks import lines_of
from evals.dataset import case_of
from evals.judge import evidence_of
from evals.runner import articles_of

Row = dict[str, Any]
Ask = Callable[[str], str]

ASKED: dict[Kind, str] = {"number": "how many?", "date": "when?", "name": "who or what?"}
SHORTEST, LONGEST = 60, 240
"""Characters of a sentence that is asked about."""

_ENDS = re.compile(r"(?<=[.!?”\"])\s+(?=[A-Z“\"])")
_LEANS = re.compile(r"[“\"']?(?:He|She|They|It|This|That|These|Those|His|Her|Their|Its|But|And)\b")
_HELP = "[a]ccept, [e]dit, [s]kip, [q]uit? "


def drafts(articles: Mapping[str, Article], seed: int = 0) -> Iterator[Row]:
    """Yield cases over the sentences of the articles' reporting, one article after the other, again and again.

    Args:
        articles: by file name.
        seed: of the order.
    """
    chance = random.Random(seed)
    names = sorted(articles)
    chance.shuffle(names)
    number = 0
    for some in zip_longest(*(_of_article(name, articles[name], chance) for name in names)):
        for row in some:
            if row is not None:
                number += 1
                yield {"id": f"u{number:03}"} | row


def _of_article(name: str, article: Article, chance: random.Random) -> Iterator[Row]:
    sentences = [
        one
        for block in article.blocks
        if block.zone == "body"
        for one in _ENDS.split(article.text[block.start : block.end])
        if SHORTEST <= len(one) <= LONGEST and one[-1] in '.!?”"' and not _LEANS.match(one)
    ]
    chance.shuffle(sentences)
    for sentence in sentences:
        found = {kind: max(expressions(kind, sentence), key=_weight, default="") for kind in ASKED}
        kinds = [kind for kind, answer in found.items() if answer and (kind != "number" or answer[0].isdigit())]
        if kinds:
            kind = chance.choice(kinds)
            answer = found[kind]
            stub = f"{sentence.replace(answer, '…', 1).rstrip('.')}: {ASKED[kind]}"
            yield _row(stub, [[answer]], [name], [sentence], [kind])


def _weight(expression: str) -> tuple[bool, int]:
    """Figures before words, long before short."""
    return expression[:1].isdigit(), len(expression)


def _row(question: str, facts: list[list[str]], articles: list[str], spans: list[str], tags: list[str]) -> Row:
    return {
        "question": question, "history": [], "answerable": True, "why_not": None, "facts": facts, "articles": articles,
        "spans": spans, "tags": tags, "split": "dev",
    }  # fmt: skip


def review(rows: Iterator[Row], articles: Mapping[str, Article], ask: Ask, keep: Callable[[Row], None]) -> int:
    """Show one draft after the other and keep what is accepted; return how many.

    Args:
        rows: drafts.
        articles: by file name, to check spans and names against.
        ask: prompts and returns a line, such as ``input``; ``EOFError`` ends.
        keep: called with each accepted row.
    """
    kept = 0
    for row in rows:
        verdict = ""
        while verdict not in ("a", "s"):
            print("\n" + _shown(row))
            try:
                verdict = ask(_HELP).strip().lower()[:1]
                if verdict == "q":
                    return kept
                if verdict == "e":
                    row = _edited(row, ask)  # noqa: PLW2901 - shown again as edited
            except EOFError:
                return kept
            if verdict == "a":
                try:
                    evidence_of([case_of(row)], articles)
                except (KeyError, TypeError, ValueError) as error:
                    print(f"not accepted: {error}")
                    verdict = ""
        if verdict == "a":
            keep(row)
            kept += 1
    return kept


def _shown(row: Row) -> str:
    spans = "\n".join(f"  > {span}" for span in row["spans"])
    return (
        f"{row['id']}  {', '.join(row['articles'])}\n{spans}\n  question: {row['question']}\n  expected: {_joined(row)}"
    )


def _joined(row: Row) -> str:
    return "; ".join(" | ".join(ways) for ways in row["facts"]) or "a refusal"


def _edited(row: Row, ask: Ask) -> Row:
    """Ask for question and facts; an empty line leaves them; ``-`` for the facts makes the case unanswerable."""
    question = ask("  question: ").strip() or row["question"]
    facts = ask("  expected (wordings between |, several facts between ;, - for a refusal): ").strip()
    if facts == "-":
        nothing = {"answerable": False, "why_not": "near_miss", "facts": [], "articles": [], "spans": []}
        return row | {"question": question} | nothing
    parts = [[way.strip() for way in fact.split("|") if way.strip()] for fact in facts.split(";") if fact.strip()]
    return row | {"question": question, "facts": parts or row["facts"]}


def main(arguments: Sequence[str] | None = None, ask: Ask = input) -> None:
    """Read the command line, draft, ask, write."""
    parser = argparse.ArgumentParser(prog="news-assistant eval --init", description="Draft cases from your own index.")
    parser.add_argument("--index", type=Path, required=True, help="folder of the index")
    parser.add_argument("--out", type=Path, default=Path("cases.jsonl"), help="file that accepted cases are added to")
    parser.add_argument("--number", type=int, default=20, help="drafts to go through")
    parser.add_argument("--from", type=Path, dest="cases", help="go through these cases instead of drafting")
    options = parser.parse_args(arguments)
    known = list(lines_of(options.out)) if options.out.exists() else []
    asked = {row["question"] for row in known} | {span for row in known for span in row.get("spans", ())}
    ids = {row["id"] for row in known}
    with Assistant.open(options.index, Settings(embedder="none"), create=False, models=()) as assistant:
        articles = articles_of(assistant)
    rows = _named(lines_of(options.cases)) if options.cases else drafts(articles)
    fresh = (r for r in rows if r["id"] not in ids and not asked & {r["question"], *r["spans"]})

    def keep(row: Row) -> None:
        with options.out.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")

    kept = review(islice(fresh, options.number), articles, ask, keep)
    print(
        f"\n{kept} cases added to {options.out}; ask them with: "
        f"news-assistant eval {options.out} --index {options.index}"
    )


def _named(rows: Iterator[Row]) -> Iterator[Row]:
    """Yield rows with the file names of their articles in place of whole paths."""
    for row in rows:
        yield row | {"articles": [Path(name).name for name in row["articles"]]}


if __name__ == "__main__":
    main()
