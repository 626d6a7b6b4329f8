"""The reader as a torch model: DeBERTa-v3-xsmall with one head on tokens and one on the pair of texts.

He, Gao and Chen, "DeBERTaV3", https://arxiv.org/abs/2111.09543. Written anew, and shorter than what libraries have,
because relative positions by slices instead of by index train twice as fast on a processor and export without loss.
"""

from __future__ import annotations

import math

import torch
from torch import nn
from torch.nn import functional

LAYERS, WIDTH, HEADS, INNER = 12, 384, 6, 1536
SPAN, FARTHEST = 256, 512
"""Buckets of relative positions on each side; distances beyond half of them share buckets, up to ``FARTHEST``."""

DROPOUT, EPSILON = 0.1, 1e-7
POOL, USES = 1 << 24, 800
"""Random numbers of dropout that are kept, and how often they are used: to draw them anew takes an eighth of a step."""


def buckets() -> torch.Tensor:
    """Return the row of the position table for each distance from 1 - ``FARTHEST`` to ``FARTHEST`` - 1."""
    distance = torch.arange(1 - FARTHEST, FARTHEST, dtype=torch.float64)
    near = SPAN // 2
    size = distance.abs().clamp(min=near - 1)
    far = torch.ceil(torch.log(size / near) / math.log((FARTHEST - 1) / near) * (near - 1)) + near
    return (torch.where(size <= near, distance, far * distance.sign()).long() + SPAN).clamp(0, 2 * SPAN - 1)


class Dropout(nn.Module):
    """Dropout whose mask is a part, at a random place, of numbers that all share."""

    pool, uses = torch.empty(0), 0

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        """Return states, in training with ``DROPOUT`` of them nought and the others that much larger."""
        if not self.training:
            return states
        if Dropout.uses % USES == 0:
            Dropout.pool = (torch.rand(POOL) > DROPOUT) / (1 - DROPOUT)
        Dropout.uses += 1
        start = int(torch.randint(POOL - states.numel(), ()))
        return states * Dropout.pool[start : start + states.numel()].view_as(states).to(states.dtype)


class Attention(nn.Module):
    """Disentangled attention: content to content, content to position, position to content."""

    def __init__(self) -> None:
        super().__init__()
        self.query_proj = nn.Linear(WIDTH, WIDTH)
        self.key_proj = nn.Linear(WIDTH, WIDTH)
        self.value_proj = nn.Linear(WIDTH, WIDTH)
        self.scale = 1 / math.sqrt(3 * WIDTH // HEADS)

    def forward(self, states: torch.Tensor, mask: torch.Tensor, positions: torch.Tensor) -> torch.Tensor:
        """Return (texts, tokens, WIDTH); ``positions`` (2 * tokens - 1, WIDTH): of distance 1 - tokens first."""
        query = heads(self.query_proj(states)) * self.scale
        key, value = heads(self.key_proj(states)), heads(self.value_proj(states))
        where_key = heads(self.key_proj(positions))
        where_query = heads(self.query_proj(positions)) * self.scale
        to_place = by_distance(query @ where_key.flip(-2).transpose(-1, -2))
        from_place = by_distance(key @ where_query.transpose(-1, -2)).transpose(-1, -2)
        weights = torch.softmax(query @ key.transpose(-1, -2) + to_place + from_place + mask, -1)
        return (weights @ value).transpose(1, 2).flatten(-2)


def heads(states: torch.Tensor) -> torch.Tensor:
    """Return (..., HEADS, tokens, WIDTH / HEADS)."""
    return states.reshape(*states.shape[:-1], HEADS, WIDTH // HEADS).transpose(-2, -3)


def by_distance(scores: torch.Tensor) -> torch.Tensor:
    """Return (..., n, n) with [i, j] = scores[i, j - i + n - 1], of scores (..., n, 2n - 1): a view, not a gather."""
    n = scores.shape[-2]
    flat = scores.flatten(-2)[..., n - 1 : n - 1 + n * (2 * n - 2)]
    return flat.reshape(*scores.shape[:-2], n, 2 * n - 2)[..., :n]


class Layer(nn.Module):
    """Attention and two linear layers, each added to what came in, then normed."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = Attention()
        self.merge, self.merge_norm = nn.Linear(WIDTH, WIDTH), nn.LayerNorm(WIDTH, EPSILON)
        self.widen, self.narrow = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, EPSILON)
        self.dropout = Dropout()

    def forward(self, states: torch.Tensor, mask: torch.Tensor, positions: torch.Tensor) -> torch.Tensor:
        """Return (texts, tokens, WIDTH)."""
        states = self.merge_norm(states + self.dropout(self.merge(self.attention(states, mask, positions))))
        return self.norm(states + self.dropout(self.narrow(functional.gelu(self.widen(states)))))


class ReaderModel(nn.Module):
    """Scores tokens, for what answers a question, and the pair, for what a text says.

    Args:
        pieces: entries of the vocabulary.
    """

    table: torch.Tensor

    def __init__(self, pieces: int) -> None:
        super().__init__()
        self.embeddings, self.embeddings_norm = nn.Embedding(pieces, WIDTH), nn.LayerNorm(WIDTH, EPSILON)
        self.positions, self.positions_norm = nn.Embedding(2 * SPAN, WIDTH), nn.LayerNorm(WIDTH, EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.dropout = Dropout()
        self.sentences = nn.Linear(WIDTH, 2)
        self.pooler, self.entailment = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, 2)
        self.register_buffer("table", buckets(), persistent=False)
        nn.init.zeros_(self.sentences.bias)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return (texts, tokens, 2): log odds and weight of each token; and (texts,): log odds of entailment."""
        present = attention_mask.to(torch.float32)
        length = input_ids.shape[1]
        states = self.dropout(self.embeddings_norm(self.embeddings(input_ids)) * present[..., None])
        hidden = (1 - present[:, None, None]) * -1e4
        positions = self.positions_norm(self.positions.weight)[self.table[FARTHEST - length : FARTHEST - 1 + length]]
        for layer in self.layers:
            states = layer(states, hidden, positions)
        pair = self.entailment(functional.gelu(self.pooler(states[:, 0])))
        return self.sentences(states), pair[:, 0] - pair[:, 1]
