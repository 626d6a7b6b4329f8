"""Every fuzz target with inputs that are always the same: some of the kept ones, some that hypothesis makes.

``scripts/fuzz`` tries all of the kept ones and thousands more.
"""

from __future__ import annotations

import sys

import pytest

from scripts.fuzz_child import Trial, make
from scripts.fuzz_target import SECRET
from scripts.fuzz_targets import TARGETS

EVERY, MADE = 40, 6
SLOW = {"http", "lines", "pages", "html", "filters"}
"""They start processes, models or servers, which takes longer than a few inputs are worth here."""


@pytest.mark.skipif(sys.platform == "win32", reason="limits on processor time are POSIX")
@pytest.mark.parametrize("name", [name for name in TARGETS if name not in SLOW])
def test_nothing_breaks(name, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    target = TARGETS[name]
    with target.opened(tmp_path) as check:
        trial = Trial(target, check)
        for value in list(target.fixed())[::EVERY]:
            trial(value)
        make(trial, MADE, None)
