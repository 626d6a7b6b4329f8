"""What readers say of answers, kept in the index folder, one JSON object a line; good answers make evaluation cases."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field

from assistant.errors import QuestionError
from assistant.ui.exchange import restore

FILE = "feedback.jsonl"
MOST = 20_000_000
"""Bytes of the file; what comes later is refused."""


class Opinion(BaseModel):
    """A reader's opinion of an answer."""

    vote: Literal["up", "down"]
    comment: str = Field("", max_length=2000)
    exchange: dict[str, Any]
    earlier: list[str] = Field(default_factory=list, max_length=40)


class Feedback:
    """Keeps opinions.

    Args:
        folder: the index folder.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / FILE
        self._writing = threading.Lock()

    def keep(self, opinion: Opinion) -> None:
        """Append an opinion.

        Raises:
            QuestionError: it is of no answer, or there is no room.
        """
        exchanges = restore([opinion.exchange])
        if not exchanges or exchanges[0].answer is None:
            raise QuestionError("the opinion is of no answer; vote on one")
        row = {
            "vote": opinion.vote,
            "comment": opinion.comment,
            "when": datetime.now(UTC).isoformat(timespec="seconds"),
            "question": exchanges[0].question,
            "history": opinion.earlier,
            "answer": exchanges[0].answer.to_dict(),
        }
        line = json.dumps(row, ensure_ascii=False) + "\n"
        with self._writing:
            if self.file.exists() and self.file.stat().st_size + len(line.encode("utf-8", "replace")) > MOST:
                raise QuestionError(f"'{self.file.name}' is full; move it away")
            with self.file.open("a", encoding="utf-8", errors="replace") as stream:
                stream.write(line)

    def text(self) -> str:
        """Return all opinions as JSON Lines."""
        return self.file.read_text("utf-8") if self.file.exists() else ""

    def latest(self) -> list[dict[str, Any]]:
        """Return the last opinion on each answer, newest first; lines that are none are passed over."""
        last: dict[tuple[str, str], dict[str, Any]] = {}
        for line in self.text().splitlines():
            try:
                row = json.loads(line)
                about = (str(row["question"]), str(row["answer"]["text"]))
            except (ValueError, KeyError, TypeError):
                continue
            last.pop(about, None)
            last[about] = row
        return list(reversed(last.values()))

    def cases(self) -> str:
        """Return evaluation cases as JSON Lines, in the form of ``evals/cases``.

        Only answers found good make one: what is wrong with a bad one, and what would be right, a person has to say.
        Of several opinions on a question the last counts.
        """
        last = {row["question"]: row for row in map(json.loads, self.text().splitlines())}
        good = [row for row in last.values() if row["vote"] == "up"]
        return "".join(json.dumps(_case(number, row), ensure_ascii=False) + "\n" for number, row in enumerate(good, 1))


def _case(number: int, row: dict[str, Any]) -> dict[str, Any]:
    cited = row["answer"]["citations"]
    return {
        "id": f"f{number:03}",
        "question": row["question"],
        "history": row["history"],
        "answerable": bool(cited),
        "why_not": None if cited else "not_in_corpus",
        "facts": [[cited[0]["quote"]]] if cited else [],
        "articles": sorted({one["source"] for one in cited}),
        "spans": [one["quote"] for one in cited],
        "tags": ["feedback"],
        "split": "dev",
    }
