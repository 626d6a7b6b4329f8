"""Play conversations: are follow-ups made to stand alone, and are they answered?

python -m evals.conversations [FILE] [--articles FOLDER] [--embedder minilm|none] [--failures]

A file holds one conversation a line::

    {"id": "c01", "turns": [
      {"question": "Who is excluded from the north Homs truce?", "changed": false, "needs": [],
       "expected": [["Islamic State", "ISIL"], ["HTS", "Nusra"]]},
      {"question": "And in Idlib?", "changed": true, "needs": [["Idlib"], ["truce", "ceasefire"]],
       "expected": [["HTS", "Nusra"]]}]}

``question`` is what the user types. ``changed`` says whether it leans on earlier questions: where it is false, the
question must stay as it is, to the letter. ``needs`` is what the standalone question must hold: of every group one
wording, without regard to case, on word boundaries; it is empty where ``changed`` is false. ``expected`` is what the
answer must state, in the form of the ``facts`` of ``evals/dataset.py``; null where the articles do not say, so that
refusing is right. The first turn of a conversation is never changed. Only questions are remembered, no answers.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant import Assistant, Settings
from assistant.answering.rewrite import rewrite
from assistant.terms import content_tokens
from evals.dataset import Case
from evals.judge import Outcome, judge
from evals.metrics import states_facts
from evals.report import Share, index_of, table

CASES = Path(__file__).parent / "cases" / "conversations.jsonl"
ARTICLES = Path(__file__).parent.parent / "index" / "articles"

Groups = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """One turn as the file has it; the fields are those of the module's docstring."""

    question: str
    changed: bool
    needs: Groups
    expected: Groups | None


@dataclass(frozen=True, slots=True)
class Played:
    """A turn and what came of it.

    Attributes:
        where: conversation and turn ("c01.2").
        standalone: the question that was asked of the index.
        because: why it was changed.
        foreign: content words of it that the user never used.
        outcome: the judged answer.
        follows: whether it is not the first turn.
    """

    where: str
    turn: Asked
    standalone: str
    because: str
    foreign: tuple[str, ...]
    outcome: Outcome
    follows: bool

    @property
    def stands(self) -> bool:
        """Whether the standalone question is right."""
        if not self.turn.changed:
            return self.standalone == self.turn.question
        return states_facts([self.standalone], self.turn.needs)

    @property
    def answered(self) -> bool:
        """Whether the answer is right; a refusal is, where the articles do not say."""
        return self.outcome.refused if self.turn.expected is None else self.outcome.right


def load_conversations(path: Path) -> list[tuple[str, tuple[Asked, ...]]]:
    """Return (id, turns) of each conversation of a file.

    Raises:
        ValueError: naming file and line: no JSON, a missing or wrong field, an id seen before.
    """
    found: dict[str, tuple[Asked, ...]] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if row["id"] in found:
                raise ValueError(f"{row['id']!r} stands above already")
            found[row["id"]] = tuple(_asked(turn, first=not n) for n, turn in enumerate(row["turns"]))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path}, line {number}: {error}") from error
    return list(found.items())


def _asked(row: dict[str, Any], first: bool) -> Asked:
    turn = Asked(
        question=row["question"],
        changed=row["changed"],
        needs=tuple(tuple(ways) for ways in row["needs"]),
        expected=None if row["expected"] is None else tuple(tuple(ways) for ways in row["expected"]),
    )
    if turn.changed != bool(turn.needs) or (first and turn.changed):
        raise ValueError(f"{turn.question!r}: needs go with changed, and a first turn has neither")
    return turn


def standalone(question: str, earlier: Sequence[str]) -> tuple[str, str]:
    """Return the standalone question and why it was changed; the one place to switch to ``ask(question, history)``."""
    done = rewrite(question, earlier)
    return done.question, done.because


