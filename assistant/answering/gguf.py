"""A local model file as language model: a child process serves it on loopback, through llama.cpp (extra ``local``).

A child, because a damaged file ends the process that loads it. Its server takes a key that is made for it, so that no
page in a browser and no other user of the machine can talk to it; it ends with this process.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import secrets
import subprocess
import sys
import threading
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from hashlib import file_digest
from importlib.util import find_spec
from pathlib import Path

from assistant.answering.llm import Limits, LiteLLM, Message
from assistant.errors import ModelError

HUB = "hf:"
"""What a file's name begins with that is fetched from the Hugging Face hub: ``hf:OWNER/REPOSITORY/FILE``."""

_SERVER = "assistant.answering.gguf_server"


class LocalModel:
    """A GGUF file.

    Args:
        file: its path, or ``hf:OWNER/REPOSITORY/FILE``, which is fetched once.
        context: tokens that a prompt and its answer may fill together.
    """

    def __init__(self, file: str, context: int) -> None:
        self.name = f"gguf:{Path(file).name}"
        self._file = file
        self._context = context
        self._starting = threading.Lock()
        self._server: tuple[subprocess.Popen[str], LiteLLM] | None = None

    async def stream(self, messages: Sequence[Message], limits: Limits) -> AsyncGenerator[str]:
        """Yield the text as it comes; the first call loads the file within its limits."""
        try:
            async with asyncio.timeout(limits.left()):
                model = await asyncio.to_thread(self._ready)
        except TimeoutError:
            raise ModelError(
                f"the model {self.name} is still loading; ask again, or raise the deadline", "slow"
            ) from None
        async with aclosing(model.stream(messages, limits)) as pieces:
            async for piece in pieces:
                yield piece

    def close(self) -> None:
        """End the child process."""
        if self._server is not None:
            self._server[0].kill()
            self._server[0].communicate()
            self._server = None

    def _ready(self) -> LiteLLM:
        with self._starting:
            if self._server is None or self._server[0].poll() is not None:
                self._server = self._start(model_file(self._file))
            return self._server[1]

    def _start(self, path: Path) -> tuple[subprocess.Popen[str], LiteLLM]:
        if find_spec("xllamacpp") is None:
            raise ModelError("model files need llama.cpp; run: pip install 'news-assistant[local]'", "unavailable")
        key = secrets.token_hex(16)
        child = subprocess.Popen(
            [sys.executable, "-m", _SERVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        atexit.register(child.kill)
        assert child.stdin is not None, "a pipe"
        assert child.stdout is not None, "a pipe"
        child.stdin.write(json.dumps({"path": str(path), "key": key, "context": self._context}) + "\n")
        child.stdin.flush()
        address = child.stdout.readline().strip()
        if not address:
            child.wait()
            raise ModelError(
                f"llama.cpp cannot load the model file {path.name!r}; check that it is a whole GGUF file of a chat "
                "model and that there is memory for it",
                "unavailable",
            )
        return child, LiteLLM("openai/local", f"{address}/v1", key, called=self.name)


def model_file(file: str) -> Path:
    """Return the path of a model file, fetched first where it is on the hub.

    Raises:
        ModelError: it is not there, not GGUF, or cannot be fetched.
    """
    path = _fetch(file.removeprefix(HUB)) if file.startswith(HUB) else Path(file).expanduser()
    try:
        with path.open("rb") as stream:
            magic = stream.read(4)
    except OSError as error:
        raise ModelError(
            f"cannot read the model file {str(path)!r}: {error.strerror}; check the path", "unavailable"
        ) from None
    if magic != b"GGUF":
        raise ModelError(f"{path.name!r} is not a GGUF file; take a model file in that format", "unavailable")
    return path


def _fetch(name: str) -> Path:
    """Return a file of the hub from the user's cache; fetch it there, with progress, the first time."""
    owner, _, rest = name.partition("/")
    repository, _, file = rest.partition("/")
    if not (owner and repository and file):
        raise ModelError(f"gguf:{HUB}{name} names no file; write gguf:{HUB}OWNER/REPOSITORY/FILE", "unavailable")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        path = Path(hf_hub_download(f"{owner}/{repository}", file))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError, ValueError):
        raise ModelError(
            f"cannot fetch {file!r} of {owner}/{repository} from the hub; check the name and the network, or fetch it "
            "yourself and give its path",
            "unavailable",
        ) from None
    # The hub names large files by their sha256, and the cache keeps them under that name.
    named = path.resolve().name
    if len(named) == 64:
        with path.open("rb") as stream:
            if file_digest(stream, "sha256").hexdigest() != named:
                path.resolve().unlink()
                raise ModelError(f"{file!r} arrived damaged and was deleted; ask again to fetch it anew", "unavailable")
    return path
