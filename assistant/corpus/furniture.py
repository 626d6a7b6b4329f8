"""The words of web pages' furniture, as data: what is on a page beside the reporting.

Generic English only: no site, no publisher. A rule is tried on short lines, as a whole, so that a sentence of reporting
that merely speaks of newsletters, comments or cookies stays reporting. Agencies stand here for picture credits only.
"""

from __future__ import annotations

import re
from typing import Final


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_BUTTON: Final = (
    r"(?:facebook|twitter|x|whatsapp|telegram|linkedin|reddit|pinterest|tumblr|messenger|instagram|youtube|flipboard|"
    r"tiktok|threads|bluesky|e-?mail|print|copy(?: link)?|link|bookmark|save|share|tweet|post|pin|sms|more|rss)"
)
_KIND: Final = r"(?:posts?|stor(?:y|ies)|articles?|news|topics?|contents?|coverage|links?|reads?|videos?|reading)"

_GENRE: Final = r"(?:in pictures|in depth|explainer|opinion|analysis|live|video|photos|gallery)\s?:\s?\S[^.!]{0,180}"
GENRE: Final = _any(_GENRE)
"""A link to another article, or the headline, with what kind of article it is."""

_SECTION: Final = (
    r"(?:menu|search|front page|home|(?:(?:breaking|latest|top) )?news|special report|"
    r"world|national|international|local|region(?:s|al)?|politics|business|economy|"
    r"money|markets|shipping|sports?|football|opinion|letters|culture|arts|life(?:style)?|travel|tech(?:nology)?|science|"
    r"health|education|jobs|property|podcasts?|videos?|photos|weather|weekend|horoscope|events|archive|maps|shop|donate|"
    r"subscribe|contact|council|interviews?|obituar(?:y|ies)|analysis|about(?: us)?|(?:my |your )?account|"
    r"(?:log|sign) ?in|register)"
)
_NAVIGATION: Final = _any(
    r"skip (?:to|navigation)\b.{0,60}",
    r"(?:main )?menu|home|search|close|register|navigation|next|previous|loading\W*|toggle .{1,30}",
    r"back(?: to .{1,30})?|(?:go )?to top|(?:sign|log) ?(?:in|out|up)",
    r"[^>»›]{1,30}(?:\s*[>»›]\s*[^>»›]{1,40}){2,6}",
    r"\d+[- ]?min(?:ute)?s?(?:[- ](?:long )?read|[- ]to read)?|reading time\W.{0,30}|estimated reading.{0,40}",
    r"(?:listen|audio|watch|play)(?: to)?(?: (?:this|the))?(?: (?:story|article|video|live|now))?\W*(?:\d.{0,20})?",
    r"[-_*=~#•. ]{1,200}",
    rf"{_SECTION}(?:\W+{_SECTION}){{0,12}}(?:\W+\S{{1,12}})?",
    r"[^\W\d][\w&’']*(?: [\w&’']+)?(?:\s+[/|•·-]\s+[^\W\d][\w&’']*(?: [\w&’']+)?){3,14}",
    r".{0,60}\btrouble (?:reading|viewing|seeing)\b.{0,120}|(?:view|read|open) (?:this|it) .{0,40}\bbrowser\W*",
    r".{0,60}\b(?:report|correct) (?:a mistake|an error)\W*",
)
_FEATURE: Final = (
    r"(?:advertorial|(?:advertis(?:ement|ing)|commercial|promotional) feature|paid (?:content|post)|"
    r"paid (?:for by|partnership with) [^.!?:]{1,60})"
)
_ADVERT: Final = (
    rf"(?:{_FEATURE}|(?:sponsored|promoted|partner) (?:content|posts?|message|feature|articles?|stor(?:y|ies)|links?)|"
    r"(?:a )?(?:message|word) from our (?:sponsor|partner|advertiser)s?)"
)
_SLOT: Final = r"(?:advertisement|advert|ad|sponsored(?: by [^!?:,]{1,40})?|promoted)"
FEATURES: Final = _any(rf"{_FEATURE}\W*")
"""What stands over an article that is an advertisement as a whole."""
ADVERTS: Final = _any(rf"{_ADVERT}\W*")
"""Labels of an advertisement that stands below."""
SLOTS: Final = _any(
    rf"{_SLOT}\W*",
    rf"(?:{_ADVERT}|sponsored|ad(?:vert(?:isement)?)?)(?:\s?[:|]|\s[–—-]\s)\s?\S.*",
    r"sponsored by [^.!?:]{1,40}:\s?\S.*",
)
"""Labels that may be left of an advertisement, and advertisements that begin with their label."""
_SELLING: Final = _any(
    rf"(?:{_ADVERT}|{_SLOT})\W*",
    r"(?:story|article|report) continues (?:below|after).{0,40}",
    r"(?:continue|keep|scroll)(?: for| to)? .{0,30}read\w*.{0,40}",
    r"(?:sign up|subscribe|get|join|enter|receive|register|stay|don[’']t miss|never miss|want|keep up|start|click|"
    r"please|for more|our)\b.{0,300}\b(?:newsletters?|in ?box|e-?mail(?: address)?|updates|alerts|briefings?|"
    r"subscri\w+)\b.{0,200}",
    r"(?:subscribe|become an? (?:member|subscriber)|support (?:us|our|local|independent)|donate|sign up|"
    r"already a (?:subscriber|member))"
    r"\b.{0,120}",
    r"[^.!?]{0,80}\bnewsletters?\b[^.!?]{0,80}",
    r"(?:.{0,250}[.!?] )?(?:sign up|subscribe)\b.{0,150}|.{0,250}\bunsubscribe\b.{0,100}",
    r".{0,80}\byou(?:['’]re| are|) recei(?:ve|ving)\b.{0,100}\b(?:because|as) you\b.{0,150}",
    r".{0,40}\b(?:readers|subscribers)\b.{0,140}\bcode [A-Z\d]{3,12}\b.{0,60}",
    r"(?:get|search for)\b.{0,60}\bapp(?: store)?\b[^.!?]{0,40}",
    r"download (?:our|the) .{0,60}app\b.{0,60}",
)
_SHARING: Final = _any(
    r"share(?: (?:this|the|on|via|with|to|it)\b.{0,40}|\W*)|\d+ shares?",
    rf"(?:{_BUTTON}\W*){{1,12}}",
    r"(?:follow|contact|reach|e-?mail)\b.{0,120}(?:@\w|\bon (?:twitter|x|instagram|facebook|bluesky)\b).{0,160}",
    r"(?:do you have|have you|got|have) [^.!?]{1,80}\?\s(?:please )?(?:e-?mail|contact|call|write to|get in touch|"
    r"let us know|tell us)\b.{0,120}",
    r"(?:twitter|x|e-?mail|facebook)\s?:\s?\S+|\S{1,60}@\S{1,60}\.\w{2,10}",
    r"follow us\b.{0,100}|(?:like|find|join) us on\b.{0,80}",
    r"(?:—|–|-)+ .{1,80}\(@\w{1,20}\).{0,40}|pic\.twitter\.com/\S+|https?://\S{1,300}|@\w{1,20}",
)
_LEGAL: Final = _any(
    r"(?:this|our) (?:web ?)?(?:site|page) uses \S.{0,200}|we (?:and our partners )?use cookies\b.{0,300}",
    r"accept (?:all )?cookies|(?:privacy|cookies?) (?:policy|notice|settings|preferences)|terms of (?:use|service)",
    r"(?:©|\(c\)|copyright\W{1,3}(?:©|\(c\)|\d{4}|by\b)).{0,200}|.{0,150}\ball rights reserved\b.{0,150}",
    r"copyright(?: of)?(?: (?-i:[A-Z\d])[\w.&’'-]*| and| of| the){1,8}(?:[.,|] .{0,120})?",
)
_RELEASE: Final = _any(
    r"(?:press|news|media) (?:release|statement|notice|information)\W*",
    r"for (?:immediate|general) (?:release|publication)\b.{0,60}",
    r"for release(?: (?:on|at|after)\b|\s?:|(?= \d)).{0,60}",
    r"(?:strictly )?embargo(?:ed)?(?: (?:until|till)\b|\s?:).{0,60}",
)
"""What stands above the headline of a press release."""
_COMMENTING: Final = _any(
    r"(?:leave|add|post|write|make|submit) (?:a|your) (?:reply|comments?)\b.{0,40}",
    r"cancel reply|(?:post|submit) comment",
    r"(?:view|show|see|read|hide|load)(?: all| more)?(?: \d+)? comments?",
    r"(?:no|\d+) (?:comments?|repl(?:y|ies)|responses?)(?: (?:so far|yet))?|comments?(?: \(?\d+\)?)?\W*",
    r"comments? (?:are|is) (?:closed|off|disabled)\W*|join the (?:conversation|discussion)\W*",
    r"your e-?mail address will not\b.{0,80}|(?:\* )?required fields\b.{0,60}|save my name\b.{0,140}",
    r"(?:log|sign) in to (?:comment|reply|leave)\b.{0,60}|notify me (?:of|when|by)\b.{0,80}|learn how your\b.{0,120}",
    r"(?:name|website|e-?mail) ?\*",
)
_RELATED: Final = _any(
    r"(?:related|recommended|more|most|read|trending|popular|see|editor[’']?s[’']?|latest|top|up|what to) (?:also|more|"
    rf"on this|next|read|picks?|choice|now|today|from .{{1,30}}|{_KIND})(?: {_KIND})?\W*",
    r"you (?:may|might)(?: also)? (?:also )?like\W*|read (?:more|next|also)\W*|related\W*|trending\W*",
    r"(?:read|read more|related|see also|more|watch|listen|also read|read also|don[’']t miss|recommended|must read)"
    rf"\s?:\s?\S[^.!]{{0,180}}|{_GENRE}",
    r"(?:tags?|tagged|filed under|topics?|categor(?:y|ies)|keywords?|posted in)\s?:\s?.{0,200}",
    r"(?:click|tap) here\b.{0,120}|read the (?:original|full) (?:article|story|report)\b.{0,80}",
)
_CREDITING: Final = _any(
    r"source\s?:\s?.{1,80}|contributing\s?:\s?.{1,200}",
    r"image (?:source|copyright)\s?[,:].{1,80}|(?:image|media|video) caption\s?[,:]?",
    r"first (?:published|appeared) (?:in|by|on)\b[^.,!?]{1,80}",
    r"\W{0,3}(?:additional |live |with )?(?:reporting|writing|editing|research|translation|translated)"
    r"(?: and (?:writing|editing|reporting))? (?:by|from)\b.{1,120}",
    r"with (?:input|files|reporting|additional reporting) (?:by|from)\b.{1,80}",
    r"\W{0,3}[^.]{1,80}\bcontributed (?:to (?:this|the) (?:report|story|article)|reporting)\b.{0,60}",
    r"\(?(?:this (?:article|story|post|piece|report) (?:was|is|has been|first|originally)|"
    r"the (?:article|story|post|piece) (?:(?:was|is|has been) )?(?:first|originally))\b.{0,40}"
    r"\b(?:published|appeared|republished|updated|produced|translated|edited)\b.{0,160}",
    r"beta|(?:(?:beta|version|v)[.\s]*)+\d[^!?]{0,80}(?<!\.)",
    r"(?:[^.!?]{0,60}\s[|·•—–-]\s)?(?:proudly |comments? |search |(?:web)?site )?powered by [^.!?]{1,60}",
    r"[^.!?]{0,60}\b(?:automated|automatic|machine) translation\b[^.!?]{0,60}|with agency \w+",
    r".{0,60}\btranslated by (?:a )?(?:software|machine)\b.{0,160}",
)
LINES: Final = (_NAVIGATION, _SELLING, _SHARING, _LEGAL, _RELEASE, _COMMENTING, _RELATED, _CREDITING)