def play(conversations: Iterable[tuple[str, Sequence[Asked]]], assistant: Assistant) -> Iterator[Played]:
    """Yield what came of each turn, asked in order."""
    anywhere = frozenset(Path(article.source).name for article in assistant.articles())
    for name, turns in conversations:
        earlier: list[str] = []
        for number, turn in enumerate(turns, 1):
            question, because = standalone(turn.question, earlier)
            known = {token.key for text in (*earlier, turn.question) for token in content_tokens(text)}
            foreign = tuple(token.text for token in content_tokens(question) if token.key not in known)
            case = _case(f"{name}.{number}", question, turn, anywhere)
            yield Played(case.id, turn, question, because, foreign, judge(assistant, case), number > 1)
            earlier.append(turn.question)


def _case(where: str, question: str, turn: Asked, articles: frozenset[str]) -> Case:
    """The standalone question as a case of the judge; any article may say it."""
    known = turn.expected is not None
    return Case(
        id=where,
        question=question,
        history=(),
        answerable=known,
        why_not=None if known else "not_in_corpus",
        facts=turn.expected or (),
        articles=articles if known else frozenset(),
        tags=frozenset(),
        split="dev",
    )


def report(played: Sequence[Played]) -> str:
    """Return the table of shares, with the number of words taken from elsewhere below."""
    later = [p for p in played if p.follows]
    leaning, whole = [p for p in later if p.turn.changed], [p for p in later if not p.turn.changed]
    shares = {
        "first turns: answer right": Share.of(p.answered for p in played if not p.follows),
        "follow-ups: standalone right": Share.of(p.stands for p in later),
        "  leaning ones made whole": Share.of(p.stands for p in leaning),
        "  unchanged kept": Share.of(p.stands for p in whole),
        "follow-ups: answer right": Share.of(p.answered for p in later),
        "  answerable": Share.of(p.answered for p in later if p.turn.expected is not None),
        "  unanswerable, refused": Share.of(p.answered for p in later if p.turn.expected is None),
        "follow-ups: standalone or answer right": Share.of(p.stands or p.answered for p in later),
        "follow-ups: standalone and answer right": Share.of(p.stands and p.answered for p in later),
    }
    foreign = sum(len(p.foreign) for p in played)
    rows = table(("measure", "share", "95 %", "n"), ((name, *share.cells()) for name, share in shares.items()))
    return f"{rows}\n\nwords taken from elsewhere: {foreign}"


def failures(played: Sequence[Played]) -> str:
    """Return the follow-ups that went wrong: what was asked, what was made of it, what came back."""
    return "\n".join(
        f"{p.where}  {p.turn.question}\n      {'' if p.stands else 'NOT RIGHT '}-> {p.standalone}  [{p.because}]"
        + (f"\n      foreign: {', '.join(p.foreign)}" if p.foreign else "")
        + ("" if p.answered else f"\n      answer: {p.outcome.lost}; {p.outcome.best[:150]}")
        for p in played
        if p.follows and not (p.stands and p.answered and not p.foreign)
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, play, print."""
    parser = argparse.ArgumentParser(prog="python -m evals.conversations", description="Play conversations.")
    parser.add_argument("file", type=Path, nargs="?", default=CASES, help="conversations, JSON lines")
    parser.add_argument("--articles", type=Path, default=ARTICLES, help="folder or file of the articles")
    parser.add_argument("--embedder", default="minilm", help="minilm, or none for words alone")
    parser.add_argument("--failures", action="store_true", help="list the follow-ups that failed")
    options = parser.parse_args(arguments)
    try:
        conversations = load_conversations(options.file)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    with (
        index_of(options.articles, None, options.embedder) as index,
        Assistant.open(index, Settings(embedder=options.embedder), create=False) as assistant,
    ):
        played = list(play(conversations, assistant))
    print(
        f"{options.file.name}, embedder {options.embedder}: {len(conversations)} conversations, {len(played)} turns\n"
    )
    print(report(played))
    if options.failures:
        print("\n" + failures(played))


if __name__ == "__main__":
    main()
