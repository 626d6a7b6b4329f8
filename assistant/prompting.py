"""Prompts are files: a line that declares their ``$variables``, then the words."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Template

from assistant.errors import PromptError

_CHECKOUT = Path(__file__).parents[1] / "prompts"


def fill(name: str, /, **values: object) -> str:
    """Return a prompt with its variables replaced; what stands in a value is never read as a variable.

    Args:
        name: file in ``prompts`` without its ``.md``: ``answer.system``.
        values: one for each declared variable.

    Raises:
        PromptError: the file is missing, or declared, used and given variables differ.
    """
    template, declared = _load(name)
    if declared != values.keys():
        differing = ", ".join(sorted(declared ^ values.keys()))
        raise PromptError(f"prompt {name!r}: declared and given variables differ in {differing}; make them agree")
    return template.substitute(values)


def wording(name: str) -> str:
    """Return the words of a prompt with its variables as they are named."""
    return _load(name)[0].template


@cache
def _load(name: str) -> tuple[Template, frozenset[str]]:
    packaged = files("assistant") / "prompts" / f"{name}.md"
    source = packaged if packaged.is_file() else _CHECKOUT / f"{name}.md"
    try:
        text = source.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"cannot read the prompt {name!r}: {error}; install news-assistant again") from error
    _, head, words = text.split("---\n", 2) if text.startswith("---\n") and text.count("---\n") > 1 else ("", "", "")
    key, _, names = head.strip().partition(":")
    if key != "variables":
        raise PromptError(f"prompt {name!r} does not begin with a block '---', 'variables: ...', '---'; add it")
    template, declared = Template(words.strip()), frozenset(names.split())
    if not template.is_valid() or declared != set(template.get_identifiers()):
        differing = ", ".join(sorted(declared ^ set(template.get_identifiers()))) or "a lone $"
        raise PromptError(f"prompt {name!r}: declared and used variables differ in {differing}; make them agree")
    return template, declared
