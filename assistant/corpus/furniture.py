"""The words of web pages' furniture, as data: what is on a page beside the reporting.

Generic English only: no site, no publisher. A rule is tried on short lines, so that a sentence of reporting that merely
speaks of newsletters, comments or cookies stays reporting. Agencies stand here for picture credits only.
"""

from __future__ import annotations

import re
from typing import Final

_BUTTONS: Final = (
    r"facebook|twitter|x|whatsapp|telegram|linkedin|reddit|pinterest|tumblr|messenger|instagram|youtube|flipboard|"
    r"e-?mail|print|copy(?: link)?|link|bookmark|save|share|tweet|post|pin|sms|more|rss|tiktok|threads|bluesky"
)
_KINDS: Final = r"(?:posts?|stor(?:y|ies)|articles?|news|topics?|contents?|coverage|links?|reads?|videos?|reading)"
_SITE: Final = r"(?:this|our|the) (?:web ?)?(?:site|page)"

LINES: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # navigation
        r"skip to\b.{0,60}",
        r"(?:main )?menu|home|search|close|back(?: to .{1,30})?|(?:sign|log) ?(?:in|out|up)|register|navigation|next|"
        r"previous|(?:go )?to top|loading\W*|toggle .{1,30}",
        r"[^>»›]{1,30}(?:\s*[>»›]\s*[^>»›]{1,40}){2,6}",
        r"\d+[- ]?min(?:ute)?s?(?:[- ](?:long )?read|[- ]to read)?|reading time\W.{0,30}|estimated reading.{0,40}",
        r"(?:listen|audio|watch|play)(?: to)?(?: (?:this|the))?(?: (?:story|article|video|live|now))?\W*(?:\d.{0,20})?",
        # advertising
        r"(?:advertisement|advert|ad|sponsored(?: content| by .{1,40})?|promoted(?: content)?|paid content)\W*",
        r"(?:story|article|report) continues (?:below|after).{0,40}|(?:continue|keep|scroll)(?: for| to)? .{0,30}read\w*.{0,40}",
        # sharing, newsletters, subscriptions
        rf"share(?: (?:this|the|on|via|with|to|it)\b.{{0,40}}|\W*)|(?:(?:{_BUTTONS})\W*){{1,12}}|\d+ shares?",
        r"follow us\b.{0,100}|(?:like|find|join) us on\b.{0,80}|download (?:our|the) .{0,60}app\b.{0,60}",
        r"(?:sign up|subscribe|get|join|enter|receive|register|stay|don[’']t miss|never miss|want|keep up|start|click|"
        r"please|for more|our)\b.{0,300}\b(?:newsletters?|in ?box|e-?mail(?: address)?|updates|alerts|briefings?|subscri\w+)\b.{0,200}",
        r"(?:subscribe|become an? (?:member|subscriber)|support (?:us|our)|donate|sign up|already a (?:subscriber|member))\b.{0,120}",
        r"[^.!?]{0,80}\bnewsletters?\b[^.!?]{0,80}",
        # cookies, rights
        rf"{_SITE} uses \S.{{0,200}}|we (?:and our partners )?use cookies\b.{{0,300}}|learn how your\b.{{0,120}}|"
        r"accept (?:all )?cookies|cookies? (?:policy|settings|preferences)|(?:privacy|cookie) (?:policy|notice)|terms of (?:use|service)",
        r"(?:©|\(c\)|copyright\b)\W?.{0,200}|.{0,150}\ball rights reserved\b.{0,150}",
        # reader discussion
        r"(?:leave|add|post|write|make|submit) (?:a|your) (?:reply|comments?)\b.{0,40}|cancel reply|(?:post|submit) comment|"
        r"(?:view|show|see|read|hide|load)(?: all| more)?(?: \d+)? comments?|(?:no|\d+) (?:comments?|repl(?:y|ies)|responses?)(?: (?:so far|yet))?|"
        r"comments?(?: \(?\d+\)?)?\W*|comments? (?:are|is) (?:closed|off|disabled)\W*|join the (?:conversation|discussion)\W*|"
        r"your e-?mail address will not\b.{0,80}|(?:\* )?required fields\b.{0,60}|save my name\b.{0,140}|"
        r"(?:log|sign) in to (?:comment|reply|leave)\b.{0,60}|notify me (?:of|when|by)\b.{0,80}|(?:name|website|e-?mail) ?\*",
        # boxes of other articles
        r"(?:related|recommended|more|most|read|trending|popular|see|you (?:may|might)(?: also)? (?:also )?like|"
        rf"editor[’']?s[’']?|latest|top|up|what to) (?:also|more|on this|next|read|picks?|choice|now|today|from .{{1,30}}|{_KINDS})"
        rf"(?: {_KINDS})?\W*|you (?:may|might)(?: also)? (?:also )?like\W*|read (?:more|next|also)\W*|related\W*|trending\W*",
        r"(?:read|read more|related|see also|more|watch|listen|also read|don[’']t miss|recommended|in pictures|in depth|"
        r"explainer|opinion|analysis|live|video|photos|gallery|must read)\s?:\s?\S[^.!]{0,180}",
        r"(?:tags?|tagged|filed under|topics?|categor(?:y|ies)|keywords?|posted in)\s?:\s?.{0,200}",
        r"(?:click|tap) here\b.{0,120}|read the (?:original|full) (?:article|story|report)\b.{0,80}",
        # credits of the text, notes of software
        r"source\s?:\s?.{1,80}|\W{0,3}(?:additional |with )?(?:reporting|writing|editing|research|translation|translated)"
        r"(?: and (?:writing|editing|reporting))? (?:by|from)\b.{1,120}|with (?:input|files|reporting|additional reporting) (?:by|from)\b.{1,80}",
        r"\W{0,3}[^.]{1,80}\bcontributed (?:to|reporting)\b.{0,60}|\(?(?:this|the) (?:article|story|post|piece|report)"
        r" (?:was|is|has been|first|originally)\b.{0,40}\b(?:published|appeared|republished|updated|produced|translated|edited)\b.{0,160}",
        r"(?:beta|version|v\.?\s?\d)\b.{0,80}|[^.!?]{0,40}\bpowered by\b.{0,80}|[^.!?]{0,60}\b(?:automated|automatic|machine) translation\b[^.!?]{0,60}",
        r"(?:—|–|-)+ .{1,80}\(@\w{1,20}\).{0,40}|pic\.twitter\.com/\S+|https?://\S{1,300}|@\w{1,20}",
        r"[-_*=~#•. ]{1,200}",
    )
)

