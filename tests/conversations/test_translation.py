"""A question in a language that no expert of the queue reads travels through a translator, and so does the answer."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mailflow.core.model import State

BURMESE = "ကျွန်ုပ်တို့၏ စက်ရုံတွင် အလုပ်သင်များအတွက် အနည်းဆုံးအခကြေးငွေ သတ်မှတ်ထားပါသလား။ မည်သည့် စည်းမျဉ်းများ ရှိသည်ကို သိလိုပါသည်။"
IN_ENGLISH = "Is there a minimum wage for apprentices in our factory? We would like to know which rules exist."
ANSWER = "It applies to apprentices as well, and a lower rate may only be set by law."
IN_BURMESE = "အလုပ်သင်များနှင့်လည်း သက်ဆိုင်ပါသည်။ နှုန်းထားနိမ့်ကို ဥပဒေဖြင့်သာ သတ်မှတ်နိုင်ပါသည်။"
THAI = "โรงงานของเราอยากทราบว่าค่าจ้างขั้นต่ำใช้กับผู้ฝึกงานด้วยหรือไม่ และมีกฎเกณฑ์อะไรบ้าง"


@pytest.fixture
def to_translate(desk, bob, thura):
    bob.writes(BURMESE, subject="မေးခွန်း")
    desk.works()
    assert bob.gets("acknowledgement")["Content-Language"] == "my"
    return thura.gets("translation")


def test_a_question_in_burmese_goes_through_a_translator_and_so_does_its_answer(desk, bob, thura, lucia, to_translate):
    assert "from Burmese into English" in to_translate.text
    assert "အနည်းဆုံးအခကြေးငွေ" in to_translate.text
    assert "Thursday 5 March 2026" in to_translate.text  # three working days
    lucia.gets_nothing()

    thura.replies(to_translate, IN_ENGLISH)
    desk.works()
    question = lucia.gets("translated")
    assert "Is there a minimum wage for apprentices" in question.text
    assert "အနည်းဆုံးအခကြေးငွေ" in question.text  # both versions
    assert "Translated from Burmese by Thura Aung" in question.text
    assert "Tuesday 17 March 2026" in question.text

    lucia.replies(question, ANSWER)
    desk.works()
    assert "went to Thura Aung" in lucia.gets("transcript").text
    back = thura.gets("translation")
    assert "translate this answer of ours into Burmese" in back.text
    assert ANSWER in " ".join(back.text.split())
    desk.passes(days=1)
    bob.gets_nothing()

    thura.replies(back, IN_BURMESE)
    desk.works()
    assert "နှုန်းထားနိမ့်ကို" in desk.people["lucia.santos@example.org"].gets("leaving").text  # it stays her answer
    desk.passes(minutes=10)
    answer = bob.gets("answer")
    assert "နှုန်းထားနိမ့်ကို" in answer.text
    assert answer["Content-Language"] == "my"
    assert "lower rate" not in answer.everything
    assert desk.ticket("2026-0001").state is State.ANSWERED
    kinds = [message.part.kind for message in desk.story("2026-0001")]
    assert kinds == ["question", "translation", "draft", "answer"]
    texts = " ".join(message.part.text for message in desk.story("2026-0001"))
    for version in (BURMESE, IN_ENGLISH, ANSWER, IN_BURMESE):
        assert " ".join(version.split()) in " ".join(texts.split())


def test_both_steps_have_an_inner_deadline_that_is_watched(desk, bob, thura, ana, jean, to_translate):
    desk.lives_until(datetime(2026, 3, 6, 12, tzinfo=UTC))
    told = thura.reads("reminder")  # early on the day itself, soon, and late on Friday
    assert "translation" in told[-1].text
    assert ": late" in told[-1].text
    thura.replies(to_translate, IN_ENGLISH)
    desk.works()
    desk.people["lucia.santos@example.org"].gets("translated")


def test_a_question_that_nobody_translates_any_more_is_told_and_its_asker_is_asked(
    desk, bob, thura, lucia, ana, jean, to_translate
):
    thura.replies(to_translate, "#decline I am travelling")
    desk.works()
    thura.gets("transcript")
    jean.gets("declined")
    assert "I am travelling" in ana.gets("declined").text
    given = lucia.gets("declined")
    assert "အနည်းဆုံးအခကြေးငွေ" in given.text
    assert "asked whether another language will do" in " ".join(given.text.split())
    asking = bob.gets("which_language")
    assert desk.ticket("2026-0001").state is State.WAITING

    bob.replies(asking, "English")
    desk.works()
    lucia.gets("more")
    lucia.replies(given, ANSWER)
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=10)
    assert bob.gets("answer")["Content-Language"] == "en"


@pytest.fixture
def given_back(desk, bob, thura, lucia, to_translate):
    """Lucia's answer, which Thura does not translate, as she gets it back."""
    thura.replies(to_translate, IN_ENGLISH)
    desk.works()
    lucia.replies(lucia.gets("translated"), ANSWER)
    desk.works()
    lucia.gets("transcript")
    thura.replies(thura.gets("translation"), "#decline I am ill")
    desk.works()
    thura.gets("transcript")
    back = lucia.gets("declined")
    assert ANSWER in " ".join(back.text.split())
    assert "reply with #send" in " ".join(back.text.split())
    return back


