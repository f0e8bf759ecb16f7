"""What a single line gives away: the names of the boilerplate rules and their patterns.

Each pattern must match a whole line of at most `LONGEST` characters.  They name kinds of web
furniture (an advertisement marker, a share bar, a cookie notice), not sites.
"""

from __future__ import annotations

import re
from collections.abc import Set
from functools import lru_cache

from scrub.languages import CLOSERS, STOPS, line_kind, may_be_notice, notice_words

# A longer line is never judged alone. Set by hand.
LONGEST = 300
# An item of a menu has fewer characters, also in scripts that leave no space between words.
_LONGEST_CRUMB = 60

# A line that ends as a sentence does is judged only if it holds one of these words, which notices
# have and prose hardly ever, or begins with one of `OPENERS`.
STRONG = notice_words() | frozenset(
    """advertisement advertisements adverts sponsored cookies javascript recaptcha newsletter
    newsletters inbox email subscribe subscriber subscribers subscription alerts download app
    click appeared originally copyright copyrights reserved reproduced redistributed rewritten
    rss ad beitrag entrada apparu proviene verscheen apareceu aparece serwisu articolul tampil
    objevil""".split()  # noqa: SIM905
)
OPENERS = frozenset(
    """read also see related must don watch recommended follow like find connect join enter already
    posted published updated date please enable disable accept manage photo photos image picture
    file""".split()  # noqa: SIM905
)

_NETWORKS = (
    r"facebook|twitter|x|instagram|whatsapp|telegram|linkedin|pinterest|reddit|tumblr|"
    r"youtube|messenger|flipboard|tiktok|threads|bluesky|mastodon|google\+?|digg|"
    r"delicious|stumbleupon|rss"
)
_STORY = (
    r"(?:story|stories|article|articles|post|posts|news|headlines|reading|coverage|"
    r"content|reads|videos?|topics?)"
)

# "The post ... appeared first on ..." as WordPress has it in other languages, in items of feeds.
_POSTS = """der beitrag ... erschien zuerst auf; la entrada ... se publicó primero en; la entrada
    ... aparece primero en; l['’]article ... est apparu en premier sur; l['’]articolo ... proviene
    da; het bericht ... verscheen eerst op; o post ... apareceu primeiro em; o conteúdo ... aparece
    primeiro em; artykuł ... pochodzi z serwisu; articolul ... apare prima dată în; artikel ...
    pertama kali tampil pada; článek ... se nejdříve objevil na"""
_TRANSLATED = "|".join(
    " ".join(post.split()).replace("...", r"(?-i:[^a-z\s]).{0,140}") + r" (?-i:[^a-z\s]).{0,59}"
    for post in _POSTS.split(";")
)
# A name in a sentence: a few words with capitals, or an address; no clause.
_NAMED = (
    r"(?:the |our |my )?(?-i:[A-Z0-9])[\w&’'.:/-]{0,40}"
    r"(?: (?:(?-i:[A-Z0-9&])[\w&’'.:/-]{0,40}|of|the|and|for|on|in|de|du|la)){0,7}"
)

