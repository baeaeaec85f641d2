"""What a mail is suggested to be, besides its topics: for the yearly report, and for whoever looks at it first.

Only ever suggestions, each with its reason: people decide. mail/signs.py finds the signs, rules/coding.toml says what
follows from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from mailflow.core.model import Mail, Sign, SignKind
from mailflow.core.policy import Policy

# The tables of rules/signs/ that speak for nothing by themselves.
CUES: Mapping[str, str] = {
    "deadline": "stands beside the day by which an answer is wanted",
    "reply": "stands beside the language in which an answer is wanted",
    "closing": "ends the letter: below it stands the signature",
    "based": "stands before the country in which the asker is; behind it, with a weight of 2 (and of -2 behind another's)",
}
DAYS = ("today", "tomorrow", "week_end", "next_week", "month_end", "next_month", "year_end")
DANGERS = ("life", "liberty")
WISHES = ("no_publication", "erasure")
COURTESIES = ("thanks", "news")

DOMAIN_TELLS = 3.0  # what a label of the domain (.gov) is worth against words
TOP_LEVEL_TELLS = 1.5  # and what a country's top-level domain is
# Top-level domains of countries that people elsewhere like to take, and the one that isn't named as ISO names it.
_WORLDWIDE = frozenset({"ac", "ai", "cc", "co", "fm", "io", "ly", "me", "nu", "sh", "to", "tv", "ws"})
_RENAMED = {"uk": "gb"}

_SINGLE = (
    SignKind.USER_TYPE,
    SignKind.COUNTRY,
    SignKind.SECTOR,
    SignKind.HEARD_FROM,
    SignKind.REPLY_LANGUAGE,
)  # one of each holds
_SEVERAL = (SignKind.CONCERNED, SignKind.WISH, SignKind.DANGER)


def suggestions(mail: Mail, policy: Policy) -> tuple[Sign, ...]:
    """What follows from the signs of a mail, kind by kind; at most one of a kind that can only be one."""
    signs = [*mail.signs, *_of_domain(mail, policy)]
    told: list[Sign] = []
    for kind in _SINGLE:
        told += _strongest(_summed(signs, kind), policy.coding.enough)[:1]
    for kind in _SEVERAL:
        told += _strongest(_summed(signs, kind), policy.coding.enough if kind is not SignKind.CONCERNED else 0.0)
    told += _strongest(_summed(signs, SignKind.INADMISSIBLE), policy.coding.refuse)[:1]
    told += sorted(_summed(signs, SignKind.DEADLINE), key=lambda sign: sign.value)[:1]
    return (*told, *_regions(told, policy))


def admissible(mail: Mail, told: tuple[Sign, ...], policy: Policy) -> bool | None:
    """Whether the desk is suggested to answer: None where nothing speaks for either."""
    if any(sign.kind is SignKind.INADMISSIBLE for sign in told):
        return False
    return True if mail.topics and mail.topics[0].score >= policy.topics.lead else None


def _summed(signs: list[Sign], kind: SignKind) -> list[Sign]:
    """One sign a value: what several ways to tell it are worth together."""
    values: dict[str, Sign] = {}
    for sign in (s for s in signs if s.kind is kind):
        known = values.get(sign.value)
        because = (*known.because, *sign.because) if known else sign.because
        values[sign.value] = Sign(kind, sign.value, sign.score + (known.score if known else 0.0), because)
    return list(values.values())


def _strongest(signs: list[Sign], enough: float) -> list[Sign]:
    strong = (sign for sign in signs if sign.score >= enough)
    return sorted(strong, key=lambda sign: (-sign.score, sign.value))


def _of_domain(mail: Mail, policy: Policy) -> Iterator[Sign]:
    """What the domain of a proper organisation tells: its country, and by labels such as .gov who asks."""
    if not mail.domain or mail.domain in policy.caps.public_domains:
        return
    *labels, top = mail.domain.split(".")
    for label in dict.fromkeys((*labels[1:], top)):
        if user_type := policy.coding.domains.get(label):
            yield Sign(SignKind.USER_TYPE, user_type, DOMAIN_TELLS, (f"the domain's .{label}",))
    country = _RENAMED.get(top, top).upper()
    if top not in _WORLDWIDE and country in policy.coding.regions:
        yield Sign(SignKind.COUNTRY, country, TOP_LEVEL_TELLS, (f"the domain's .{top}",))


def _regions(told: list[Sign], policy: Policy) -> Iterator[Sign]:
    """The regions of the report for the countries that were told; each once."""
    seen: set[tuple[SignKind, str]] = set()
    for sign in told:
        kind = {SignKind.COUNTRY: SignKind.USER_REGION, SignKind.CONCERNED: SignKind.REGION}.get(sign.kind)
        value = policy.coding.regions.get(sign.value, "" if sign.value.isupper() else sign.value)
        known = kind is not SignKind.REGION or value in policy.coding.concerned
        if kind and value and known and (kind, value) not in seen:
            seen.add((kind, value))
            yield Sign(kind, value, sign.score, sign.because)


CODED = (
    SignKind.USER_TYPE, SignKind.COUNTRY, SignKind.USER_REGION, SignKind.REGION, SignKind.SECTOR, SignKind.HEARD_FROM,
)  # fmt: skip


def codes(mail: Mail, policy: Policy) -> Mapping[str, str]:
    """What a new ticket is coded as until a coordinator says otherwise: the strongest sign of each kind."""
    found: dict[str, str] = {}
    for sign in suggestions(mail, policy):
        if sign.kind in CODED:
            found.setdefault(sign.kind.value, sign.value)
    return found


def wanted(mail: Mail, policy: Policy) -> date | None:
    """The day by which the requester says that they need the answer."""
    days = (sign.value for sign in suggestions(mail, policy) if sign.kind is SignKind.DEADLINE)
    return next((date.fromisoformat(day) for day in days), None)


def endangers(mail: Mail, policy: Policy) -> bool:
    """Whether its words speak of danger to life or liberty."""
    return any(sign.kind is SignKind.DANGER for sign in suggestions(mail, policy))


def courtesy(mail: Mail, policy: Policy) -> str:
    """Whether a mail holds nothing but thanks ("thanks"), or asks only for news of the ticket ("news"); else ""."""
    if mail.attachments or not mail.cut_sure or any(topic.score >= policy.topics.lead for topic in mail.topics):
        return ""
    return next((sign.value for sign in mail.signs if sign.kind is SignKind.COURTESY), "")