def test_an_answer_that_nobody_translates_leaves_as_it_is_when_its_author_says_so(desk, bob, thura, lucia, given_back):
    lucia.replies(given_back, "#send")
    desk.works()
    assert "as you wrote it, untranslated" in lucia.gets("transcript").text
    lucia.gets("leaving")
    desk.passes(minutes=10)
    assert ANSWER in " ".join(bob.gets("answer").text.split())
    assert desk.ticket("2026-0001").state is State.ANSWERED


def test_or_its_author_writes_it_anew(desk, bob, thura, lucia, given_back):
    lucia.replies(given_back, "It does apply to them, in simple words.")
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=10)
    assert "in simple words" in bob.gets("answer").text
    thura.gets_nothing()


def test_what_the_asker_adds_is_translated_too(desk, bob, thura, lucia, to_translate):
    thura.replies(to_translate, IN_ENGLISH)
    desk.works()
    lucia.gets("translated")
    receipt = next(letter for letter in desk.left if letter.template == "acknowledgement")
    bob.replies(receipt, "အလုပ်သင်များသည် အသက် ၁၆ နှစ် ရှိပြီး စက်ရုံတွင် တစ်နေ့လျှင် ရှစ်နာရီ အလုပ်လုပ်ကြပါသည်။")
    desk.works()
    asked = thura.gets("translation")
    assert "၁၆" in asked.text
    lucia.gets_nothing()
    thura.replies(asked, "The apprentices are 16 years old and work eight hours a day.")
    desk.works()
    assert "16 years old" in lucia.gets("translated").text


def test_a_coordinator_may_send_an_unrouted_question_on_and_it_is_translated_first(desk, bob, thura, lucia, ana, jean):
    bob.writes("ကျွန်ုပ်တို့၏ သမဝါယမအသင်းသည် ယာဉ်မောင်းများ၏ နားရက်များနှင့် ပတ်သက်သော စည်းမျဉ်းများကို သိလိုပါသည်။")
    desk.works()
    bob.gets("acknowledgement")
    jean.gets("question")
    ana.replies(ana.gets("question"), "#queue wages")
    desk.works()
    ana.gets("transcript")
    lucia.gets_nothing()
    thura.replies(thura.gets("translation"), "Our cooperative would like to know the rules on rest days of drivers.")
    desk.works()
    assert "rest days of drivers" in lucia.gets("translated").text


def test_an_expert_may_answer_in_the_askers_own_language(desk, bob, thura, lucia, to_translate):
    thura.replies(to_translate, IN_ENGLISH)
    desk.works()
    lucia.replies(lucia.gets("translated"), IN_BURMESE)
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=10)
    assert "နှုန်းထားနိမ့်ကို" in bob.gets("answer").text


def test_a_translated_answer_is_never_reviewed_by_who_wrote_it(desk, bob, thura, nadia, kofi, lucia, ana, jean):
    """Nadia writes, Thura translates; of the two experts of the queue Kofi is the one who reads it, however busy he is."""
    bob.writes(BURMESE.replace("အနည်းဆုံးအခကြေးငွေ", "စုပေါင်းညှိနှိုင်းမှု"))
    desk.works()
    bob.gets("acknowledgement")
    jean.gets("question")
    question = ana.gets("question")
    busy = desk.knows("Ann Lee", "ann@firm.example")
    for _ in range(2):
        busy.writes(f"A question on nothing in particular, number {_}.", subject="more")
        desk.works()
        busy.gets("acknowledgement")
        jean.gets("question")
        ana.replies(ana.gets("question"), "#assign kofi")
        desk.works()
        ana.gets("transcript")
        kofi.gets("assignment")
    ana.replies(question, "#queue bargaining")
    desk.works()
    ana.gets("transcript")
    thura.replies(thura.gets("translation"), "May a bargaining council set rates for those who did not join it?")
    desk.works()
    nadia.replies(nadia.gets("translated"), ANSWER)
    desk.works()
    nadia.gets("transcript")
    thura.replies(thura.gets("translation"), IN_BURMESE)
    desk.works()
    nadia.gets("leaving")
    review = kofi.gets("review")
    assert ANSWER in " ".join(review.text.split())  # the original below the translation
    assert "နှုန်းထားနိမ့်ကို" in review.text


