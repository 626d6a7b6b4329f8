"""Inputs of every kind: the kept ones of tests/fuzz_corpus, and hypothesis strategies that change and combine them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "tests" / "fuzz_corpus"
SAMPLES = ROOT / "index" / "articles"

_EDITS = 8
_LONGEST_RUN = 64


@cache
def hostile() -> tuple[str, ...]:
    """Return the kept texts that have broken something, here or elsewhere; a pair is (text, times)."""
    kept = json.loads((CORPUS / "strings.json").read_text("utf-8"))
    return tuple(one if isinstance(one, str) else one[0] * one[1] for one in kept)


@cache
def seeds(*patterns: str) -> tuple[bytes, ...]:
    """Return the kept files of these kinds, and the sample articles of the same ending."""
    paths = [path for pattern in patterns for path in sorted(CORPUS.glob(pattern))]
    paths += [path for pattern in patterns for path in sorted(SAMPLES.glob(f"*{Path(pattern).suffix or '.none'}"))]
    return tuple(path.read_bytes() for path in paths)


@st.composite
def mutated(draw: DrawFn, whole: Sequence[bytes], tokens: Sequence[bytes]) -> bytes:
    """Files with a few places cut out, repeated, overwritten, joined with another file's, or filled with a token."""
    data = draw(st.sampled_from(whole))
    for _ in range(draw(st.integers(0, _EDITS))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, _LONGEST_RUN)))
        edit = draw(st.sampled_from(("cut", "repeat", "token", "bytes", "end", "join")))
        if edit == "cut":
            data = data[:start] + data[end:]
        elif edit == "repeat":
            data = data[:end] + data[start:end] * draw(st.sampled_from((1, 3, 300))) + data[end:]
        elif edit == "token":
            data = data[:start] + draw(st.sampled_from(tokens)) + data[start:]
        elif edit == "bytes":
            data = data[:start] + draw(st.binary(max_size=8)) + data[end:]
        elif edit == "end":
            data = data[:start]
        else:
            data = data[:start] + draw(st.sampled_from(whole))[end:]
    return data


def texts(words: Sequence[str] = (), longest: int = 12) -> SearchStrategy[str]:
    """Texts of hostile pieces, any characters, and ``words``."""
    known, usual = hostile(), tuple(words) or ("the", "truce", "Homs", "3", "2017")
    piece = st.one_of(
        st.integers(0, len(known) - 1).map(known.__getitem__),  # as a list they would make reports of many pages
        st.text(max_size=12),
        st.sampled_from(usual),
        st.sampled_from((" ", " ", ", ", ". ", "\n", "\n\n", '"', "“", "”", "'", "(", ")", "-", "[1]", ":")),
    )
    return st.lists(piece, max_size=longest).map("".join)


def values(leaves: SearchStrategy[Any] | None = None) -> SearchStrategy[Any]:
    """Anything that JSON can hold, also what only Python reads (NaN), not too deep."""
    some = st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), texts(longest=3) if leaves is None else leaves
    )
    return st.recursive(
        some,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts(longest=2), inner, max_size=4),
        max_leaves=8,
    )


def as_json(value: object) -> bytes:
    """Return a value as JSON; half characters become escapes."""
    return json.dumps(value).encode("ascii")