BOXES: Final = _any(
    r"(?:related|recommended|most (?:read|popular)|trending|you (?:may|might)|more (?:on|from|stor|news|articles|"
    r"posts)|latest (?:news|stor)|top stor|up next|read (?:next|also)|editor).{0,60}"
)
"""Lines of ``LINES`` behind which the titles of other articles stand."""

DISCUSSION: Final = _any(
    r"(?:\d+ |reader |readers[’'] |user |view |all )?(?:comments?|responses|replies|thoughts on [^.]{1,120})"
    r"(?: \(?\d+\)?| section)?\W*",
    r"(?:\d+ |reader |readers[’'] |user |view |all )(?:response|discussion)\W*|discussion (?:\(?\d+\)?|section)\W*",
    r"(?:leave|add|post|write) (?:a|your) (?:reply|comment)\b.{0,30}|join the (?:conversation|discussion)\W*",
    r"comments? (?:are|is) (?:closed|off|disabled)\W*",
    r"(?:.{0,60}[.!?:] )?\d+ (?:comments?|replies|responses|thoughts)(?: so far| on\b[^.]{1,120})?[^\w.]*",
    r"(?:what )?(?:our )?readers (?:write|say|comment|respond|think)|have your say\W*|your (?:comments|views|say)\W*",
)
"""Lines behind which readers speak."""
LETTERS: Final = _any(
    r"(?:letters? to (?:the|our) editors?|(?:your|(?:our )?readers?[’']?) letters)"
    r"(?:\s?[:|(,–—-].{0,80}| (?:for|of|from) .{0,40}\d)?",
    r"letters(?: page)?(?:(?:\s?[:|(,–—-]| for| of)\s?\D{0,20}\d{1,2}\D{1,12}\d{4}\W?)?",
)
"""Headlines over what readers write."""