_PATTERNS: tuple[tuple[str, str], ...] = (
    (
        "advertisement",
        r"[\W_]*(?:advertisements?|adverts?|advertising|ad|sponsored(?: content| post| links?|"
        r" by .{1,40})?|promoted(?: content| stories)?|paid (?:content|post)|"
        r"(?:(?:the )?(?:story|article) )?continues? (?:reading )?(?:below|after)(?: this|"
        r" the)?(?: ad(?:vertisement)?| promotion)?|"
        r"continue reading(?: the main story)?|scroll (?:down )?(?:to|for) (?:continue|"
        r"more)[^.]{0,40}|remove ads?|report this ad|advertise with us)[\W_]*",
    ),
    (
        "placeholder",
        r"(?-i:[a-z]{2,20}(?:_[a-z]{2,20}){1,12})|(?:\[/?[a-z]{2,20}_[a-z0-9_ ]{1,30}\]|"
        r"\{\{[^{}]{1,60}\}\}|\[?embedded content\]?)",
    ),
    (
        "related",
        r"[\W_]*(?:(?:also|must|now|please)[ -](?:read|see|watch|reads)|(?:read|see|watch|"
        r"hear|listen)(?: also| too| next| more(?: here)?)|(?:related|more)(?: (?:to this|"
        r"in this|on this|from this))? " + _STORY + r"|related(?: (?:links?|items?|coverage))?|"
        r"recommended(?: (?:for you|reading|stories|articles))?|"
        r"you (?:may|might)(?: also)? (?:like|be interested in|enjoy|have missed)|"
        r"(?:most|more) (?:popular|read|viewed|shared|commented|emailed)(?: (?:stories|"
        r"articles|news|posts|today|this week|right now|now|in [a-z ]{1,20})){0,3}|"
        r"trending(?: (?:now|today|stories|news|topics|posts))*|"
        r"(?:latest|top|recent|other|previous|next|popular|featured|editor[’']?s) (?:stories|"
        r"news|posts?|articles?|picks?|headlines|videos?)|don[’']t miss|what to read next|"
        r"from (?:around|across) the web|"
        r"(?:see|view|show|load) (?:all|more)(?: [a-z]{1,20}){0,3})[\W_]*",
    ),
    (
        "related",
        r"(?:[-–—•*>»\[( ]{0,4})(?:read also|also read|read more|read next|see also|see more|"
        r"must read|must[- ]see|watch also|related(?: (?:story|article|stories|articles|news|"
        r"post|posts|coverage|reading))?|don[’']t miss|more on this|recommended|watch now|"
        r"in pictures|click to read)\s?[:|»>–—-]\s?(?:[^.!?]|[.!?](?! [A-Z])){3,160}",
    ),
    (
        "share",
        r"(?![\W_]*the\b)(?=[\W_]*(?:(?:share|tweet|e-?mail|print|pin|like|save|follow|send|post|copy|bookmark|"
        r"text|link|this|it|us|me|on|via|to|by|with|a|friends?|article|story|page|post|the|"
        r"and|or|more|now|"
        + _NETWORKS
        + r")[\s|/,•·&:+-]{1,4}){1,24}(?:share|tweet|e-?mail|print|pin|like|save|follow|send|copy|"
        r"link|us|it|this|article|story|page|post|more|options|" + _NETWORKS + r")[\W_]*\Z)"
        r".*\b(?:share|tweet|e-?mail|print|pin|follow|copy|bookmark|" + _NETWORKS + r")\b.*",
    ),
    (
        "share",
        r"[\W_]*(?:share|tweet|e-?mail|print|facebook|twitter|whatsapp|linkedin|pinterest|"
        r"copy link|shares?\s?[0-9]{1,7}|[0-9]{1,7}\s?shares?)[\W_]*",
    ),
    (
        "follow",
        r"(?:please )?(?:follow|like|join|find|connect with|add|subscribe to) (?:us|me|our|"
        r"@\w{2,30}|(?-i:[A-Z])[\w&.' -]{1,50}) (?:\w{1,20} ){0,3}?(?:on|via|at) .{0,40}(?i:"
        + _NETWORKS
        + r")\b.{0,80}",
    ),
    (
        "navigation",
        r"[\W_]*(?:skip to (?:main )?(?:content|navigation|search|footer)|"
        r"back to (?:the )?top|return to (?:the )?(?:top|home ?page|homepage)|(?:toggle|open|"
        r"close|main) (?:menu|navigation|search)|menu|"
        r"(?:sign|log) ?in|(?:sign|log) ?out|login|logout|register|subscribe(?: now)?|"
        r"my account|search(?: this site)?|site ?map|home|contact(?: us)?|about(?: us)?|"
        r"terms(?: (?:of (?:use|service)|and conditions|& conditions))?|"
        r"privacy(?: policy)?|cookie (?:policy|settings|preferences)|accessibility|help|faqs?|"
        r"advertise|careers|newsletters?|e-?mail your comments(?: to us)?|"
        r"(?:(?:leave|post|add|write) a|(?:(?:sign|log) in|be the first) to) (?:comment|reply)|"
        r"(?:(?:show|view|see|hide) )?(?:all )?[0-9]{0,6} ?comments?|"
        r"previous|next|more|close|loading)[\W_]*",
    ),
    (
        "notice",
        r"(?:(?:by|if you) (?:continu|us|click|sign|subscrib|brows)\w{0,5} .{0,60}(?:site|"
        r"cookies|agree|accept|consent|terms|privacy).{0,180}|"
        r"(?:we|this (?:web)?site|our (?:web)?site|"
        r"our partners) (?:and our partners )?(?:also )?uses? .{0,40}cookies.{0,200}|"
        r"(?:please )?(?:enable|turn on|disable|turn off|whitelist) (?:javascript|cookies|"
        r"your ad ?blocker).{0,150}|"
        r"this site is protected by recaptcha.{0,150}|"
        r"your email address will not be published.{0,80}|required fields are marked.{0,20}|"
        r"(?:accept|reject|manage) (?:all )?(?:cookies|preferences|options))",
    ),
    (
        "subscription",
        r"(?:(?:please |to read more,? |click here to )?(?:subscribe|sign[- ]?up|register|"
        r"join|log ?in|get|receive|become a (?:member|subscriber|patron)|"
        r"start your (?:free )?trial)\b.{0,120}(?:newsletters?|inbox|e-?mail|mailing list|"
        r"updates|alerts|unlimited access|digital access|full access|premium|subscriber|"
        r"free trial|mailbox|rss|podcast)\b.{0,120}|"
        r"(?:enter|type) your e-?mail.{0,100}|already (?:a|have an?) (?:subscriber|member|"
        r"account)\b.{0,80}|this (?:article|content|story) is (?:for|"
        r"available to) (?:\w+ )?(?:subscribers|members)\b.{0,80})",
    ),
    (
        "app",
        r"(?:click here to |tap to |get |please )?(?:download|install|get) (?:the|"
        r"our) (?:\S+ ){0,6}?app\b.{0,80}",
    ),
    (
        "click-here",
        r"(?:click|tap|press) (?:here|on the link|the link|this link)\b[^.!?]{0,70}[.!]?",
    ),
    (
        "origin",
        r"(?:this (?:story|article|post|piece|interview|column|report|essay|"
        r"op-?ed) (?:was )?)?(?:first|originally|previously) (?:appeared|published|ran|posted|"
        r"featured) (?:on|in|at|by) " + _NAMED + r"(?:,? (?:and (?:has been|is|was)|on|as part|"
        r"under|with|by|republished|reprinted|reproduced)\b.{0,140})?\.?|"
        r"(?:the post (?-i:[^a-z\s]).{0,140}|this (?:post|article|story)) "
        r"(?:first appeared|appeared first) on " + _NAMED + r"\.?|" + _TRANSLATED,
    ),
    (
        "copyright",
        r"(?:copyrights? (?:©|\(c\)|[12][0-9]{3})|©|\(c\) ?(?:[12][0-9]{3}|"
        r"copyright)).{0,200}|.{0,120}\ball rights reserved\b.{0,150}|"
        r"(?:(?:this|our|these|the above|all|any|no part of)\b.{0,50}|"
        r"(?:the )?(?:content|contents|material)s?\b.{0,40})"
        r"may not be (?:published|reproduced|copied)[, ].{0,60}(?:broadcast|rewritten|"
        r"redistributed|permission|consent).{0,100}",
    ),
    (
        "credit",
        r"[\[(]?(?:(?:file )?(?:photo(?:graph)?s?|pictures?|pics?|images?|video|illustration|"
        r"graphic)(?: (?:credits?|courtesy|source))?\s?(?::|by |courtesy of |©)|(?:credits?|"
        r"courtesy):)(?<!video:)\s?[^.!?]{1,100}[\])]?|"
        # An agency's name stands before what it measures, too: "Reuters/Ipsos poll".
        r"(?!.*\b(?:poll|survey|index|indices|barometer)\b)"
        r"[\[(]?(?:ap|afp|reuters|getty images|getty|epa|shutterstock|istock)"
        r"(?: ?/ ?[\w .-]{1,40}){0,3} ?(?:photo|images?|pictures?|file)?"
        r"(?: ?/ ?[\w .-]{1,40}){0,2}[\])]?|file (?:photo|picture|image)",
    ),
)
# What tells a report from a notice: a sentence in which somebody has done or said something is
# prose, whatever words of notices it holds; a notice speaks to its reader, and in the present.
_REPORTING = re.compile(
    r"\b(?:he|she|him|his|hers?|himself|herself|whose|who|said|says|told|tells|wrote|writes|"
    r"argued|argues|ruled|claimed|claims|according|were|had|did|didn[’']t|wasn[’']t|weren[’']t|"
    r"became|began|came|went|took|made|gave|found|lost|won|paid|sold|bought|left|kept|hadn[’']t|"
    r"yesterday|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b|"
    r"\b(?:it|they|which|and|but|that|i) (?:was|has|have|would|could)\b|"
    r"[\w’']+ (?:was|has) (?:not |never |also |been |only |just )?"
    r"(?!first|originally|previously|published|posted)[a-z]+ed\b|"
    r"[\"“‘'][^\"“”]{2,60}[\"”’'] (?:on|in|is|was|at|and|to|for|as|of|means|meant)\b|"
    # ", the court decided.", ", counsel for the heirs replied."; not ", The Times Limited."
    r", (?:(?!or |and )[a-z’']+ ){1,8}"
    r"(?!reserved|limited|permitted|prohibited|required)[a-z]+ed\.\Z|"
    r"\bcopyright [12][0-9]{3} (?-i:[a-z]+(?:ed|s)) ",
    re.IGNORECASE,
)
# Rules whose notices are whole sentences; what the others find is no sentence, or has a label.
_OF_SENTENCES = frozenset(
    """follow notice subscription app click-here origin copyright credit""".split()  # noqa: SIM905
)
_COMPILED = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _PATTERNS)

