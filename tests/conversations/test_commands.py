"""Each mail command from its reply to its transcript, and what a command does that can't be carried out: nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailflow.core.model import State
from mailflow.store import working
from tests.conversations.clients import CLIENTS
from tests.conversations.desk import MONDAY

WAGES = "What does the convention say about the minimum wage of apprentices?"
ANSWER = "It applies to them as well, and a lower rate may only be set by law."
BETTER = "It applies to them as well; a lower rate needs a law and a consultation."


@pytest.fixture
def asked(desk, ann, lucia):
    return desk.question_of(ann, WAGES, lucia)


@pytest.fixture
def question(asked):
    return asked[1]


@pytest.fixture
def answered(desk, ann, lucia, question):
    """The answer, as the requester has it."""
    lucia.replies(question, ANSWER)
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=10)
    return ann.gets("answer")


def ordered(desk, member, letter, text, **mail):
    """A reply with commands; the transcript's text in one line."""
    member.replies(letter, text, **mail)
    desk.works()
    return " ".join(member.gets("transcript").text.split())


def on(desk, member, text, ref="2026-0001"):
    """A mail to the plain address that names its ticket."""
    member.writes(f"#on {ref}\n{text}", subject="a ticket")
    desk.works()
    return " ".join(member.gets("transcript").text.split())


def plain(desk, member, text, **mail):
    member.writes(text, subject="to the desk", **mail)
    desk.works()
    return " ".join(member.gets("transcript").text.split())


def flat(letter):
    return " ".join(letter.text.split())


# ---------------------------------------------------------------- what goes to the requester


def test_ask_puts_a_question_to_the_requester_and_the_clock_waits(desk, ann, lucia, question):
    assert "goes to the requester" in ordered(desk, lucia, question, "#ask\n\nIn which country?")
    assert "Your question to the requester" in lucia.gets("leaving").subject
    desk.passes(minutes=10)
    inquiry = ann.gets("inquiry")
    assert "In which country?" in inquiry.text
    assert desk.ticket("2026-0001").state is State.WAITING
    ann.replies(inquiry, "In Peru.")
    desk.works()
    assert "In Peru." in lucia.gets("more").text
    assert desk.ticket("2026-0001").state is State.ASSIGNED


def test_ask_details_is_written_in_the_requesters_language(desk, lucia, kofi, ana, jean):
    claire = desk.knows("Claire Martin", "claire@textiles.example")
    claire.writes("Notre coopérative souhaite savoir quelles règles s’appliquent aux jours de congé des chauffeurs.")
    desk.works()
    claire.gets("acknowledgement")
    jean.gets("question")
    assert "asked for details" in ordered(desk, ana, ana.gets("question"), "#Ask Details.")
    asking = claire.gets("details")
    assert asking["Content-Language"] == "fr"
    assert "quel pays" in flat(asking)
    assert desk.ticket("2026-0001").state is State.WAITING


def test_ask_needs_a_ticket_that_is_open(desk, ann, lucia, question):
    lucia.replies(question, ANSWER)
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=10)
    ann.gets("answer")
    assert "No deadline of the ticket runs now" in ordered(desk, lucia, question, "#ask\n\nIn which country?")
    desk.passes(hours=1)
    ann.gets_nothing()


def test_a_draft_waits_until_its_author_sends_it(desk, ann, lucia, question):
    assert "it leaves when you reply #send" in ordered(desk, lucia, question, f"#draft\n\n{ANSWER}")
    preview = lucia.gets("leaving")
    assert "you wanted to keep it for now" in preview.text
    desk.passes(days=2)
    ann.gets_nothing()
    assert "leaves now" in ordered(desk, lucia, preview, "#send")
    assert ANSWER in flat(ann.gets("answer"))


def test_a_correction_says_what_it_replaces_and_is_counted_once(desk, ann, lucia, question, answered):
    before = desk.ticket("2026-0001")
    desk.passes(days=2)
    assert "replaces the earlier one" in ordered(desk, lucia, question, f"#correct\n\n{BETTER}")
    lucia.gets("leaving")
    desk.passes(minutes=10)
    correction = ann.gets("correction")
    assert "This replaces our answer of Monday 2 March 2026" in flat(correction)
    assert BETTER in flat(correction)
    ticket = desk.ticket("2026-0001")
    assert (ticket.state, ticket.answered) == (State.ANSWERED, before.answered)
    ann.gets_nothing()


