"""How a model server fails: a script for each way, the kind of error it becomes, and the requests it takes."""

import json

from tests import model_server as server


def event(**what):
    def script(call):
        call.head()
        call.event(json.dumps({"id": "1", "object": "chat.completion.chunk", **what}))
        call.event("[DONE]")

    return script


def after_words(*events):
    """Some words, then these raw lines."""

    def script(call):
        call.head()
        call.chunk({"content": "The truce "})
        for raw in events:
            call.send(raw)

    return script


def deltas(*deltas, finish="stop"):
    def script(call):
        call.head()
        for delta in deltas:
            call.chunk(delta)
        call.chunk(finish=finish)
        call.event("[DONE]")

    return script


TOOL = {"tool_calls": [{"index": 0, "id": "a", "type": "function", "function": {"name": "x", "arguments": "{}"}}]}
WHOLE = {"index": 0, "message": {"role": "assistant", "content": None}, "finish_reason": "stop"}
LONG = '{"error": {"message": "the request exceeds the available context size", "type": "exceed_context_size_error"}}'

FAULTS = {
    "401": (server.fails(401), "refused", 1),
    "403": (server.fails(403), "refused", 1),
    "404 model": (server.fails(404), "refused", 1),
    "400": (server.fails(400), "refused", 1),
    "400 prompt too long": (server.fails(400, LONG), "long", 1),
    "429 at once again": (server.fails(429, retry_after=0), "limited", 2),
    "429 in 7 s": (server.fails(429, retry_after=7), "limited", 1),
    "429 in an hour": (server.fails(429, retry_after=3600), "limited", 1),
    "500": (server.fails(500), "failed", 2),
    "502": (server.fails(502), "failed", 2),
    "503": (server.fails(503), "failed", 2),
    "500 with a page": (server.fails(500, "<html>sorry</html>"), "failed", 2),
    "hangs": (server.hangs, "slow", 1),
    "drips": (server.drips, "slow", 1),
    "stalls in the middle": (server.stalls, "slow", 1),
    "never ends": (server.endless, "cut", 1),
    "repeats itself": (server.repeats, "cut", 1),
    "10 MB": (server.says(*["x" * 1_000_000] * 10), "cut", 1),
    "truncated JSON": (server.body('{"choices": [{"mess'), "nonsense", 1),
    "a web page": (server.body("<html>hello</html>", "text/html"), "nonsense", 1),
    "not a stream": (server.body(json.dumps({"choices": [WHOLE]})), "nonsense", 1),
    "no choices": (event(choices=[]), "nonsense", 1),
    "null": (deltas({"content": None}), "nonsense", 1),
    "empty": (deltas({"content": ""}), "nonsense", 1),
    "only reasoning": (deltas({"reasoning_content": "hm"}), "nonsense", 1),
    "a tool call": (deltas(TOOL, finish="tool_calls"), "nonsense", 1),
    "out of tokens": (deltas({"content": "The truce"}, finish="length"), "cut", 1),
    "filtered": (deltas({"content": "The truce"}, finish="content_filter"), "refused", 1),
    "invalid UTF-8": (after_words(b'data: {"choices": [{"delta": {"content": "\xff"}}]}\n\n'), "cut", 1),
    "broken event": (after_words(b'data: {"choices": [{"del\n\n', b"data: [DONE]\n\n"), "cut", 1),
    "error event": (after_words(b'data: {"error": {"message": "sk-secret-key-123", "code": 500}}\n\n'), "cut", 1),
    "ends half-way": (server.says("The truce", finish=None, done=False), "cut", 1),
    "ends half-way, done": (server.says("The truce", finish=None), "cut", 1),
    "reset half-way": (server.resets, "cut", 1),
}