BOXES: Final = re.compile(
    r"(?:related|recommended|most (?:read|popular)|trending|you (?:may|might)|more (?:on|from|stor|news|articles|posts)|"
    r"latest (?:news|stor)|top stor|up next|read (?:next|also)|editor).{0,60}",
    re.IGNORECASE,
)
"""Lines of ``LINES`` behind which the titles of other articles stand."""

DISCUSSION: Final = re.compile(
    r"(?:\d+ |reader |readers[’'] |user |view |all )?(?:comments?|responses?|replies|discussion|thoughts on .{1,120})"
    r"(?: \(?\d+\)?| section)?\W*|(?:leave|add|post|write) (?:a|your) (?:reply|comment)\b.{0,30}|"
    r"join the (?:conversation|discussion)\W*",
    re.IGNORECASE,
)
"""Lines behind which readers speak."""

_AGENCY: Final = (
    r"(?:AFP|AP|AP Photo|Reuters|Getty(?: Images)?|EPA(?:-EFE)?|EFE|Anadolu(?: Agency)?|AA|dpa|Xinhua|TASS|Sputnik|NurPhoto|"
    r"Shutterstock|Alamy|iStock|Bloomberg|PA(?: Media| Wire)?|ANP|ANSA|Kyodo|UPI|ZUMA|Wikimedia(?: Commons)?|Flickr|handout|"
    r"file(?: photo)?|courtesy)"
)
CREDITS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?i:.*[(\[](?:[^()\[\]]{{0,60}}[/,|:]\s?)?{_AGENCY}(?:[/,| ][^()\[\]]{{0,40}})?[)\]][.\"”]?)",
        r".*[(\[][A-Z][^()\[\]/]{1,40}/\s?[A-Z][^()\[\]/]{1,40}[)\]]\.?",
        r"(?i:.*/\s*[\w ]{2,30}\bphoto\b\s*/?.{0,60})",
        r"(?i:.*,\s(?:\d{1,2}\s)?[A-Z][a-z]{2,8}\.?\s(?:\d{1,2},?\s)?\d{4}\.?\s*[(\[][^()\[\]]{3,60}[)\]]\.?)",
        r"(?i:(?:.*[.\s|(\[])?(?:(?:file )?(?:photo(?:graph|graphy|s)?|images?|pictures?|pic|video|illustration|graphic)"
        r"(?: credits?| courtesy(?: of)?| by|\s?:)|credits?\s?:|courtesy(?: of\b|\s?:))\W?\s?.{2,80})",
        r"(?i:(?:.*[^.]\s|)(?:via )?getty images\W{0,3})|(?i:file (?:photo|picture|image|pic)\b.{0,300})",
    )
)
OPENERS: Final = re.compile(
    r"(?i)(?:an? |the |this |these |in this )?(?:(?:file|undated|handout|combination|combo|general|aerial|video|still|recent|"
    r"satellite|archive|grab|screen)[ ,]+){0,2}(?:picture|photo|photograph|image|view|still|screen ?(?:shot|grab)|grab)s?\b"
    r".{0,40}\b(?:taken|shows?|showing|released|provided|obtained|posted|dated)\b.*"
)
"""How an agency's caption begins."""

ABOUT: Final = re.compile(
    r"(?i)(?:about (?:us|the publisher)\b|.{2,80}\b(?:delivers|provides|is an? |are an? |brings you|publishes|offers|covers)\b.{0,200}"
    r"\b(?:coverage|journalism|news(?:room| site| organi[sz]ation| agency)?|analysis|reporting|outlet|media|magazine|newspaper)\b)"
)
SELF: Final = re.compile(
    r"(?i)republish|(?:support|donate|subscribe|contact|follow|write to|about) (?:us|our|them)\b|creative commons|"
    r"fill (?:out|in) th|can be (?:found|read|contacted) (?:here|at)|\bour (?:reporting|journalism|newsroom|work|readers)\b|licen[cs]ed? under"
)
"""A publisher's description of itself is known by both: ``ABOUT`` and ``SELF``; republishing notes by ``SELF`` alone."""
REPUBLISH: Final = re.compile(
    r"(?i)republish(?:ing|ed)? (?:this|our|the|under|with|from)\b|creative commons|licen[cs]ed under"
)