def test_there_is_nothing_to_correct_before_an_answer_left(desk, ann, lucia, question):
    assert "No answer has left yet" in ordered(desk, lucia, question, f"#correct\n\n{BETTER}")
    desk.passes(hours=1)
    ann.gets_nothing()


def test_two_requesters_get_one_answer_each_alone(desk, ann, bob, lucia, kofi, ana, asked):
    desk.question_of(bob, "What is the minimum wage of interns, and who sets it?", kofi)
    on(desk, ana, "#assign lucia", "2026-0002")
    lucia.gets("assignment")
    kofi.gets("taken_away")
    told = ordered(desk, lucia, asked[1], f"#same 2026-0002\n\n{ANSWER}")
    assert "nobody learns of the others" in told
    previews = [letter for letter in lucia.unread if letter.template == "leaving"]
    assert {letter.ref for letter in previews} == {"2026-0001", "2026-0002"}
    lucia.unread.clear()
    desk.passes(minutes=10)
    for asker, ref, other in ((ann, "2026-0001", "2026-0002"), (bob, "2026-0002", "2026-0001")):
        answer = asker.gets("answer")
        assert answer.ref == ref
        assert ANSWER in flat(answer)
        assert other not in answer.everything
        assert desk.ticket(ref).state is State.ANSWERED


def test_same_only_reaches_tickets_that_are_ones_own(desk, ann, bob, lucia, kofi, question):
    desk.question_of(bob, "What is the minimum wage of interns, and who sets it?", kofi)
    assert "The ticket 2026-0002 is not with you" in ordered(desk, lucia, question, f"#same 2026-0002\n\n{ANSWER}")
    assert "There is no ticket 2026-0009" in ordered(desk, lucia, question, f"#same 2026-0009\n\n{ANSWER}")
    desk.passes(hours=1)
    ann.gets_nothing()
    bob.gets_nothing()


# ---------------------------------------------------------------- what is known of a ticket, and its time


def test_code_takes_several_values_by_id_or_label(desk, ana, lucia, question):
    told = ordered(desk, lucia, question, "#code user_type=mnes sector=food topics=wages,osh")
    assert "The ticket is coded" in told
    ticket = desk.ticket("2026-0001")
    assert (ticket.codes["user_type"], ticket.codes["sector"], ticket.topics) == ("mnes", "food", ("wages", "osh"))


@pytest.mark.parametrize(
    ("coded", "said"),
    [
        ("colour=red", "There is no code “colour”"),
        ("sector=fod", "Did you mean: food"),
        ("sector", "There is no code “sector”"),
        ("sector=food topics=wages,nonsense", "There is no “wages,nonsense” there"),
    ],
)
def test_a_code_that_does_not_exist_codes_nothing(desk, lucia, question, coded, said):
    before = desk.ticket("2026-0001")
    assert said in ordered(desk, lucia, question, f"#code {coded}")
    assert desk.ticket("2026-0001") == before


def test_title_names_a_ticket_and_language_says_how_it_is_written_to(desk, ann, lucia, question):
    told = ordered(desk, lucia, question, "#title Wages of apprentices\n#language FR")
    assert "called “Wages of apprentices” now" in told
    ticket = desk.ticket("2026-0001")
    assert (ticket.title, ticket.language) == ("Wages of apprentices", "fr")
    lucia.replies(question, ANSWER)
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=10)
    assert ann.gets("answer")["Content-Language"] == "fr"


def test_a_language_that_is_not_served_is_refused(desk, lucia, question):
    assert "is none of our languages" in ordered(desk, lucia, question, "#language tlh")
    assert desk.ticket("2026-0001").language == "en"


@pytest.mark.parametrize(
    ("command", "day"),
    [
        ("#due 2026-03-20", "2026-03-20"),
        ("#due 20.3.", "2026-03-20"),
        ("#due 20 March", "2026-03-20"),
        ("#due Friday", "2026-03-06"),
        ("#due demain", "2026-03-03"),
        ("#hold 3", "2026-03-20"),
        ("#hold 3 days", "2026-03-20"),
    ],
)
def test_a_coordinator_sets_the_day_of_the_answer(desk, ann, ana, question, command, day):
    assert f"due on {day} now" in on(desk, ana, command)
    assert desk.ticket("2026-0001").due.date().isoformat() == day
    ann.gets_nothing()