_AGENCY: Final = (
    r"(?:AFP|AP|AP Photo|Reuters|Getty(?: Images?)?|EPA(?:-EFE)?|EFE|Anadolu(?: Agency)?|AA|dpa|Xinhua|TASS|Sputnik|"
    r"NurPhoto|Shutterstock|Alamy|iStock|Bloomberg|PA(?: Media| Wire)?|ANP|ANSA|Kyodo|UPI|ZUMA|Flickr|handout|"
    r"Wikimedia(?: Commons)?|file(?: photo)?|courtesy)"
)
_PICTURE: Final = r"(?:(?:file )?(?:photo(?:graph|graphy)?|image|picture|pic|illustration|graphic))"
CREDITS: Final = (
    _any(rf".*[(\[](?:[^()\[\]]{{0,60}}[/,|:]\s?)?{_AGENCY}(?:[/,| ][^()\[\]]{{0,40}})?[)\]][.\"”]?"),
    re.compile(r".*[(\[][A-Z][^()\[\]/]{1,40}/\s?[A-Z][^()\[\]/]{1,40}[)\]]\.?"),
    re.compile(r".*[.!?][\"”]?\s[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,4}/[A-Z][\w .’'/-]{1,50}"),
    re.compile(r".*/\s*[\w ]{2,30}\b(?:PHOTO|Photo)\b\s*/?.{0,60}"),
    re.compile(r".*,\s(?:\d{1,2}\s)?[A-Z][a-z]{2,8}\.?\s(?:\d{1,2},?\s)?\d{4}\.?\s*[(\[][^()\[\]]{3,60}[)\]]\.?"),
    _any(
        rf"(?:.*[.!?|(\[)\]][\"”]?\s?)?(?:{_PICTURE}(?: credits?| courtesy(?: of)?| by|\s?:)|photos by|"
        r"credits?\s?:|courtesy(?: of\b|\s?:))\W?\s?.{2,80}",
        r"(?:.*[^.]\s)?(?:via )?getty images\W{0,3}",
        r"(?:image|media|video) caption\s?[,:].{2,400}",
        r"file (?:photo|picture|image|pic)\b.{0,400}|file\s?[-–—:]\s?.{20,500}",
    ),
)
OPENERS: Final = re.compile(
    r"(?:In this|This|An?) (?:(?:file|undated|handout|combination|combo|general|aerial|video|still|recent|satellite|"
    r"archive|grab|screen)[ ,]+){0,2}(?:picture|photo|photograph|image|view|still|screen ?(?:shot|grab)|grab|frame)\b"
    r"(?:,? (?:grab )?(?:taken|provided|released|obtained|posted|made|dated|from|of)\b.{0,200}?)?,? shows?\b.*|"
    r"In this (?:\w+,? ){0,3}(?:picture|photo|photograph|image|frame grab),? (?:\w+ )?(?:taken|provided|released|"
    r"obtained|posted|made|dated)\b.*"
)
"""How an agency's caption begins."""

