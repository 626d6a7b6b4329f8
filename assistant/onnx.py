"""What the embedder and the reader share: an onnxruntime session and its inputs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import onnxruntime
    from tokenizers import Encoding
    from tokenizers.implementations.bert_wordpiece import BertWordPieceTokenizer

# Since 1.29 onnxruntime reports its use to its maker, with the program's path, unless this is set before it begins.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"


@cache
def bert_tokenizer(max_tokens: int) -> BertWordPieceTokenizer:
    """Return BERT's uncased WordPiece tokenizer, cutting at ``max_tokens`` ([CLS] and [SEP] included).

    It is read once, which takes 25 ms, and shared: change nothing of it.

    Args:
        max_tokens: of a text, or of a pair of texts together, of which the longer one is cut.
    """
    from tokenizers.implementations.bert_wordpiece import BertWordPieceTokenizer

    tokenizer = BertWordPieceTokenizer(str(files("assistant") / "data" / "bert-uncased-vocab.txt"), lowercase=True)
    tokenizer.enable_truncation(max_tokens, strategy="longest_first")
    return tokenizer


def open_session(path: Path) -> onnxruntime.InferenceSession:
    """Return a session on the processor, with one thread a core."""
    import onnxruntime

    onnxruntime.disable_telemetry_events()  # on Windows the variable is not heeded
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    # Threads that wait actively slow each other down as soon as the machine does anything else.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def feed(session: onnxruntime.InferenceSession, encodings: Sequence[Encoding]) -> dict[str, NDArray[np.int64]]:
    """Return those inputs that a session takes for one batch, int64 (texts, tokens) each, padded with zeros."""
    shape = (len(encodings), max(len(encoding.ids) for encoding in encodings))
    inputs = {name: np.zeros(shape, np.int64) for name in ("input_ids", "attention_mask", "token_type_ids")}
    for row, encoding in enumerate(encodings):
        length = len(encoding.ids)
        inputs["input_ids"][row, :length] = encoding.ids
        inputs["attention_mask"][row, :length] = 1
        inputs["token_type_ids"][row, :length] = encoding.type_ids
    return {one.name: inputs[one.name] for one in session.get_inputs()}