@pytest.mark.parametrize(
    "command", ["#due 2026-02-27", "#due yesterday", "#due 31.2.", "#hold soon", "#hold -2", "#hold 0"]
)
def test_a_day_that_is_none_or_past_changes_nothing(desk, ana, question, command):
    before = desk.ticket("2026-0001")
    assert "is no day that can be used here" in on(desk, ana, command)
    assert desk.ticket("2026-0001") == before


def test_remind_comes_back_on_its_day_once(desk, lucia, question):
    assert "reminded on 2026-03-05" in ordered(desk, lucia, question, "#remind Thursday")
    desk.lives_until(MONDAY.replace(day=12))
    told = [line for letter in lucia.reads("reminder") for line in letter.text.splitlines() if "wanted to be" in line]
    assert len(told) == 1
    assert "2026-0001" in told[0]


# ---------------------------------------------------------------- admissibility


@pytest.mark.parametrize("reason", ["individual_claim", "individual claim", "Individual", "individual-claim"])
def test_an_inadmissible_question_is_referred_and_counted(desk, ann, ana, lucia, question, reason):
    told = on(desk, ana, f"#inadmissible {reason}")
    assert "recorded as inadmissible" in told
    lucia.gets("taken_away")
    referral = ann.gets("inadmissible")
    assert "It cannot examine the situation of individual persons" in flat(referral)
    assert "labour inspectorate" in referral.text
    ticket = desk.ticket("2026-0001")
    assert (ticket.state, ticket.admissible, ticket.reason) == (State.CLOSED, False, "individual_claim")
    desk.passes(days=30)
    ann.gets_nothing()


def test_the_referral_is_in_the_requesters_language_and_names_who_helps_there(desk, ana, jean):
    claire = desk.knows("Claire Martin", "claire@textiles.example")
    claire.writes(
        "Je suis cuisinière à Genève, en Suisse, et mon patron ne m’a pas payée depuis trois mois. Aidez-moi !"
    )
    desk.works()
    claire.gets("acknowledgement")
    jean.gets("question")
    question = ana.gets("question")
    told = ordered(desk, ana, question, "#inadmissible individual_claim\n\nLe syndicat UNIA conseille.")
    assert "inadmissible" in told
    referral = claire.gets("inadmissible")
    assert referral["Content-Language"] == "fr"
    assert "Inspections cantonales du travail" in flat(referral)
    assert "Le syndicat UNIA conseille." in flat(referral)


def test_a_reason_that_does_not_exist_refuses_nothing(desk, ann, ana, question):
    assert "There is no reason “because”" in on(desk, ana, "#inadmissible because")
    ann.gets_nothing()
    assert desk.ticket("2026-0001").state is State.ASSIGNED


def test_a_question_that_was_refused_is_taken_up_again_by_admissible(desk, ann, ana, lucia, question):
    on(desk, ana, "#inadmissible dispute")
    ann.gets("inadmissible")
    lucia.gets("taken_away")
    assert "The ticket is closed: reopen it first" in on(desk, ana, "#consult mei")
    assert "open again, with a fresh deadline" in on(desk, ana, "#admissible")
    ticket = desk.ticket("2026-0001")
    assert (ticket.state, ticket.admissible, ticket.clock) == (State.ASSIGNED, True, 2)
    assert ticket.due is not None
    lucia.gets("assignment")


def test_spam_is_closed_without_a_word(desk, ann, ana, lucia, question):
    assert "closed as spam" in on(desk, ana, "#spam")
    lucia.gets("taken_away")
    ticket = desk.ticket("2026-0001")
    assert (ticket.state, ticket.reason) == (State.CLOSED, "spam")
    desk.passes(days=30)
    ann.gets_nothing()


# ---------------------------------------------------------------- tickets that end, go on, or belong together


def test_tickets_of_one_requester_are_merged_and_mail_to_either_goes_there(desk, ann, lucia, kofi, ana, asked):
    receipt, _ = desk.question_of(ann, "And what is the minimum wage of interns?", kofi)
    assert "part of 2026-0001 now" in on(desk, ana, "#merge 2026-0001", "2026-0002")
    assert desk.ticket("2026-0002").ref == "2026-0001"
    joined = lucia.gets("more")
    assert "minimum wage of interns" in joined.text
    assert "joined to this one" in joined.text
    assert "joined this ticket to 2026-0001" in flat(kofi.gets("taken_away"))
    ann.replies(receipt, "The interns are sixteen years old, by the way.")
    desk.works()
    more = lucia.gets("more")
    assert more.ref == "2026-0001"
    kofi.gets_nothing()
    assert any("interns" in message.part.text for message in desk.story("2026-0001"))


