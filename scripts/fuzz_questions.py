"""Fuzz targets for what is asked: the search by words on a real table, and follow-ups made complete."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from assistant import Assistant, Filters
from assistant.answering.rewrite import LONGEST, rewrite
from assistant.errors import QuestionError, StoreError
from assistant.questions import REMEMBERED, check_question, earlier_questions
from assistant.retrieval.lexical import MAX_TERMS
from scripts.fuzz_index import small
from scripts.fuzz_inputs import hostile, texts, values
from scripts.fuzz_target import Check, Target, sentence

ZONES = ("body", "caption", "comment", "heading", "boilerplate")
_VOCABULARY = (
    "Who was excluded from the Homs truce",
    "truce",
    "Homs",
    "US",
    "U.S.",
    "IS",
    "hts",
    "Hayat Tahrir al-Sham",
    "147,000",
    "20km",
    "3 August 2017",
    "rebels",
    "And in Idlib?",
    "he",
    "they",
    "What about",
    "Khalil Derbas",
    "not",
    "said",
)


@contextmanager
def _searched(folder: Path) -> Iterator[Check]:
    with small(folder) as assistant:
        yield partial(_search, assistant)


def _search(assistant: Assistant, asked: tuple[str, Filters]) -> Iterator[str]:
    question, filters = asked
    lexical, store = assistant._search.lexical, assistant._store
    terms = lexical.terms(question)
    assert len(terms) <= MAX_TERMS
    for term in terms:
        assert 0 <= term.start < term.end <= len(question)
        assert question[term.start : term.end] == term.ways[0], "a term is not what was asked"
    assert all(np.isfinite(term.weight) and term.weight > 0 for term in lexical.weigh(terms))
    try:
        allowed = store.passage_ids(filters)
    except StoreError as error:  # half a character
        yield sentence(error)
        return
    for within in (None, allowed):
        found = lexical.search(question, 10, within)
        assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
        assert within is None or all(number in within for number, _ in found), "found outside the filters"
    try:
        for hit in assistant.search(question, filters):
            text = assistant.article(hit.article.id).text  # type: ignore[union-attr]
            assert text[hit.passage.start : hit.passage.end] == hit.text
    except QuestionError as error:
        yield sentence(error)


def _questions() -> Any:  # noqa: ANN401 - a strategy
    day = st.none() | texts(("2017-08-03", "2017", "2018-01-01"), 2)
    zones = st.lists(st.sampled_from(ZONES), max_size=3).map(tuple)
    names = st.lists(texts(("Orontes Daily", "orontes daily"), 2), max_size=3).map(tuple)
    return st.tuples(texts(_VOCABULARY), st.just(Filters()) | st.builds(Filters, day, day, names, zones))


def _fixed_questions() -> list[tuple[str, Filters]]:
    strange = [Filters(since=text, until=text, publishers=(text,) * 3) for text in hostile()]
    return [(text, Filters()) for text in hostile()] + [(f"Homs {f.since} truce", f) for f in strange]


@contextmanager
def _following(_: Path) -> Iterator[Check]:
    yield _follow


def _follow(given: tuple[str, Any]) -> Iterator[str]:
    """Take a question and a history of any form as the pipeline does."""
    question, history = given
    try:
        asked, earlier = check_question(question, 4_000), earlier_questions(history, 4_000)
    except QuestionError as error:
        yield sentence(error)
        return
    assert len(earlier) <= REMEMBERED
    for one in (asked, *earlier):
        assert one.isprintable()
    made = rewrite(asked, earlier)
    assert made.question.startswith(asked)
    assert len(made.question) <= max(len(asked), LONGEST)
    if made.question != asked:
        behind = made.question[len(asked) :]
        assert any(one in behind for one in earlier), "something that was not asked"
    yield made.question


def _histories() -> Any:  # noqa: ANN401 - a strategy
    question = texts(_VOCABULARY, 6)
    turn = st.fixed_dictionaries({"role": st.sampled_from(("user", "assistant", "system")), "content": question})
    return st.tuples(question, st.lists(question | turn | values(question), max_size=6) | values(question))


QUESTIONS = (
    Target(
        "question",
        "questions and filters to a real FTS5 table: nothing raises, nothing outside the filters is found",
        _searched,
        _questions,
        _fixed_questions,
        15,
        raw=lambda data: (data.decode("utf-8", "replace"), Filters()),
    ),
    Target(
        "followup",
        "questions and histories of any form: one printable line, made of what was asked alone",
        _following,
        _histories,
        lambda: [(text, list(hostile()[:20])) for text in hostile()],
        8,
    ),
)
