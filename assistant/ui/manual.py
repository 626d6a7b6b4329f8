"""The page that describes the endpoints for programs, made from their OpenAPI schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from assistant.ui.markup import Html, el, join

_STYLE = (
    ":root{color-scheme:light dark;background:Canvas}"
    "body{font:16px/1.6 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;padding:.7rem;border:1px solid #8886;border-radius:8px}"
    "dt{font-weight:600}dd{margin:0 0 .4rem;overflow-wrap:anywhere}"
)


def manual_html(schema: Mapping[str, Any], base: str) -> str:
    """Return the page.

    Args:
        schema: what ``/openapi.json`` gives.
        base: address of the server, for the examples.
    """
    body = el(
        "main",
        el("h1", "News assistant for programs"),
        el(
            "p",
            "The schema is at ",
            el("a", "/openapi.json", href="openapi.json"),
            ". Each way gives the same citations.",
        ),
        el("h2", "From a shell"),
        el("pre", f"curl -s {base}api/ask -H 'Content-Type: application/json' -d '{{\"question\": \"...\"}}'"),
        el("h2", "With OpenAI’s client"),
        el(
            "pre",
            f'client = OpenAI(base_url="{base}v1", api_key="the password, or anything where there is none")\n'
            'asked = [{"role": "user", "content": "..."}]\n'
            'done = client.chat.completions.create(model="news-assistant", messages=asked)\n'
            'print(done.choices[0].message.content, done.choices[0].message.model_extra["citations"])',
        ),
        el("h2", "As an MCP server"),
        el("pre", f"{base}gradio_api/mcp/"),
        *_operations(schema),
    )
    head = join(
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("title", "News assistant for programs"),
        el("style", Html(_STYLE)),
    )
    return f"<!doctype html>{el('html', el('head', head), el('body', body), lang='en')}"


def _operations(schema: Mapping[str, Any]) -> Iterator[Html]:
    for path, methods in schema.get("paths", {}).items():
        for method, operation in methods.items():
            yield el("h2", f"{method.upper()} {path}")
            yield el("p", operation.get("description") or operation.get("summary", ""))
            yield el("dl", *_fields(schema, operation))


def _fields(schema: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[Html]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rsplit("/", 1)[-1]
    for field, about in schema.get("components", {}).get("schemas", {}).get(name, {}).get("properties", {}).items():
        yield el("dt", field)
        told = {key: value for key, value in about.items() if key not in ("title", "description")}
        yield el("dd", f"{about.get('description', '')} {json.dumps(told)}".strip())
