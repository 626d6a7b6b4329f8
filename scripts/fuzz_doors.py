"""Fuzz targets for what programs and people hand over: lines of JSON, settings, names that mean the same, filters."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import fields
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from assistant import Assistant, Filters, Settings, load_settings
from assistant.aliases import load_aliases
from assistant.errors import SettingsError
from assistant.show import as_json, escape
from assistant.talk import answer_lines
from scripts.fuzz_index import small
from scripts.fuzz_inputs import as_json as packed
from scripts.fuzz_inputs import hostile, mutated, seeds, texts, values
from scripts.fuzz_target import Check, Target, sentence

_STEERS = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
ASKED = ("Who is excluded from the truce?", "truce", "Homs", "And in Idlib?", "When did it begin?")


@contextmanager
def _lines(folder: Path) -> Iterator[Check]:
    with small(folder) as assistant:

        def check(data: bytes) -> Iterator[str]:
            """Answer lines of standard input: one JSON object each, in order, quotations verbatim."""
            out = io.StringIO()
            with redirect_stdout(out):
                answer_lines(assistant, io.BytesIO(data), Filters())
            told = out.getvalue().split("\n")[:-1]
            assert len(told) == data.count(b"\n") + (not data.endswith(b"\n") and bool(data)), "not one object a line"
            for line in told:
                assert not _STEERS.search(line)
                check_answer(assistant, json.loads(line))
                yield line

        yield check


def check_answer(assistant: Assistant, answer: dict[str, Any]) -> None:
    """Check an answer object as programs get it: an error in one sentence, or verbatim citations that are all there."""
    if "error" in answer:
        sentence(answer["error"])
        return
    assert answer["status"] in ("answered", "partial", "refused")
    numbers = [one["number"] for one in answer["citations"]]
    assert numbers == list(range(1, len(numbers) + 1))
    for one in (*answer["citations"], *answer["nearest"]):
        text = assistant.article(one["article_id"]).text  # type: ignore[union-attr]
        assert text[one["start"] : one["end"]] == one["quote"], "a quotation that is not verbatim"
    assert all(set(one["citations"]) <= set(numbers) for one in answer["statements"])


def _asked() -> Any:  # noqa: ANN401 - a strategy
    question = st.sampled_from(ASKED) | texts(ASKED, 4)
    asked = st.fixed_dictionaries(
        {"question": question | values(question)},
        optional={"history": st.lists(question | values(question), max_size=3) | values(question)},
    )
    line = (
        asked.map(packed)
        | texts(ASKED, 4).map(lambda text: text.encode("utf-8", "surrogatepass"))
        | st.binary(max_size=30)
    )
    return st.lists(line, max_size=3).map(b"\n".join)


@contextmanager
def _configured(folder: Path) -> Iterator[Check]:
    file, aliases = folder / "config.toml", folder / "aliases.txt"

    def check(given: tuple[bytes, dict[str, str]]) -> Iterator[str]:
        """Read a settings file, environment variables and an aliases file made of the same bytes."""
        data, environ = given
        for path in (file, aliases):
            path.write_bytes(data)
        try:
            settings = load_settings(file=file, environ=environ)
            yield repr(settings)
            assert 0 < settings.deadline <= 3600
            assert 0 <= settings.vector_weight <= 1
        except SettingsError as error:
            yield sentence(error)
        try:
            load_aliases(folder).mentions(data[:500].decode("utf-8", "replace"))
        except SettingsError as error:
            yield sentence(error)

    yield check


def _configurations() -> Any:  # noqa: ANN401 - a strategy
    names = [field.name for field in fields(Settings)]
    words = (
        *names,
        " = ",
        "= true",
        "= 1",
        "= -1",
        "= nan",
        "= inf",
        '= "x"',
        "[",
        "]",
        "= 1979-05-27",
        "0.5",
        "US = U.S.\n",
    )
    file = mutated(seeds("settings/*.toml"), tuple(word.encode() for word in words)) | texts(words).map(_bytes)
    value = texts(("1", "0.3", "nan", "inf", "-1", "1e999", "auto", "~", "~x"), 3)
    return st.tuples(
        file, st.dictionaries(st.sampled_from([f"ASSISTANT_{name.upper()}" for name in names]), value, max_size=4)
    )


@contextmanager
def _bounded(_: Path) -> Iterator[Check]:
    from assistant.ui.filters import read_filters

    def check(given: tuple[Any, Any, Any]) -> Iterator[str]:
        """Read the filters of the page, and show any text on a terminal."""
        found, trouble = read_filters(*given)
        assert (found is None) == bool(trouble)
        if found is None:
            yield sentence(trouble)
        else:
            assert all(day is None or re.fullmatch(r"\d{4}-\d\d-\d\d", day) for day in (found.since, found.until))
        for text in given:
            shown = escape(text) if isinstance(text, str) else as_json(text)
            assert not _STEERS.search(shown), "a terminal would be steered"
            yield shown

    yield check


def _days() -> Any:  # noqa: ANN401 - a strategy
    day = texts(("2017", "-08", "-3", "-31", "２０１７"), 3) | values()
    return st.tuples(day, day, st.lists(texts(longest=2), max_size=3) | values())


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _fixed_settings() -> list[tuple[bytes, dict[str, str]]]:
    quoted = [(f"model = {packed(text).decode()}".encode(), {"ASSISTANT_INDEX": text or "x"}) for text in hostile()]
    plain = [(_bytes(text), {"ASSISTANT_DEADLINE": text or "x"}) for text in hostile()]
    return [*((data, {}) for data in seeds("settings/*.toml")), *quoted, *plain]


DOORS = (
    Target(
        "lines",
        "lines for `ask --json -`: one JSON object a line, quotations verbatim, nothing that steers a terminal",
        _lines,
        _asked,
        lambda: [*seeds("lines/*.jsonl"), *map(_bytes, hostile())],
        4,
        10.0,
        raw=bytes,
    ),
    Target(
        "settings",
        "a settings file, environment variables, aliases.txt: usable values, or one sentence without the key",
        _configured,
        _configurations,
        _fixed_settings,
        8,
        raw=lambda data: (data, {}),
    ),
    Target(
        "filters",
        "dates and publishers of the page, and any text on its way to a terminal",
        _bounded,
        _days,
        lambda: [(text, text, [text]) for text in hostile()],
        6,
        raw=lambda data: (text := data.decode("utf-8", "replace"), text[::-1], [text]),
    ),
)
