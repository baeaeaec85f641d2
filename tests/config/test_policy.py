import os
from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from mailflow.config import ConfigError, fingerprint, load, load_policy, load_settings
from mailflow.core.model import Role
from mailflow.core.policy import Assignment


@pytest.fixture
def desk(home):
    return load(home)[1]


def test_people_have_their_roles_languages_and_zone(desk):
    ann, bob = desk.policy.people["ann"], desk.policy.people["bob"]
    assert (ann.name, ann.roles, ann.reads) == ("Ann Lee", {Role.EXPERT}, ("en", "fr"))
    assert (ann.zone, bob.zone) == (ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Zurich"))
    assert desk.policy.coordinators == ("bob",)


def test_a_person_is_found_by_each_address(desk):
    assert [desk.policy.person_at(a).slug for a in ("ann@example.org", "ann.lee@example.com")] == ["ann", "ann"]


def test_queues_and_rules_are_as_written(desk):
    queue, rule = desk.policy.queues["wages"], desk.policy.rules[0]
    assert (queue.experts, queue.topics, queue.languages) == (("ann", "bob"), ("wages",), ("en",))
    assert (queue.assignment, queue.answer_days) == (Assignment.ROUND_ROBIN, 5)
    assert (rule.name, rule.queue, rule.when["sender_domain"]) == ("press", "wages", "press.example")


def test_the_policy_takes_the_desks_side_of_config_toml(desk):
    assert (desk.policy.desk, desk.policy.address) == ("Test desk", "desk@example.org")
    assert desk.policy.own_addresses == {"desk@example.org", "old-desk@example.org"}
    assert (desk.policy.prefix, desk.policy.authenticates) == ("", False)
    assert (desk.policy.undo, desk.policy.short_answer) == (timedelta(minutes=10), 25)


def test_the_policy_knows_the_prefix_and_that_senders_are_authenticated(home, change):
    change("config.toml", "^zone =", 'prefix = "BH-"\nzone =')
    change("config.toml", "", '\n[auth]\nmethod = "rfc8601"\nauthserv_id = "mx.example.org"\n')
    policy = load(home)[1].policy
    assert (policy.prefix, policy.authenticates) == ("BH-", True)


def test_the_calendar_knows_weekdays_holidays_and_closed_days(desk):
    calendar = desk.policy.calendar
    assert (calendar.zone, calendar.closes) == (ZoneInfo("Europe/Zurich"), time(17, 30))
    assert not calendar.works_on(date(2026, 6, 5)), "a Friday, on which this desk doesn't work"
    assert not calendar.works_on(date(2026, 9, 10)), "a holiday of Geneva alone (Jeûne genevois)"
    assert not calendar.works_on(date(2026, 7, 1)), "closed"
    assert calendar.works_on(date(2026, 9, 9))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("country", ["IR", "MA", "US-CA", "JP"])
def test_holidays_are_resolved_as_far_as_they_are_known(home, change, country):
    change("rules/deadlines.toml", "CH-GE", country)
    assert load(home)[1].policy.calendar.holidays


def test_topic_words_scores_and_labels(desk):
    topics = {"wages": {"wage": 1.5, "minimum wage": 3}}
    assert desk.words == {"en": topics | {"sector.textile": {"garment": 2}, "danger.life": {"death threat*": 3}}}
    assert (desk.policy.topics.lead, desk.policy.topics.margin) == (2.5, 1.25)
    assert desk.policy.topics.labels["hours"]["fr"] == "Horaires"


def test_words_that_are_read_when_they_are_asked_for_are_the_same(home, desk):
    later = load(home, words=False)[1]
    assert dict(later.words) == desk.words
    assert replace(later, words=desk.words) == desk


def test_what_is_wrong_in_words_is_told_when_they_are_asked_for(home):
    (home / "rules" / "topics" / "en.toml").write_text("[wage.words]\nwage = 1\n", encoding="utf-8")
    later = load(home, words=False)[1]
    with pytest.raises(ConfigError, match=r'rules/topics/en\.toml: topic "wage"'):
        later.words["en"]


def test_the_codes_of_the_taxonomy(desk):
    assert desk.taxonomy_version == "1"
    assert {name: list(codes) for name, codes in desk.codes.items()} == {
        "user_type": ["workers"],
        "heard_from": [],
        "user_region": ["africa"],
        "region": ["africa"],
        "sector": ["textile"],
        "domain": ["work"],
        "topic": ["wages", "hours"],
    }


def test_screening_compares_words_and_domains_in_one_form(desk):
    assert desk.policy.refusals == {"no", "non"}
    assert (desk.policy.caps.acks_address, desk.policy.caps.acks_domain) == (2, 20)
    assert desk.policy.caps.public_domains == {"mail.example"}


def test_a_folder_that_stays_the_same_keeps_its_fingerprint(home, desk):
    assert fingerprint(home) == desk.fingerprint


@pytest.mark.parametrize("file", ["rules/people.toml", "rules/topics/en.toml", "templates/en/words.toml"])
def test_a_file_saved_anew_changes_the_fingerprint(home, desk, file):
    state = (home / file).stat()
    os.utime(home / file, ns=(state.st_atime_ns, state.st_mtime_ns + 1))
    assert fingerprint(home) != desk.fingerprint


def test_a_new_or_missing_file_changes_the_fingerprint(home, desk):
    (home / "templates/fr/words.toml").unlink()
    without = fingerprint(home)
    (home / "templates/fr/answer.txt").write_text("")
    assert len({desk.fingerprint, without, fingerprint(home)}) == 3


def test_config_toml_is_no_part_of_the_fingerprint(home, desk, change):
    change("config.toml", "", "\n# a remark\n")
    assert fingerprint(home) == desk.fingerprint


def test_rules_are_taken_whole_or_not_at_all(home, change):
    settings = load_settings(home)
    change("rules/queues.toml", "^answer_days = 5", "answer_days = 0")
    with pytest.raises(ConfigError):
        load_policy(home, settings)
    change("rules/queues.toml", "^answer_days = 0", "answer_days = 7")
    assert load_policy(home, settings).policy.queues["wages"].answer_days == 7
