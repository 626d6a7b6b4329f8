"""Which word of a statement stands for which words of the cited sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answering.checks.moments import Moment
from assistant.answering.checks.names import Names
from assistant.answering.checks.quantities import Quantity
from assistant.answering.checks.wording import opposed, similar
from assistant.answering.checks.words import Parsed, Word


@dataclass(frozen=True, slots=True)
class Fact:
    """A name, number or moment of a statement with the words of the sources that are the same.

    Attributes:
        places: first word of each place; empty where the sources do not have it.
    """

    word: Word
    kind: str
    places: tuple[Word, ...]


class Alignment:
    """The content words of a statement beside those of the cited sentences.

    Attributes:
        same: by place in the statement, the words of the sources with the same lemma.
        like: those that may stand for it: synonyms and forms of the word.
        against: those that exclude it.
    """

    def __init__(self, said: Parsed, sources: Sequence[Parsed], names: Names) -> None:
        self.said, self.sources = said, sources
        self.words = [w for s in sources for w in s.words]
        self.named = {w.place for w in names.words}
        self.same: dict[int, list[Word]] = {}
        self.like: dict[int, list[Word]] = {}
        self.against: dict[int, list[Word]] = {}
        plain = [w for w in self.words if w.kind == "word"]
        for word in said.words:
            if word.kind != "word":
                continue
            if word.place in self.named:
                self.same[word.place] = names.places(word)
                continue
            self.same[word.place] = [w for w in plain if w.key == word.key]
            self.against[word.place] = [w for w in plain if opposed(word.key, w.key)]
            self.like[word.place] = [
                w for w in plain if w.key != word.key and similar(word.key, w.key) and not opposed(word.key, w.key)
            ]
            if self.against[word.place] and not self.same[word.place]:  # "the halt ends": the halt is not the end
                self.like[word.place] = [w for w in self.like[word.place] if w.key not in said.lemmas]

    def found(self, word: Word) -> list[Word]:
        """Return the words of the sources that ``word`` stands for, the same before the similar."""
        return self.same.get(word.place) or self.like.get(word.place) or []

    def facts(self, pairs: Sequence[tuple[Quantity | Moment, Sequence[tuple[int, Quantity | Moment]]]]) -> list[Fact]:
        """Return names, numbers and moments of the statement with their places in the sources.

        Args:
            pairs: each number or moment of the statement with those of the sources that match it, and the source's
                number.
        """
        found = [Fact(w, "name", tuple(self.same[w.place])) for w in self.said.words if w.place in self.named]
        for said, matched in pairs:
            first = next(iter(self.said.within(said.start, said.end)), None)
            if first is None:
                continue
            places = [word for number, one in matched for word in self.sources[number].within(one.start, one.end)[:1]]
            kind = "number" if isinstance(said, Quantity) else "date" if said.minute is None else "time"
            found.append(Fact(first, kind, tuple(places)))
        return found

    def anchors(self) -> Iterator[tuple[Word, list[Word]]]:
        """Yield the plain content words of the statement that the sources have, with their places there."""
        for word in self.said.words:
            if word.content and word.kind == "word" and word.place not in self.named and self.found(word):
                yield word, self.found(word)