_PARTICLE = 3  # letters of a small word in a name (von der), at most; set by hand
_SEPARATOR = re.compile(r"[|»›>•·/]|::")
_CRUMB = re.compile(r"\s*(?:[|»›>•·]|::)\s*|\s/\s")  # a slash without spaces joins words
# Between two words of a script without capitals a dot parts the names of one person.
_NAME_DOT = re.compile(r"[\u3041-\ud7ff\uf900-\ufaff][·・•][\u3041-\ud7ff\uf900-\ufaff]")
# Bytes to lower case, all but letters and digits of ASCII to spaces.
_ASCII_WORDS = bytes(
    byte | 32 if 65 <= byte <= 90 else byte if chr(byte).isalnum() and byte < 128 else 32
    for byte in range(256)
)
_STOPS = frozenset(STOPS)
_COUNT = re.compile(r"[^\W\d_]\.? (\d{1,3})[.:]?\Z")
# Words of web furniture, of any site, which those in other languages use, too.
FURNITURE = frozenset(
    """about account ad ads advertise advertisement advertising all archive archives article
    articles author blog blogroll blogs buy careers cart categories category click close comment
    comments contact cookie cookies copyright delicious digg disclaimer download edition email
    facebook faq favorites featured feed feedback feeds filed flag follow footer forum forums
    free gallery google help here home inbox instagram jobs join labels latest leave like link
    linkedin links login logout mail menu mobile more myspace navigation network news newsletter
    newsletters next online options page pages password permalink photos pinterest policy
    popular post posted posts powered press previous print privacy profile rate rated rating
    read recent reddit register registered related replies reply report reserved reviews rights
    rss save search section sections services share shop sign site sitemap skip sponsored
    sponsors store stories story stumbleupon submit subscribe subscription support tag tags
    technorati terms theme today top topics trackback trackbacks tweet twitter updates username
    vote view views weather web webmaster website widget wordpress yahoo
    youtube video videos""".split()  # noqa: SIM905
)
_SITE = FURNITURE - {"article", "section"}  # which laws count
_FOREIGN = re.compile("[\u0400-\u1fff\u3000-\uffff]")  # letters of no Latin script, or with marks
_STRONG = frozenset(word.encode() for word in STRONG)
_OPENERS = frozenset(word.encode() for word in OPENERS)


