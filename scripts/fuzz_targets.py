"""Every fuzz target by its name."""

from __future__ import annotations

from scripts.fuzz_doors import DOORS
from scripts.fuzz_files import FILES
from scripts.fuzz_questions import QUESTIONS
from scripts.fuzz_replies import REPLIES
from scripts.fuzz_web import WEB

TARGETS = {target.name: target for target in (*FILES, *QUESTIONS, *REPLIES, *DOORS, *WEB)}