def test_a_question_that_is_joined_to_an_answered_ticket_is_still_to_be_answered(
    desk, ann, lucia, ana, question, answered
):
    desk.passes(days=1)
    desk.question_of(ann, "And what is the minimum wage of interns?", lucia)
    promised = desk.ticket("2026-0002").due
    on(desk, ana, "#merge 2026-0001", "2026-0002")
    ticket = desk.ticket("2026-0001")
    assert (ticket.state, ticket.due, ticket.clock) == (State.ASSIGNED, promised, 2)
    lucia.replies(lucia.gets("more"), "They are apprentices by another name.")
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=10)
    assert "by another name" in ann.gets("answer").text


def test_an_answered_ticket_that_is_joined_to_another_asks_for_nothing(desk, ann, lucia, kofi, ana, question, answered):
    desk.passes(days=1)
    desk.question_of(ann, "And what is the minimum wage of interns?", lucia)
    on(desk, ana, "#merge 2026-0002")
    lucia.gets_nothing()
    assert desk.ticket("2026-0001").ref == "2026-0002"


def test_nothing_is_joined_to_a_question_that_was_refused(desk, ann, lucia, kofi, ana, question):
    on(desk, ana, "#inadmissible dispute")
    ann.gets("inadmissible")
    lucia.gets("taken_away")
    desk.question_of(ann, "And what is the minimum wage of interns?", lucia)
    assert "nothing is answered there" in on(desk, ana, "#merge 2026-0001", "2026-0002")


# ---------------------------------------------------------------- who loses a ticket


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("#assign kofi", "Ana Ruiz gave this ticket to Kofi Mensah"),
        ("#queue safety", "Ana Ruiz gave this ticket to Mei Tanaka"),
        ("#inadmissible dispute", "refused this question as inadmissible"),
        ("#spam", "closed this ticket as spam"),
        ("#close", "closed this ticket"),
        ("#take", "took this ticket over"),
    ],
)
@pytest.mark.parametrize("written", [False, True])
def test_who_loses_a_ticket_learns_of_it_and_of_their_answer(
    desk, ann, lucia, kofi, mei, ana, question, command, told, written
):
    if written:
        lucia.replies(question, ANSWER)
        desk.works()
        lucia.gets("leaving")
    on(desk, ana, command)
    notice = lucia.gets("taken_away")
    assert told in flat(notice)
    assert ("which had not left yet, was stopped" in flat(notice)) is written
    for reader in (kofi, mei, ann):
        reader.unread.clear()
    lucia.replies(notice, "But I have it here!")
    desk.works()
    assert "you replied to a notice" in flat(lucia.gets("transcript"))
    desk.passes(minutes=20)
    ann.gets_nothing()


@pytest.mark.parametrize("command", ["", "#draft\n"])
def test_an_expert_does_not_answer_what_was_refused(desk, ann, lucia, ana, question, command):
    on(desk, ana, "#inadmissible dispute")
    ann.gets("inadmissible")
    lucia.gets("taken_away")
    assert "refused as inadmissible" in ordered(desk, lucia, question, f"{command}{ANSWER}")
    desk.passes(days=1)
    ann.gets_nothing()
    assert desk.ticket("2026-0001").state is State.CLOSED
    if not command:
        assert desk.story("2026-0001")[-1].part.kind == "draft"


def test_tickets_of_two_requesters_are_never_merged(desk, ann, bob, lucia, kofi, ana, asked):
    desk.question_of(bob, "And what is the minimum wage of interns?", kofi)
    told = on(desk, ana, "#merge 2026-0001", "2026-0002")
    assert "of another requester" in told
    assert "#same 2026-0001" in told
    assert desk.ticket("2026-0002").state is State.ASSIGNED
    for ref, said in (("2026-0002", "That is this ticket itself"), ("2026-0077", "There is no ticket 2026-0077")):
        assert said in on(desk, ana, f"#merge {ref}", "2026-0002")


