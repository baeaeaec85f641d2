"""What the desk believes of a sender: every forgery stands beside its benign twin."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailflow.core.model import Verdict
from mailflow.core.settings import AuthMethod, AuthSettings
from mailflow.mail.auth import authenticate
from mailflow.mail.parsed import Parsed

RFC8601 = AuthSettings(AuthMethod.RFC8601, authserv_id="mx.desk.example")
INTERNAL = AuthSettings(
    AuthMethod.INTERNAL_HOST,
    receiver="mail.desk.example",
    hosts=("10.1.2.0/24", "192.0.2.7", "2001:db8:5::/48"),
    domains=("desk.example",),
)


def results(*values, sender="ann@firm.example", more=()):
    """A mail with these Authentication-Results, topmost first."""
    return Parsed(headers=(*(("authentication-results", value) for value in values), *more), sender=sender)


def verdict(mail, how=RFC8601):
    return authenticate(mail, how).verdict


def came(*lines, sender="bea@desk.example"):
    """A mail with these Received lines, topmost first."""
    return Parsed(headers=tuple(("received", line) for line in lines), sender=sender)


PASS = "mx.desk.example; dmarc=pass header.from=firm.example"
FAIL = "mx.desk.example; dmarc=fail header.from=firm.example"


# ---------------------------------------------------------------- Authentication-Results


@pytest.mark.parametrize(
    "value",
    [
        PASS,
        "mx.desk.example; dmarc=pass (p=NONE sp=QUARANTINE dis=NONE) header.from=firm.example",
        "mx.desk.example 1; dkim=pass header.i=@firm.example header.b=aB/c+; dmarc=pass (p=REJECT dis=NONE) header.from=firm.example",
        "MX.Desk.Example; DMARC=Pass header.from=FIRM.example",
        'mx.desk.example; dmarc=pass reason="aligned" header.from="firm.example"',
        "mx.desk.example (our border); dmarc (v1) = pass (fine) header.from (this one) = firm.example",
        "mx.desk.example;\tdkim=none;\tdmarc=pass\theader.from=firm.example;",
        "mx.desk.example; dmarc=pass policy.published-domain-policy=reject policy.dmarc=reject header.from=firm.example",
        "mx.desk.example; dmarc=pass action=none header.from=firm.example",
    ],
)
def test_dmarc_pass_for_the_from_domain_proves_the_sender(value):
    assert verdict(results(value)) is Verdict.PASS


def test_a_dmarc_failure_is_a_failure():
    assert verdict(results(FAIL)) is Verdict.FAIL
    assert verdict(results("mx.desk.example; dmarc=fail (p=reject dis=none) header.from=firm.example")) is Verdict.FAIL


@pytest.mark.parametrize(
    "value",
    [
        "mx.desk.example; dmarc=fail (p=none dis=none) header.from=firm.example",
        "mx.desk.example; spf=fail; dmarc=fail (p=NONE sp=REJECT dis=NONE) header.from=firm.example; dkim=none",
        "mx.desk.example; dmarc=fail (policy=none) header.from=firm.example",
        "mx.desk.example; dmarc=fail policy.dmarc=none header.from=firm.example",
        "mx.desk.example; dmarc=fail header.from=firm.example (p=none)",
        "mx.desk.example; dmarc=fail policy.published-domain-policy=none header.from=firm.example",
    ],
)
def test_a_failure_under_a_policy_of_none_counts_as_no_result(value):
    assert verdict(results(value)) is Verdict.NONE


@pytest.mark.parametrize(
    "value",
    [
        # Words that the sender chose stand in the comments and values of other results.
        'mx.desk.example; spf=fail (domain of "p=none"@evil.example) smtp.mailfrom=x; dmarc=fail header.from=firm.example',
        'mx.desk.example; spf=fail smtp.mailfrom="(p=none)"@evil.example; dmarc=fail header.from=firm.example',
        "mx.desk.example; dmarc=fail policy.applied-disposition=none header.from=firm.example",
        'mx.desk.example; dmarc=fail reason="wanted p=none" header.from=firm.example',
        "mx.desk.example; dmarc=fail (p=nonesuch) header.from=firm.example",
        "mx.desk.example; dmarc=fail (dis=none sp=none) header.from=firm.example",
    ],
)
def test_a_policy_of_none_is_believed_of_the_dmarc_result_alone(value):
    assert verdict(results(value)) is Verdict.FAIL


@pytest.mark.parametrize(
    "value",
    [
        "mx.evil.example; dmarc=pass header.from=firm.example",
        "mx.desk.example.evil.example; dmarc=pass header.from=firm.example",
        "evil.example (mx.desk.example); dmarc=pass header.from=firm.example",
        '"mx.desk.example"; dmarc=pass header.from=firm.example',
        "mx.dеsk.example; dmarc=pass header.from=firm.example",  # a Cyrillic letter
    ],
)
def test_the_word_of_another_server_counts_for_nothing(value):
    assert verdict(results(value)) is Verdict.NONE


def test_only_the_topmost_line_of_all_counts():
    foreign = "mx.relay.example; dmarc=fail header.from=firm.example"
    assert verdict(results(PASS, foreign)) is Verdict.PASS
    assert verdict(results(foreign, PASS)) is Verdict.NONE
    assert verdict(results(FAIL, PASS)) is Verdict.FAIL
    assert verdict(results("mx.desk.example; spf=pass smtp.mailfrom=firm.example", PASS)) is Verdict.NONE


def test_headers_that_only_resemble_it_count_for_nothing():
    for name in ("arc-authentication-results", "x-authentication-results", "authentication-results-original"):
        assert verdict(Parsed(headers=((name, PASS),), sender="ann@firm.example")) is Verdict.NONE


@pytest.mark.parametrize(
    "sender",
    [
        "ann@evil.example",
        "ann@sub.firm.example",
        "ann@example",
        "ann@xn--frm-8ka.example",
        "ann@firm.example.evil.example",
    ],
)
def test_a_pass_for_another_domain_than_that_of_from_proves_nothing(sender):
    assert verdict(results(PASS, sender=sender)) is Verdict.NONE
    assert verdict(results(FAIL, sender=sender)) is Verdict.NONE


@pytest.mark.parametrize(
    "value",
    [
        "mx.desk.example; dmarc=pass header.from=evil.example header.from=firm.example",
        "mx.desk.example; dmarc=pass header.from=firm.example header.from=evil.example",
        "mx.desk.example; dmarc=pass smtp.from=firm.example",
        "mx.desk.example; dmarc=pass header.d=firm.example",
        "mx.desk.example; dmarc=pass",
        "mx.desk.example; dkim=pass header.from=firm.example",
        "mx.desk.example; dmarc=pass header.from=firm.example; dmarc=fail header.from=firm.example",
        "mx.desk.example; dmarc=fail header.from=firm.example; dmarc=pass header.from=firm.example",
        "mx.desk.example; none",
        "mx.desk.example",
        "mx.desk.example; dmarc=none header.from=firm.example",
        "mx.desk.example; dmarc=temperror header.from=firm.example",
        "mx.desk.example; dmarc=bestguesspass header.from=firm.example",
        "mx.desk.example; dmarc=passport header.from=firm.example",
        "mx.desk.example 2; dmarc=pass header.from=firm.example",
        "mx.desk.example; dmarc=pass header.from=firm.example (unclosed",
        'mx.desk.example; dmarc=pass header.from=firm.example reason="unclosed',
        "mx.desk.example; (dmarc=pass header.from=firm.example)",
        "mx.desk.example; spf=fail (dmarc=pass header.from=firm.example)",
        'mx.desk.example; spf=fail smtp.mailfrom="x; dmarc=pass header.from=firm.example"@evil.example',
        'mx.desk.example; spf=fail smtp.mailfrom="x\\"; dmarc=pass header.from=firm.example"@evil.example',
        "mx.desk.example; spf=fail (x\\); dmarc=pass header.from=firm.example)",
        "mx.desk.example; spf=fail (a(b)c; dmarc=pass header.from=firm.example)",
        # An address unquoted by a careless server, which tries to hide the true result in a comment or a quote.
        "mx.desk.example; spf=fail smtp.mailfrom=x; dmarc=pass header.from=firm.example (; dmarc=fail header.from=firm.example",
        "mx.desk.example; spf=fail smtp.helo=x; dmarc=pass header.from=firm.example (@e; dmarc=fail (p=reject) header.from=x",
        "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=firm.example; dmarc=pass action=none header.from=firm.example",
        "",
        ";",
        "(" * 5000,
        "mx.desk.example; " + "(" * 4000 + ")" * 4000,
        "mx.desk.example; dmarc=pass header.from=firm.example; x=y (" + "z" * 20_000 + ")",
    ],
)
def test_whatever_is_odd_counts_as_nothing_said(value):
    assert verdict(results(value)) is Verdict.NONE


def test_a_quoted_address_or_comment_of_the_sender_does_not_spoil_the_true_result():
    value = (
        'mx.desk.example; spf=pass (domain of "dmarc=fail; ann"@firm.example is good)'
        ' smtp.mailfrom="a;b=c"@firm.example; dmarc=pass header.from=firm.example'
    )
    assert verdict(results(value)) is Verdict.PASS


def test_without_a_clear_sender_nothing_is_proved():
    assert verdict(results(PASS, sender="")) is Verdict.NONE


def test_without_a_method_or_a_server_name_nothing_is_believed():
    assert verdict(results(PASS), AuthSettings()) is Verdict.NONE
    assert verdict(results(PASS), AuthSettings(AuthMethod.RFC8601)) is Verdict.NONE
    assert verdict(Parsed(sender="ann@firm.example")) is Verdict.NONE


# ---------------------------------------------------------------- internal-host


@pytest.mark.parametrize(
    "line",
    [
        "from pc7 (pc7.desk.example [10.1.2.33]) by mail.desk.example (Postfix) with ESMTPSA id 4X for <help@desk.example>; today",
        "from [10.1.2.33] (helo=pc7) by mail.desk.example with esmtpsa (Exim 4.98) id 1x; today",
        "from pc7.desk.example ([10.1.2.33] helo=pc7) by mail.desk.example with esmtp; today",
        "from [10.1.2.33] (pc7 [10.1.2.33])\tby MAIL.desk.example; today",
        "from pc7 (unknown [IPv6:2001:db8:5::9]) by mail.desk.example with ESMTP; today",
        "from gate (gate [192.0.2.7]) by mail.desk.example",
    ],
)
def test_our_own_host_proves_a_sender_of_our_own_domain(line):
    assert verdict(came(line), INTERNAL) is Verdict.PASS


@pytest.mark.parametrize(
    "line",
    [
        "from pc7 (pc7.desk.example [203.0.113.9]) by mail.desk.example with ESMTP; today",
        "from [10.1.2.33] (evil.example [203.0.113.9]) by mail.desk.example with ESMTP; today",  # HELO [10.1.2.33]
        "from [203.0.113.9] (helo=[10.1.2.33]) by mail.desk.example with esmtp; today",
        "from unknown (HELO [10.1.2.33]) (203.0.113.9) by mail.desk.example with SMTP; today",
        "from 10.1.2.33 (203.0.113.9) by mail.desk.example; today",
        "from unknown (unknown [10.1.2.33.evil.example]) by mail.desk.example; today",
        "from x by mail.desk.example ([10.1.2.33]) (evil.example [203.0.113.9]) by mail.desk.example; today",
        "from x ([10.1.2.33]) by mail.desk.example with y (evil [203.0.113.9]) by mail.desk.example; today",
        "from x ([10.1.2.33]) by mail.evil.example with ESMTP; today",
        "from x ([10.1.2.33] by mail.desk.example) by mail.evil.example; today",
        "from x ([10.1.2.33]) by mail.desk.example.evil.example; today",
        "from x ([10.1.2.33] by mail.desk.example; today",
        "from x ([999.1.2.33]) by mail.desk.example; today",
        "by mail.desk.example with LMTP ([10.1.2.33]); today",
        "from pc7 (pc7 10.1.2.33) by mail.desk.example; today",
        "from pc7 (unknown [IPv6:2001:db8:6::9]) by mail.desk.example; today",
        "",
    ],
)
def test_any_other_host_proves_nothing(line):
    assert verdict(came(line), INTERNAL) is Verdict.NONE


def test_only_the_topmost_received_line_counts():
    ours = "from pc7 (pc7.desk.example [10.1.2.33]) by mail.desk.example; today"
    foreign = "from evil (evil [203.0.113.9]) by mail.desk.example; today"
    assert verdict(came(ours, foreign), INTERNAL) is Verdict.PASS
    assert verdict(came(foreign, ours), INTERNAL) is Verdict.NONE
    assert verdict(came(), INTERNAL) is Verdict.NONE


def test_our_own_host_proves_nobody_of_another_domain():
    ours = "from pc7 (pc7.desk.example [10.1.2.33]) by mail.desk.example; today"
    for sender in ("ann@firm.example", "bea@sub.desk.example", "bea@desk.example.evil.example", ""):
        assert verdict(came(ours, sender=sender), INTERNAL) is Verdict.NONE


def test_without_a_receiver_hosts_or_domains_no_host_proves_anything():
    ours = came("from pc7 (pc7.desk.example [10.1.2.33]) by mail.desk.example; today")
    for gap in ({"receiver": ""}, {"hosts": ()}, {"domains": ()}):
        complete = {"receiver": "mail.desk.example", "hosts": ("10.0.0.0/8",), "domains": ("desk.example",)}
        assert verdict(ours, AuthSettings(AuthMethod.INTERNAL_HOST, **complete)) is Verdict.PASS
        assert verdict(ours, AuthSettings(AuthMethod.INTERNAL_HOST, **complete | gap)) is Verdict.NONE


# ---------------------------------------------------------------- both


_PIECES = st.lists(
    st.sampled_from(
        [*'();"\\ =.[]', "mx.desk.example", "dmarc", "pass", "header.from", "firm.example", "by", "é", "none"]
    ),
    max_size=40,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(_PIECES)
def test_no_header_however_broken_raises_or_proves_anything_by_a_second_result(value):
    assert verdict(results(value)) is not None
    assert verdict(came(value), INTERNAL) is not None
    twice = f"mx.desk.example; spf=fail smtp.mailfrom={value}; dmarc=fail header.from=firm.example"
    assert verdict(results(twice)) is not Verdict.PASS


def test_the_reason_never_repeats_a_word_of_the_mail():
    for value in (PASS, FAIL, "zebra.example; dmarc=zebra header.from=zebra.example", "zebra"):
        because = authenticate(results(value), RFC8601).because
        assert because
        assert "firm" not in because
        assert "zebra" not in because
