"""Help for the tests of adding: a story to write in variations, an embedder that counts and stops."""

import os

import numpy as np

from assistant import embedding
from assistant.errors import EmbedderError

STORY = """{title}

By Ann Author, The Daily Quay
3 August 2017

The {what} was opened on Thursday by the mayor, who thanked {number} volunteers for their work.

It had been closed since the flood of 2014 because money for the repair was missing.
"""


class Numbers:
    """An embedder that counts what it embeds and stops when told to."""

    def __init__(self, name="numbers", *, shift=0, stop_after=None):
        self.name = name
        self.seen = []
        self._shift = shift
        self._stop_after = stop_after

    def encode(self, texts):
        if self._stop_after is not None and len(self.seen) >= self._stop_after:
            raise EmbedderError("the model went away")
        if texts != [embedding.PROBE_TEXT]:
            self.seen += texts
        rows = [np.random.default_rng([self._shift, *text.encode()]).normal(size=8) for text in texts]
        vectors = np.array(rows, np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def write(folder, what, number=12, name=None):
    path = folder / (name or f"{what}.txt")
    path.write_text(STORY.format(title=f"New {what} opens", what=what, number=number), "utf-8")
    return path


def outcomes(reports):
    return {os.path.basename(report.source): report.outcome for report in reports}