def test_a_second_question_is_split_off_and_given_to_somebody(desk, ann, lucia, ana, jean, mei, asked):
    ann.replies(asked[0], "Something else: who pays for safety helmets of visitors, they or we?")
    desk.works()
    lucia.gets("more")
    assert "a ticket of its own now: 2026-0002" in on(desk, ana, "#split")
    jean.gets("assignment")
    fresh = ana.gets("assignment")
    assert fresh.ref == "2026-0002"
    assert "helmets" in fresh.text
    ordered(desk, ana, fresh, "#assign mei")
    given = mei.gets("assignment")
    mei.replies(given, "The employer does, for whoever enters the site.")
    desk.works()
    mei.gets("leaving")
    desk.passes(minutes=10)
    assert ann.gets("answer").ref == "2026-0002"
    assert desk.ticket("2026-0001").state is State.ASSIGNED


def test_link_notes_what_belongs_together(desk, ann, bob, lucia, kofi, asked):
    _, other = desk.question_of(bob, "And what is the minimum wage of interns?", kofi)
    assert "linked with 2026-0002" in ordered(desk, lucia, asked[1], "#link 2026-0002")
    with desk.engine.store.database.read() as connection:
        assert working.links(connection, "2026-0001") == (("2026-0002", "related"),)
    kofi.replies(other, "#show")
    desk.works()
    assert "2026-0001 (related)" in kofi.gets("transcript").text


def test_a_closed_ticket_is_reopened_with_a_fresh_deadline(desk, ann, lucia, ana, question, answered):
    on(desk, ana, "#close")
    desk.passes(days=7)
    told = on(desk, ana, "#reopen\n\nThe law has changed: please look at it again.")
    assert "open again, with a fresh deadline" in told
    given = lucia.gets("assignment")
    assert "The law has changed" in given.text
    ticket = desk.ticket("2026-0001")
    assert (ticket.state, ticket.clock, ticket.due.date().isoformat()) == (State.ASSIGNED, 2, "2026-03-23")
    ann.gets_nothing()
    assert "is open; nothing changed" in on(desk, ana, "#reopen")


def test_publish_proposes_an_answer_unless_the_requester_refused(desk, ann, ana, jean, lucia, question, answered):
    assert "proposed for publication" in ordered(desk, lucia, question, "#publish")
    assert desk.ticket("2026-0001").publication == "flagged"
    ann.replies(answered, "No.")
    desk.works()
    assert desk.ticket("2026-0001").publication == "never"
    for reader in (ana, jean, lucia):
        reader.unread.clear()  # what was proposed, and that it won't be
    assert "does not want it published" in ordered(desk, lucia, question, "#publish")


def test_publish_waits_for_an_answer(desk, lucia, question):
    assert "not been answered yet" in ordered(desk, lucia, question, "#publish")
    ordered(desk, lucia, question, "#publish never")
    assert desk.ticket("2026-0001").publication == "never"


# ---------------------------------------------------------------- what somebody wants to know


def test_show_tells_the_whole_story_behind_the_wall(desk, ann, lucia, question, answered):
    ordered(desk, lucia, question, "#note She rang twice.")
    told = ordered(desk, lucia, question, "#show")
    assert WAGES in told
    assert ANSWER in told
    assert "She rang twice." in told
    assert desk.log_holds()


def test_status_of_a_ticket_and_of_a_person(desk, ann, bob, lucia, kofi, question):
    told = ordered(desk, lucia, question, "#status")
    assert "Lucia Santos" in told
    assert "assigned" in told
    assert "17 March 2026" in told
    told = plain(desk, lucia, "#status")
    assert "With you: 1" in told
    assert "2026-0001" in told
    assert "With you: 0" in plain(desk, kofi, "#status")


@pytest.mark.parametrize("words", ["apprentices", "Apprentices convention", "minimum wage"])
def test_find_looks_through_what_one_may_see(desk, ann, lucia, kofi, mei, ana, question, words):
    for member in (ana, lucia, kofi):  # all, one's own, one's queue's
        told = plain(desk, member, f"#find {words}")
        assert "1 found" in told
        assert "2026-0001" in told
    assert "Nothing found" in plain(desk, mei, f"#find {words}")
    assert "Nothing found" in plain(desk, ana, "#find quarry")


