"""Shortcodes of WordPress: marks in a post that the blog fills in when it shows the post.

What a writer puts in brackets, a joke's "[/sarcasm]" too, is no shortcode: one is known by its
name, or by options such as no writer gives.
"""

from __future__ import annotations

import re

_NAMES = frozenset(("caption", "wp_caption", "gallery", "embed", "playlist"))  # WordPress's own
_BUILDERS = ("vc_", "et_pb_", "fusion_", "av_", "su_")  # of editors of pages
_MARK = re.compile(
    r"(?:(?<=\n)()|)(?<!<!\[CDATA)\[(/?)([a-z][\w-]{0,39})((?:\s[^\[\]]{0,2000})?)\](?(1)\s*)"
)  # one that stands at the beginning of a line takes the space behind it along
_OPTIONS = re.compile(r"\s+\w+\s*=")


def without_shortcodes(text: str) -> str:
    """A post's source without shortcodes; what they enclose stays."""
    marks = list(_MARK.finditer(text))
    closed = {mark[3] for mark in marks if mark[2]}
    with_options = {mark[3] for mark in marks if _OPTIONS.match(mark[4])}

    def kept(mark: re.Match[str]) -> str:
        name = mark[3]
        known = name in _NAMES or name.startswith(_BUILDERS)
        pair = name in closed and "_" in name
        return "" if known or pair or name in with_options else mark[0]

    return _MARK.sub(kept, text)