def is_candidate(line: str) -> bool:
    """Whether a stripped line may be judged by itself.

    Not one that is longer than `LONGEST`, and one that ends as a sentence only by what it says;
    an ellipsis ends no sentence here.
    """
    if not line or len(line) > LONGEST:
        return False
    if not is_ended(line) or "©" in line:
        return True
    words = line.encode("utf-8", "surrogatepass").translate(_ASCII_WORDS).split()
    if words and (words[0] in _OPENERS or not _STRONG.isdisjoint(words)):
        return True
    return not line.isascii() and _FOREIGN.search(line) is not None and may_be_notice(line)


def is_ended(line: str) -> bool:
    """Whether a line ends as a sentence does, closing quotes and brackets passed over."""
    return line.rstrip(CLOSERS)[-1:] in _STOPS and not line.endswith(("...", "…"))


def is_heading(line: str) -> bool:
    """Whether a stripped line is a heading of Markdown, which begins with `#` and a space."""
    return line[0] == "#" and line.lstrip("#")[:1] == " "


def is_speaker(line: str) -> bool:
    """Whether a stripped line ends in a colon and has no ordinary word: "Listen to this:" has."""
    words = line.rstrip("*_:：").split()
    ordinary = any(word.islower() and len(word) > _PARTICLE for word in words)
    return line.rstrip("*_").endswith((":", "：")) and not ordinary