ABOUT: Final = re.compile(
    r"(?:About (?:us|the publisher)\b|.{2,80}\b(?:delivers|provides|is an? |are an? |brings you|publishes|offers|"
    r"covers)\b.{0,200}\b(?:coverage|journalism|news(?:room| site| organi[sz]ation| agency)?|analysis|reporting|outlet|"
    r"media|magazine|newspaper)\b)"
)
SELF: Final = re.compile(
    r"republish|(?:support|donate|subscribe|contact|follow|write to|about) (?:us|our|them)\b|creative commons|"
    r"fill (?:out|in) th|can be (?:found|read|contacted) (?:here|at)|\bour (?:reporting|journalism|newsroom|work|"
    r"readers)\b|licen[cs]ed? under",
    re.IGNORECASE,
)
"""A publisher's description of itself answers to both, ``ABOUT`` and ``SELF``."""

NOTES: Final = re.compile(
    r"republish(?:ing|ed)? (?:this|our|the (?:article|story|piece)|under|with|from)\b|to republish\b|creative commons|"
    r"licen[cs]ed under|"
    r"\b(?:reach|contact|follow|e-?mail) (?:him|her|them|the reporter|(?-i:[A-Z])\w+) (?:at|on) (?:\S{0,60}@|\[e-?mail|"
    r"(?:twitter|x|facebook|instagram|linkedin|bluesky|mastodon|telegram|signal|whatsapp)\b|https?:|\+?\d[\d ()-]{5})|"
    r"^(?:who we are|about (?:us|the (?:author|publisher|newspaper)))\b",
    re.IGNORECASE,
)
"""A note on the publisher or on rights answers to this alone."""
