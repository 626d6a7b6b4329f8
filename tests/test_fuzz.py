"""Every fuzz target with inputs that are always the same: some of the kept ones, some that hypothesis makes.

``scripts/fuzz`` tries all of the kept ones and thousands more.
"""

from __future__ import annotations

import re
import sys

import pytest

from scripts.fuzz_child import Hung, Trial
from scripts.fuzz_inputs import CORPUS, ROOT
from scripts.fuzz_target import SECRET, Target, harmless, sentence
from scripts.fuzz_targets import TARGETS

posix = pytest.mark.skipif(sys.platform == "win32", reason="limits on processor time are POSIX")


@posix
@pytest.mark.parametrize(
    "wrong",
    [
        lambda _: [SECRET],
        lambda _: ["half \ud800"],
        lambda _: [sentence("two\nlines")],
        lambda _: [sentence("x" * 5_000)],
        lambda _: [str(1 / 0)],
        lambda _: iter(lambda: "", None),
    ],
)
def test_what_is_wrong_is_seen(wrong):
    trial = Trial(Target("x", "", None, None, list, 1, seconds=0.2), wrong)
    with pytest.raises((Exception, Hung)):
        trial("value")
    assert "'value'" in trial.outcome.failure


def test_the_kept_inputs_are_small_and_name_no_machine():
    files = [path for path in CORPUS.rglob("*") if path.is_file()]
    assert len(files) > 20
    assert sum(path.stat().st_size for path in files) < 300_000
    for path in files:
        assert not re.search(rb"/(?:home|Users|work|tmp)/\w", path.read_bytes()), path


def test_the_document_names_every_target():
    section = (ROOT / "docs" / "reliability.md").read_text("utf-8").split("## Fuzzing")[1].split("\n## ")[0]
    assert [name for name in TARGETS if f"| `{name}` |" not in section] == []


def test_text_for_users_may_hold_any_whole_character():
    harmless("“quoted” 😀 \u202e")
