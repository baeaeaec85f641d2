"""Who vouches for the sender: what the desk's own mail server says, in the way the operator told us (security rule 2).

Only two header lines are ever believed, and only the topmost of their name: whatever stands below, the sender may have
written. Whatever is odd in them counts as nothing said.
"""

from __future__ import annotations

import re
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Final

import authres
import authres.dmarc

from mailflow.core.model import Authentication, Verdict
from mailflow.core.settings import AuthMethod, AuthSettings

if TYPE_CHECKING:
    from mailflow.mail.parsed import Parsed

LONGEST: Final = 8_192  # characters of a header line that is read at all
DEEPEST: Final = 4  # comments in comments

_RESULTS = authres.FeatureContext(authres.dmarc)
_NO_POLICY = re.compile(r"(?:^|[\s,;])p(?:olicy)?\s?=\s?none(?![\w-])", re.IGNORECASE)
_PUBLISHED = ("dmarc", "published-domain-policy")  # properties that name the domain's policy
_BY = re.compile(r"(?:^|\s)by\s+(\S+)", re.IGNORECASE)
_IPV4 = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")
_BRACKETED = re.compile(r"\[(?:IPv6:)?([0-9A-Fa-f:.]{2,45})\]", re.IGNORECASE)
_SPACE, _COMMENT, _QUOTED = " ", "\x01", "\x02"


def authenticate(parsed: Parsed, settings: AuthSettings) -> Authentication:
    """What is believed of the sender. Raises ValueError when a configured host is neither an address nor a network."""
    if settings.method is AuthMethod.NONE:
        return _nothing("no way to authenticate senders is configured")
    if not parsed.sender:
        return _nothing("the From line does not name exactly one sender")
    if settings.method is AuthMethod.RFC8601:
        return _by_results(parsed, settings.authserv_id)
    return _by_host(parsed, settings)


def _by_results(parsed: Parsed, authserv_id: str) -> Authentication:
    """RFC 8601: the DMARC result of the topmost Authentication-Results, if that is our server's."""
    value = _topmost(parsed, "authentication-results")
    if value is None:
        return _nothing("there is no Authentication-Results")
    mask = _mask(value)
    header = _read(value) if mask else None
    if header is None:
        return _nothing("the topmost Authentication-Results can't be read")
    if not authserv_id or header.authserv_id != authserv_id.lower():
        return _nothing("the topmost Authentication-Results is not our server's")
    found = [result for result in header.results if str(getattr(result, "method", "")).lower() == "dmarc"]
    if len(found) != 1:
        return _nothing("our server names no DMARC result" if not found else "our server names several DMARC results")
    domains = [str(p.value).lower() for p in found[0].properties if (p.type, p.name) == ("header", "from")]
    if domains != [_domain(parsed)]:
        return _nothing("our server's DMARC result is not about the From domain")
    return _verdict(str(found[0].result).lower(), lenient=_lenient(value, mask, found[0]))


def _verdict(result: str, *, lenient: bool) -> Authentication:
    if result == "pass":
        return Authentication(Verdict.PASS, "our server says dmarc=pass for the From domain")
    if result != "fail":
        return _nothing("our server's DMARC result is neither pass nor fail")
    if lenient:
        return _nothing("our server says dmarc=fail, but the domain's policy is p=none")
    return Authentication(Verdict.FAIL, "our server says dmarc=fail for the From domain")


def _read(value: str) -> authres.AuthenticationResultsHeader | None:
    """The header as the library reads it. RFC 8601 has no semicolon at the end, some servers do."""
    try:
        return _RESULTS.parse_value(value.rstrip(" \t;"))
    except authres.AuthResError:
        return None


def _lenient(value: str, mask: str, result: authres.AuthenticationResult) -> bool:
    """Whether the domain asks for nothing when DMARC fails: a property says so, or a comment in that very result."""
    properties = {(p.type, p.name): str(p.value).lower() for p in result.properties}
    if any(properties.get(("policy", name)) == "none" for name in _PUBLISHED):
        return True
    start = 0
    for end in [*(at for at, char in enumerate(mask) if char == ";"), len(mask)]:
        if mask[start:end].lstrip(f" ;\t{_COMMENT}").lower().startswith("dmarc"):
            said = "".join(value[i] if mask[i] == _COMMENT else _SPACE for i in range(start, end))
            return bool(_NO_POLICY.search(said.replace("(", _SPACE).replace(")", _SPACE)))
        start = end
    return False


def _by_host(parsed: Parsed, settings: AuthSettings) -> Authentication:
    """Our own server took the mail from a host that only lets its own people send."""
    value = _topmost(parsed, "received")
    mask = _mask(value) if value else ""
    by = list(_BY.finditer(mask))
    if value is None or len(by) != 1:
        return _nothing("the topmost Received line can't be read")
    if not settings.receiver or by[0].group(1).rstrip(";").lower() != settings.receiver.lower():
        return _nothing("the topmost Received line is not our server's")
    # The remote side chooses its HELO name, which may look like an address: so all addresses must be of our hosts.
    come_from = value[: by[0].start()]
    hosts = [_address(said) for said in (*_BRACKETED.findall(come_from), *_IPV4.findall(come_from))]
    networks = _networks(settings.hosts)
    if not _BRACKETED.search(come_from) or not all(host and any(host in net for net in networks) for host in hosts):
        return _nothing("the submitting host is none of ours")
    if _domain(parsed) not in {domain.lower() for domain in settings.domains}:
        return _nothing("the submitting host may not speak for the sender's domain")
    return Authentication(Verdict.PASS, "one of our own hosts submitted it, which speaks for the sender's domain")


def _address(said: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(said)
    except ValueError:
        return None


@cache
def _networks(hosts: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(host, strict=False) for host in hosts)


def _mask(value: str) -> str:
    """The value with every character of comments and of quoted strings replaced, each in its place.

    "" when the value is too long, too deep or doesn't close what it opens.
    """
    if len(value) > LONGEST:
        return ""
    masked, depth, quoted, escaped = "", 0, False, False
    for char in value:
        hidden = _QUOTED if quoted else _COMMENT if depth else ""
        if escaped:
            escaped = False
        elif hidden and char == "\\":
            escaped = True
        elif char == '"' and not depth:
            quoted, hidden = not quoted, _QUOTED
        elif char in "()" and not quoted:
            depth, hidden = depth + (1 if char == "(" else -1), _COMMENT
        if not 0 <= depth <= DEEPEST:
            return ""
        masked += hidden or char
    return "" if depth or quoted else masked


def _topmost(parsed: Parsed, name: str) -> str | None:
    return next((value for header, value in parsed.headers if header == name), None)


def _domain(parsed: Parsed) -> str:
    return parsed.sender.rpartition("@")[2].lower()


def _nothing(because: str) -> Authentication:
    return Authentication(Verdict.NONE, because)
