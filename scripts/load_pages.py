"""The two pages that scripts/load compares, with a scripted model; each is served by a process of its own.

python -m scripts.load_pages {page,plain} --index DIR
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import threading
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported

from assistant import Assistant, load_settings
from evals.synthetic import Writer, sample_texts, vocabulary
from scripts.served import SAMPLE

SECONDS = 2.0
"""What the scripted model takes for an answer, spread over its words."""

MOST_READERS = 1000

_SYLLABLES = "ba ke di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu".split()


def place(number: int) -> str:
    """Return a word that only the question and the article of one reader hold."""
    return _word(number)


def keeper(number: int) -> str:
    """Return the word that answers that question, and no other."""
    return _word(MOST_READERS + number)


def _word(number: int) -> str:
    """Return the n-th of 8,000 words; 7,919 is prime to that, so that neighbours differ and none comes twice."""
    drawn = number * 7919 % 8000
    return "".join(_SYLLABLES[drawn // 20**place % 20] for place in range(3)).capitalize() + "rd"


def question(number: int) -> str:
    """Return the question of one reader."""
    return f"Who is the keeper of the {place(number)} lighthouse?"


def build_index(folder: Path, readers: int) -> None:
    """Make an index with an invented article for each reader, of words of the sample corpus.

    Args:
        folder: of the index.
        readers: how many, at most ``MOST_READERS``.
    """
    writer = Writer(vocabulary(sample_texts(SAMPLE)))
    records = folder.parent / "readers.jsonl"
    with records.open("w", encoding="utf-8") as lines:
        for number in range(readers):
            fact = f"The keeper of the {place(number)} lighthouse is {keeper(number)}, who came on Friday."
            text = f"{fact} {writer.sentence()} {writer.sentence()}"
            record = {"title": f"A keeper for {place(number)}", "publisher": "Invented Post", "text": text}
            lines.write(json.dumps(record) + "\n")
    with Assistant.open(folder, load_settings(environ={}, index=folder), models=()) as assistant:
        assistant.add([records])


class ScriptedModel:
    """Writes the first sentence shown that shares a name with the question, word by word, in ``SECONDS``."""

    name = "scripted"

    async def stream(self, messages: Sequence[dict[str, str]], limits: object) -> AsyncGenerator[str, None]:
        """Yield the answer."""
        shown, _, asked = messages[-1]["content"].rpartition("Question: ")
        name = re.search(r"the (\w+) lighthouse", asked)
        line = re.search(rf"\[(\d+)\] (The keeper of the {name[1]}\b.+)", shown) if name else None
        text = f"{line[2].rstrip('.')} [{line[1]}]." if line else "The articles do not say."
        words = re.findall(r"\S+\s*", text)
        for word in words:
            await asyncio.sleep(SECONDS / len(words))
            yield word


def serve_page(assistant: Assistant, index: Path) -> None:
    """Serve the page as ``news-assistant serve`` does."""
    from assistant.ui.options import Options
    from assistant.ui.server import serve

    options = Options(port=0)
    serve(assistant, options, options.listen(), index, lambda address: print(address, flush=True))


def serve_plain(assistant: Assistant) -> None:
    """Serve a chat with all of Gradio's default settings."""
    import gradio

    def chat(message: str, history: list[object]) -> str:
        return assistant.ask(message).text

    _, address, _ = gradio.ChatInterface(chat).launch(server_name="127.0.0.1", prevent_thread_lock=True, quiet=True)
    print(address, flush=True)
    threading.Event().wait()


def main() -> None:
    """Serve what the arguments ask for until ended."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", choices=("page", "plain"))
    parser.add_argument("--index", type=Path, required=True)
    chosen = parser.parse_args()
    settings = load_settings(environ={}, index=chosen.index)
    with Assistant.open(chosen.index, settings, models=[ScriptedModel()]) as assistant:
        if chosen.page == "page":
            serve_page(assistant, chosen.index)
        else:
            serve_plain(assistant)


if __name__ == "__main__":
    main()