def is_counted(line: str, others: Set[str]) -> bool:
    """Whether a stripped line ends in the number next to that of another one, as "Step 2" does."""
    if not (number := _COUNT.search(line)):
        return False
    begin, end = line[: number.start(1)], line[number.end(1) :]
    if not _SITE.isdisjoint(begin.lower().split()):
        return False
    return any(f"{begin}{int(number[1]) + by}{end}" in others for by in (-1, 1))


@lru_cache(1 << 12)  # boilerplate says the same on every page, and each text is judged twice
def line_rule(line: str) -> str:
    """The rule by which a stripped line is boilerplate whatever stands around it, or empty."""
    if not is_candidate(line) or (line.endswith(("--", "—")) and line[0] not in "-–—"):
        return ""  # a dash breaks off a sentence, of which this is the end
    if line[0] == "(" and ")" not in line:
        return ""  # what a bracket opens goes on
    for name, pattern in _COMPILED:
        if pattern.fullmatch(line):
            return "" if name in _OF_SENTENCES and is_report(line) else name
    return "navigation" if is_crumb(line) else line_kind(line)


def is_report(line: str) -> bool:
    """Whether a line is a sentence of a report: it ends as one and tells what somebody did."""
    return is_ended(line) and _REPORTING.search(line) is not None


def is_crumb(line: str) -> bool:
    """A menu or a breadcrumb on one line: four or more short items between separators."""
    if len(_SEPARATOR.findall(line)) < 3 or is_ended(line) or "<" in line:  # `<ABC>` is a ticker
        return False
    if line.count("«") == line.count("»") > 0:  # what is quoted, such as the titles of songs
        return False
    if _NAME_DOT.search(line):
        return False
    items = [item for item in _CRUMB.split(line) if item]
    return (
        len(items) >= 4
        and max(len(item.split()) for item in items) <= 4
        and max(map(len, items)) <= _LONGEST_CRUMB
        and not any(character.isdigit() for character in line)
    )
