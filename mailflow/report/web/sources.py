"""Where a visit comes from, by the page that led to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from mailflow.report.web.figures import Source


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Names that stand before any country's ending (google.co.uk), and hosts.
_SEARCH = _names("google bing yahoo yandex baidu ecosia qwant duckduckgo startpage swisscows naver seznam sogou coccoc")
_SEARCH_HOSTS = _names(
    "ya.ru so.com daum.net search.brave.com mojeek.com kagi.com lilo.org search.aol.com ask.com metager.org metager.de "
    "presearch.com you.com rambler.ru com.google.android.googlequicksearchbox"
)
_SOCIAL = _names("facebook linkedin twitter instagram youtube reddit pinterest tiktok whatsapp xing weibo")
_SOCIAL_HOSTS = _names(
    "fb.com fb.me lnkd.in t.co x.com youtu.be wa.me t.me telegram.org telegram.me threads.net threads.com bsky.app "
    "mastodon.social mastodon.online vk.com ok.ru quora.com tumblr.com line.me zalo.me messenger.com medium.com "
    "com.facebook.katana com.linkedin.android com.twitter.android com.whatsapp com.reddit.frontpage "
    "org.telegram.messenger"
)
_SHORT = 3  # letters of www, m, a country, or each part of an ending (com.br)


def source(referrer: bytes, own: Collection[str]) -> Source:
    """It is internal when the referrer is of one of our own hosts, else `source_of`."""
    name = host(referrer)
    return "internal" if name and name in own else source_of(name)


def source_of(name: str) -> Source:
    """It is search, social, site, or direct: when nothing led to the page, or the browser doesn't say what."""
    if not name:
        return "direct"
    if _is_of(name, _SEARCH_HOSTS) or _is_search(name.split(".")):
        return "search"
    if _is_of(name, _SOCIAL_HOSTS) or _is_social(name.split(".")):
        return "social"
    return "site"


def host(referrer: bytes) -> str:
    """The host that a referrer names, without www. and port; "" where it names none."""
    scheme, there, rest = referrer.partition(b"://")
    if not there or b" " in scheme:
        return ""
    name = rest.partition(b"/")[0].partition(b"?")[0].rpartition(b"@")[2].decode("ascii", "replace")
    return bare(name)


def bare(name: str) -> str:
    """A host as it is compared: in small letters, without www. and port."""
    return name.lower().partition(":")[0].strip(".").removeprefix("www.")


def most_frequent(hosts: Iterable[str]) -> str:
    """The one that refers most, which is the site itself; "" when there is none. Of equals the first of the alphabet."""
    counted = Counter(filter(None, hosts))
    return min(counted, key=lambda name: (-counted[name], name), default="")


def _is_of(name: str, hosts: frozenset[str]) -> bool:
    labels = name.split(".")
    return any(".".join(labels[start:]) in hosts for start in range(len(labels)))


def _is_search(labels: list[str]) -> bool:
    """www.google.com.br and search.yahoo.com are; mail.google.com and google.unions.example are not."""
    return any(
        label in _SEARCH
        and _is_ending(labels[place + 1 :])
        and ("search" in labels[:place] or all(len(before) <= _SHORT for before in labels[:place]))
        for place, label in enumerate(labels)
    )


def _is_social(labels: list[str]) -> bool:
    return any(label in _SOCIAL and _is_ending(labels[place + 1 :]) for place, label in enumerate(labels))


def _is_ending(labels: list[str]) -> bool:
    return 1 <= len(labels) <= 2 and all(len(label) <= _SHORT for label in labels)  # noqa: PLR2004
