"""What follows from the signs of a mail: suggestions, which decide nothing."""

from dataclasses import replace

import pytest

from mailflow.core import coding
from mailflow.core.model import Mail, Sign, SignKind, TopicScore
from mailflow.core.policy import Coding
from tests.core.desk import POLICY

DESK = replace(
    POLICY,
    coding=Coding(
        enough=2.0,
        refuse=4.0,
        regions={"ZM": "africa", "KE": "africa", "GB": "western_europe", "FJ": "pacific", "IO": "africa"},
        concerned=frozenset({"africa", "western_europe"}),
        domains={"gov": "governments", "edu": "researchers"},
    ),
)


def told(*signs, sender="ann@firm.example", policy=DESK):
    mail = Mail("<1@firm.example>", sender, signs=tuple(Sign(kind, *rest) for kind, *rest in signs))
    return {(sign.kind, sign.value): sign.because for sign in coding.suggestions(mail, policy)}


def test_of_several_user_types_the_strongest_is_suggested_with_its_reason():
    signs = (SignKind.USER_TYPE, "mnes", 2.0, ("our brand",)), (SignKind.USER_TYPE, "smes", 3.0, ("family business",))
    assert told(*signs) == {(SignKind.USER_TYPE, "smes"): ("family business",)}


def test_a_weak_sign_suggests_nothing():
    assert told((SignKind.SECTOR, "mining", 1.9, ("mine",))) == {}


@pytest.mark.parametrize("domain", ["labour.gov.example", "labour.gov"])
def test_a_label_of_the_domain_tells_who_asks(domain):
    assert told(sender=f"ann@{domain}") == {(SignKind.USER_TYPE, "governments"): ("the domain's .gov",)}


def test_the_first_label_of_a_domain_is_a_name_and_tells_nothing():
    assert told(sender="ann@gov.example") == {}


def test_domain_and_signature_together_tell_the_country_and_its_region():
    found = told((SignKind.COUNTRY, "GB", 1.0, ("London",)), sender="ann@knit.uk")
    assert found[SignKind.COUNTRY, "GB"] == ("London", "the domain's .uk")
    assert (SignKind.USER_REGION, "western_europe") in found


def test_a_top_level_domain_that_the_world_takes_tells_no_country():
    assert told((SignKind.COUNTRY, "IO", 1.0, ()), sender="ann@app.io") == {}


def test_a_public_mail_provider_tells_nothing():
    public = replace(DESK, caps=replace(DESK.caps, public_domains=frozenset({"post.uk"})))
    assert told((SignKind.COUNTRY, "GB", 1.0, ()), sender="ann@post.uk", policy=public) == {}


def test_a_question_may_concern_several_countries_and_each_region_once():
    found = told(
        (SignKind.CONCERNED, "ZM", 1.0, ()), (SignKind.CONCERNED, "KE", 1.0, ()), (SignKind.CONCERNED, "GB", 1.0, ())
    )
    assert [value for kind, value in found if kind is SignKind.REGION] == ["western_europe", "africa"] or [
        value for kind, value in found if kind is SignKind.REGION
    ] == ["africa", "western_europe"]


def test_a_region_that_the_report_counts_askers_of_only_is_not_concerned():
    assert (SignKind.REGION, "pacific") not in told((SignKind.CONCERNED, "FJ", 1.0, ()))


def test_of_several_days_the_first_is_the_deadline():
    days = [(SignKind.DEADLINE, f"2026-12-{day}", 3.0, ()) for day in ("20", "15", "18")]
    assert list(told(*days)) == [(SignKind.DEADLINE, "2026-12-15")]


@pytest.mark.parametrize(("score", "topic", "suggested"), [(4.0, 5.0, False), (3.9, 5.0, True), (0.0, 1.0, None)])
def test_only_strong_signs_suggest_that_a_mail_is_inadmissible(score, topic, suggested):
    claim = Sign(SignKind.INADMISSIBLE, "individual_claim", score)
    mail = Mail("", "", signs=(claim,) if score else (), topics=(TopicScore("wages", topic),))
    assert coding.admissible(mail, coding.suggestions(mail, DESK), DESK) is suggested