def test_digest_comes_when_it_is_asked_for(desk, ann, ana, lucia, question):
    plain(desk, ana, "#digest")
    assert len(ana.reads("digest")) == 1 + 1  # this morning's, and this one
    lucia.daily.clear()
    plain(desk, lucia, "#digest")
    assert "2026-0001" in lucia.today("weekly").text


# ---------------------------------------------------------------- what comes in by another way


def test_a_question_by_telephone_has_no_address_and_its_answer_comes_to_the_coordinators(desk, ana, jean, lucia):
    told = plain(desk, ana, f"#new a shop steward, en\n\n{WAGES}")
    assert "entered as 2026-0001; the answer will come back to the coordinators" in told
    question = lucia.gets("question")
    assert WAGES in question.text
    assert desk.ticket("2026-0001").requester.reachable is False
    lucia.replies(question, ANSWER)
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=10)
    for coordinator in (ana, jean):
        assert ANSWER in flat(coordinator.gets("answer"))


def test_new_wants_nothing_but_a_text(desk, ana, jean, lucia):
    assert "entered as 2026-0001" in plain(desk, ana, f"#new\n\n{WAGES}")
    lucia.gets("question")
    assert "needs some text" in plain(desk, ana, "#new a caller, en")


def test_a_question_entered_with_an_address_is_acknowledged_and_answered_there(desk, bob, ana, lucia):
    told = plain(desk, ana, f"#new bob@union.example, en\n\n{WAGES}")
    assert "bob@union.example gets an acknowledgement" in told
    assert bob.gets("acknowledgement").ref == "2026-0001"
    question = lucia.gets("question")
    lucia.replies(question, ANSWER)
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=10)
    answer = bob.gets("answer")
    assert ANSWER in flat(answer)
    bob.replies(answer, "Does the minimum wage also hold for those who work at home?")
    desk.works()
    assert bob.gets("acknowledgement").ref == "2026-0001"
    lucia.gets("more")


def test_a_mail_that_came_to_an_expert_is_passed_on(desk, bob, lucia, kofi):
    told = plain(desk, kofi, f"#from bob@union.example\n\n{WAGES}")
    assert "entered as 2026-0001" in told
    assert bob.gets("acknowledgement").ref == "2026-0001"
    assert WAGES in lucia.gets("question").text
    assert "is no mail address" in plain(desk, kofi, f"#from bob\n\n{WAGES}")


# ---------------------------------------------------------------- as mail programs write them


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    "text",
    [
        "#assign mei\n\nYou know more about it.",
        "#Assign Mei.\n\nYou know more about it.",
        "# assign “Mei”\n\nYou know more about it.",
        "#ASSIGN\u00a0mei\n\nYou know more about it.",
    ],
)
def test_commands_from_any_mail_program(desk, ann, ana, jean, mei, client, text):
    ann.writes("Where can one read about the history of your organization?")
    desk.works()
    ann.gets("acknowledgement")
    jean.gets("question")
    assert "now with Mei Tanaka" in ordered(desk, ana, ana.gets("question"), text, client=client)
    given = mei.gets("assignment")
    assert "You know more about it." in given.text
    assert "iPhone" not in given.text
    assert desk.ticket("2026-0001").assignee == "mei"


@pytest.mark.parametrize("client", CLIENTS)
def test_a_draft_from_any_mail_program_holds_the_text_alone(desk, ann, lucia, question, client):
    ordered(desk, lucia, question, f"#draft\n\n{ANSWER}", client=client)
    ordered(desk, lucia, lucia.gets("leaving"), "#send", client=client)
    answer = flat(ann.gets("answer"))
    assert ANSWER in answer
    assert "#draft" not in answer
    assert "wrote" not in answer


def test_several_commands_of_one_mail_are_all_done(desk, ana, mei, lucia, question):
    told = on(desk, ana, "#title Apprentices\n#due 2026-03-20\n#code sector=food\n#assign mei\n\nPlease be quick.")
    for said in ("called “Apprentices”", "due on 2026-03-20", "is coded", "now with Mei Tanaka"):
        assert said in told
    assert "Please be quick." in mei.gets("assignment").text
    lucia.gets("taken_away")