# ---------------------------------------------------------------- nobody translates


@pytest.fixture
def which(desk, bob, lucia, ana, jean):
    """A question in Thai, which nobody here reads or translates."""
    bob.writes(THAI, subject="คำถาม")
    desk.works()
    bob.gets("acknowledgement")
    jean.gets("question")
    assert "there is no translator for it" in ana.gets("question").text
    lucia.gets("question")
    asking = bob.gets("which_language")
    assert asking["Content-Language"] == "th"
    assert desk.ticket("2026-0001").state is State.WAITING
    return asking


@pytest.mark.parametrize(
    ("reply", "language"),
    [
        ("Français", "fr"),
        ("français.", "fr"),
        ("English", "en"),
        ("Español", "es"),
        ("espanol", "es"),
    ],
)
def test_without_a_translator_the_asker_chooses_a_language_of_ours(desk, bob, lucia, ana, jean, which, reply, language):
    for word in ("English", "Français", "Español"):
        assert word in which.text
    desk.passes(days=2)
    bob.replies(which, reply)
    desk.works()
    lucia.gets("more")
    ticket = desk.ticket("2026-0001")
    assert (ticket.state, ticket.language) == (State.ASSIGNED, language)
    given = next(letter for letter in desk.left if letter.template == "question")
    lucia.replies(given, ANSWER)
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=10)
    assert bob.gets("answer")["Content-Language"] == language


def test_who_sends_the_question_again_in_a_language_of_ours_is_understood(desk, bob, lucia, ana, jean, which):
    bob.replies(which, "Our factory would like to know whether the minimum wage also applies to apprentices.")
    desk.works()
    assert "also applies to apprentices" in lucia.gets("more").text
    ticket = desk.ticket("2026-0001")
    assert (ticket.state, ticket.language) == (State.ASSIGNED, "en")


def test_no_text_goes_to_anybody_but_the_translator_meanwhile(desk, bob, thura, to_translate):
    assert {letter.recipient for letter in desk.left if letter.template not in ("digest", "weekly")} == {
        bob.address,
        thura.address,
    }
    assert "bob@union.example" not in to_translate.everything


def test_a_draft_that_would_have_to_be_translated_is_refused_and_nothing_of_it_leaves(
    desk, bob, thura, lucia, to_translate
):
    thura.replies(to_translate, IN_ENGLISH)
    desk.works()
    question = lucia.gets("translated")
    lucia.replies(question, f"#draft\n{ANSWER}")
    desk.works()
    assert "another language than the requester's" in " ".join(lucia.gets("transcript").text.split())
    lucia.replies(question, "#send")
    desk.passes(minutes=20)
    assert "no answer of yours" in lucia.gets("transcript").text.casefold()
    bob.gets_nothing()
    thura.gets_nothing()


@pytest.mark.parametrize("insists", [False, True])
def test_a_translators_remark_is_no_answer(desk, bob, thura, lucia, to_translate, insists):
    remark = "I will do it tomorrow, dear colleagues: sorry for the delay in translating this answer."
    thura.replies(to_translate, IN_ENGLISH)
    desk.works()
    lucia.replies(lucia.gets("translated"), ANSWER)
    desk.works()
    lucia.gets("transcript")
    back = thura.gets("translation")
    thura.replies(back, remark)
    desk.works()
    assert "does not seem to be in the requester’s language" in " ".join(thura.gets("transcript").text.split())
    lucia.gets_nothing()
    thura.replies(back, f"#send\n\n{remark}" if insists else IN_BURMESE)
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=10)
    answer = bob.gets("answer").text
    assert ("I will do it tomorrow" in answer) is insists
    assert "#send" not in answer