def test_commands_below_a_lone_dash_line_count_too(desk, ana, jean, ann, mei):
    ann.writes("Where can one read about the history of your organization?")
    desk.works()
    ann.gets("acknowledgement")
    jean.gets("question")
    told = ordered(desk, ana, ana.gets("question"), "Mei knows more about it than I do.\n\n--\n#assign mei")
    assert "now with Mei Tanaka" in told
    assert "Mei knows more" in mei.gets("assignment").text
    desk.passes(hours=1)
    ann.gets_nothing()


# ---------------------------------------------------------------- bad input: one clear answer, and nothing half-done


@pytest.mark.parametrize(
    ("commands", "said"),
    [
        ("#title Apprentices\n#assign nobody.here", "There is nobody called nobody.here"),
        ("#title Apprentices\n#queue wagse", "There is no queue wagse. The queues are:"),
        ("#title Apprentices\n#due 2026-02-01", "is no day that can be used here"),
        ("#title Apprentices\n#tilte Apprentices", "Did you mean #title?"),
        ("#title Apprentices\n#take\n#assign mei", "contradict each other"),
        ("#title Apprentices\n#due 2026-03-20\n#hold 3", "contradict each other"),
        ("#title Apprentices\n#inadmissible dispute\n#assign mei", "contradict each other"),
        ("#title Apprentices\n#merge 2026-0001", "That is this ticket itself"),
        ("#title Apprentices\n#same 2026-0042\n\nText.", "There is no ticket 2026-0042"),
        ("#title Apprentices\n#hold", "#hold needs more. Write: #hold DAYS"),
        ("#title Apprentices\n#release", "needs a mail on the shelf"),
    ],
)
def test_one_wrong_command_and_nothing_of_the_mail_is_done(desk, ann, ana, question, commands, said):
    before = desk.ticket("2026-0001")
    told = on(desk, ana, commands)
    assert said in told
    assert told.count("nothing of this mail was done") == 1
    assert desk.ticket("2026-0001") == before
    desk.passes(hours=1)
    ann.gets_nothing()


@pytest.mark.parametrize(
    "command",
    [
        "assign mei",
        "queue safety",
        "close",
        "due 2026-03-20",
        "hold 3",
        "inadmissible dispute",
        "spam",
        "split",
        "merge 2026-0001",
    ],
)
def test_what_is_a_coordinators_is_refused_to_an_expert(desk, ann, lucia, question, command):
    before = desk.ticket("2026-0001")
    word = command.split()[0]
    told = ordered(desk, lucia, question, f"#title Apprentices\n#{command}")
    assert f"You may not use #{word}: it is for coordinator." in told
    assert desk.ticket("2026-0001") == before
    ann.gets_nothing()


def test_a_mail_that_nobody_vouches_for_commands_nothing(desk, ann, ana, jean, question):
    ana.writes("#on 2026-0001\n#close", subject="close it", vouched="fail")
    desk.works()
    for coordinator in (ana, jean):
        coordinator.gets("shelf")
    ana.gets("held")
    assert desk.ticket("2026-0001").state is State.ASSIGNED


@pytest.mark.parametrize("ref", ["2026-0099", "nonsense", "0001"])
def test_on_names_something_that_is_there(desk, ana, question, ref):
    assert "There is no ticket or shelved mail" in on(desk, ana, "#close", ref)
    assert desk.ticket("2026-0001").state is State.ASSIGNED


def test_on_may_name_several_tickets_in_one_mail(desk, ann, bob, ana, lucia, kofi, question):
    desk.question_of(bob, "What is the minimum wage of interns, and who sets it?", kofi)
    told = plain(desk, ana, "#on 2026-0001\n#title One\n#on 2026-0002\n#title Two")
    assert "One" in told
    assert (desk.ticket("2026-0001").title, desk.ticket("2026-0002").title) == ("One", "Two")


def test_an_expert_can_not_act_on_what_is_not_theirs(desk, lucia, mei, question):
    assert "that you may act on" in on(desk, mei, "#title Mine")
    assert desk.ticket("2026-0001").title == ""


@pytest.mark.parametrize("words", ["Ann Lee", "Lee", "ann@firm.example"])
def test_a_search_does_not_tell_who_asked(desk, ann, lucia, words):
    desk.question_of(ann, "What is the minimum wage of apprentices?\n\nKind regards,\nAnn Lee\nann@firm.example", lucia)
    lucia.writes(f"#find {words}")
    desk.works()
    assert "Nothing found" in lucia.gets("transcript").text
    lucia.writes("#find apprentices")
    desk.works()
    assert "2026-0001" in lucia.gets("transcript").text


@pytest.mark.parametrize("title", ["Wages, for Ann Lee", "ann@firm.example on wages", "Wages at firm.example"])
def test_a_title_that_tells_who_asked_is_refused(desk, ann, lucia, title):
    _, question = desk.question_of(ann, "What is the minimum wage of apprentices?", lucia)
    lucia.replies(question, f"#title {title}")
    desk.works()
    assert "must not tell who asked" in lucia.gets("transcript").text
    assert desk.ticket("2026-0001").title == ""


@pytest.mark.parametrize("name", ["French", "français", "FRANCÉS", "fr"])
def test_a_language_has_names(desk, ann, lucia, name):
    _, question = desk.question_of(ann, "What is the minimum wage of apprentices?", lucia)
    lucia.replies(question, f"#language {name}")
    desk.works()
    lucia.gets("transcript")
    assert desk.ticket("2026-0001").language == "fr"


@pytest.mark.parametrize(
    "commands",
    [
        "#language fr\n#language es",
        "#title A\n#title B",
        "#due 2026-03-20\n#due 2026-03-21",
        "#reopen\n#inadmissible dispute",
    ],
)
def test_what_can_only_be_one_thing_contradicts_itself(desk, ann, lucia, ana, commands):
    desk.question_of(ann, "What is the minimum wage of apprentices?", lucia)
    ana.writes(f"#on 2026-0001\n{commands}")
    desk.works()
    assert "contradict each other" in ana.gets("transcript").text


def test_french_quotation_marks_and_the_brackets_of_a_subject_are_understood(desk, ann, bob, lucia, kofi, ana):
    desk.question_of(ann, "What is the minimum wage of apprentices?", lucia)
    desk.question_of(bob, "What is the minimum wage of interns?", kofi)
    sector = next(iter(desk.engine.policy.labels["sector"].values()))["en"]
    ana.writes(f"#on [2026-0001]\n#link [2026-0002]\n#code sector=«\u00a0{sector}\u00a0»")
    desk.works()
    told = ana.gets("transcript").text
    assert "linked with 2026-0002" in told
    assert desk.ticket("2026-0001").codes["sector"] == next(iter(desk.engine.policy.labels["sector"]))


def test_the_neutral_name_stands_in_the_subjects_of_staff(desk, ann, lucia, kofi):
    receipt, question = desk.question_of(ann, "What is the minimum wage of apprentices?", lucia)
    lucia.replies(question, "#title Pay of apprentices\n#note seen")
    desk.works()
    lucia.gets("transcript")
    ann.replies(receipt, "And we forgot to say that the apprentices are paid by the piece in two factories.")
    desk.works()
    more = lucia.gets("more")
    assert more.subject == "[2026-0001] The requester wrote again: Pay of apprentices"
    lucia.replies(more, "#decline I have no time")
    desk.works()
    lucia.gets("transcript")
    assert kofi.gets("assignment").subject == "[2026-0001] Now with you: Pay of apprentices"
    assert "Pay of apprentices" not in receipt.everything


# ---------------------------------------------------------------- how it is said


def test_where_a_ticket_stands_is_said_in_whole_sentences(desk, lucia, question):
    told = ordered(desk, lucia, question, "#status")
    assert "It is with Lucia Santos (queue wages). State: assigned. Due: Tuesday 17 March 2026." in told


def test_who_may_use_a_command_is_said_in_the_reader_s_language(desk, grace, jean, kofi):
    policy = desk.engine.policy
    french = replace(policy.people["kofi"], writes=("fr",), reads=("fr",))
    desk.engine = replace(desk.engine, policy=replace(policy, people={**policy.people, "kofi": french}))
    told = plain(desk, kofi, "#release")
    assert "coordinateur, superviseur" in told


def test_a_usage_that_ends_in_dots_gets_no_more_of_them(desk, ana, question):
    assert "Write: #code KEY=VALUE... -" in on(desk, ana, "#code")


def test_help_is_in_the_language_of_who_asks_for_it(desk, jean, ana):
    assert "#away FROM..TO [deputy PERSON] : Dire quand vous êtes absent" in plain(desk, jean, "#help")
    assert "#away FROM..TO [deputy PERSON]: Say when you are away" in plain(desk, ana, "#help")
