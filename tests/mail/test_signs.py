"""What mails hint at: found by words and by what stands beside them. The rules' own words are measured elsewhere."""

from datetime import date

import pytest

from mailflow.core.model import SignKind
from mailflow.mail.lexicon import FOREIGN, Entry, Lexicons, Place
from mailflow.mail.signs import _Cues, signs_in

WRITTEN = date(2026, 11, 18)
WORDS = {
    "wages": {"wage*": 3.0},
    "sector.mining": {"mine": 2.0, "of mine": 0.0},
    "danger.life": {"threatened": 3.0},
    "wish.erasure": {"delete this": 3.0, "do not delete this": 0.0},
    "user_type.smes": {"family business": 2.0, "our subsidiar*": -3.0},
    "cue.deadline": {"by": 2.5, "deadline": 3.0},
    "cue.reply": {"reply": 1.0, "answer": 1.0},
    "cue.closing": {"regards": 1.0},
    "cue.based": {"we are a": 1.0, "based in": 1.0, "supplier": 0.0, "is where we live": 2.0, "is where we buy": -2.0},
    "country.DE": {"german": 1.0},
    "country.TZ": {"moshi": 2.0},
    "region.africa": {"west africa": 2.0},
}


@pytest.fixture(scope="module")
def lexicons():
    return Lexicons({"en": WORDS, "fr": {"danger.life": {"menace": 3.0}}})


@pytest.fixture
def told(lexicons):
    def tell(text, *, language="en", written=WRITTEN, **zones):
        return {(s.kind, s.value): s for s in signs_in(lexicons.hear("", text, language, **zones), written)}

    return tell


def test_words_speak_for_their_sign_with_their_reason(told):
    (sign,) = told("We run a mine.").values()
    assert (sign.kind, sign.value, sign.score, sign.because) == (SignKind.SECTOR, "mining", 2.0, ("mine",))


def test_a_longer_entry_without_weight_silences_a_sign(told):
    assert told("A friend of mine asks.") == {}
    assert told("Do not delete this.") == {}


def test_what_speaks_against_a_sign_counts(told):
    assert told("A family business with our subsidiaries") == {}


def test_topics_are_no_signs(told):
    assert told("Wages?") == {}


def test_a_country_in_the_text_is_what_the_question_concerns(told):
    text = "What is the law in Zambia? Please tell us what a buyer must know about it in detail, and for whom.\nRegards\nAnn"
    assert set(told(text)) == {(SignKind.CONCERNED, "ZM")}


def test_a_country_below_the_closing_is_where_the_asker_is(told):
    assert set(told("What does the law say on this point?\nRegards\nAnn Lee, Lusaka, Zambia")) == {
        (SignKind.COUNTRY, "ZM")
    }


def test_a_country_in_a_signature_that_was_cut_is_where_the_asker_is(told):
    assert set(told("What does the law say?", signature="Ann Lee\nLusaka, Zambia")) == {(SignKind.COUNTRY, "ZM")}


def test_askers_say_where_they_are(told):
    text = "We are a German company that buys in Kenya. What must we know about it? " + "Please tell us more. " * 20
    assert set(told(text)) == {(SignKind.COUNTRY, "DE"), (SignKind.CONCERNED, "KE")}


def test_a_supplier_s_country_is_not_the_asker_s(told):
    text = "We are a shop with a supplier in Kenya. What must we know about it? " + "Please tell us more. " * 20
    assert set(told(text)) == {(SignKind.CONCERNED, "KE")}


def test_in_languages_with_the_verb_behind_so_is_the_cue(told):
    text = "Kenya is where we live. Ghana is where we buy. What must we know? " + "Please tell us more. " * 20
    assert set(told(text)) == {(SignKind.COUNTRY, "KE"), (SignKind.CONCERNED, "GH")}


def test_what_stands_behind_outweighs_what_stands_in_front(told):
    text = "We are a shop, Kenya is where we buy. What must we know? " + "Please tell us more. " * 20
    assert set(told(text)) == {(SignKind.CONCERNED, "KE")}


def test_who_names_their_own_country_alone_asks_about_it(told):
    text = "We are a small weaving mill with looms and dyeing, in Kenya. " + "Please tell us more. " * 20
    assert set(told(text)) == {(SignKind.COUNTRY, "KE"), (SignKind.CONCERNED, "KE")}


def test_who_names_a_town_writes_from_there_and_asks_about_it(told):
    text = "The pickers of Moshi have no contract; what of those from Kenya? " + "Please tell us more. " * 20
    assert set(told(text)) == {(SignKind.COUNTRY, "TZ"), (SignKind.CONCERNED, "TZ"), (SignKind.CONCERNED, "KE")}


def test_a_supplier_s_town_is_not_the_asker_s(told):
    assert set(told("Our supplier in Moshi has none. " + "Please tell us more. " * 20)) == {(SignKind.CONCERNED, "TZ")}


def test_what_askers_say_of_themselves_counts_more_than_a_town(told):
    found = told("We are a German company. The farm is near Moshi. " + "Please tell us more. " * 20)
    assert found[SignKind.COUNTRY, "DE"].score > found[SignKind.COUNTRY, "TZ"].score


def test_without_a_closing_the_signature_stands_behind_the_last_sentence(told):
    assert set(told("Good day! Is the law of Zambia stricter? Ann Lee, Nairobi, Kenya")) == {
        (SignKind.CONCERNED, "ZM"),
        (SignKind.COUNTRY, "KE"),
    }


def test_a_region_can_be_concerned(told):
    assert (SignKind.CONCERNED, "africa") in told("Which laws hold in West Africa? " + "Please tell us more. " * 20)


@pytest.mark.parametrize(
    "text", ["Please reply in French.", "The answer may be in French", "In French the reply, please"]
)
def test_the_language_that_an_answer_is_wanted_in_stands_beside_the_wish(told, text):
    assert set(told(text)) == {(SignKind.REPLY_LANGUAGE, "fr")}


@pytest.mark.parametrize("text", ["The French law?", "Please reply. The French law is strict."])
def test_a_language_that_stands_elsewhere_is_no_wish(told, text):
    assert (SignKind.REPLY_LANGUAGE, "fr") not in told(text)


def test_thai_tells_a_language_from_its_country():
    words = Lexicons({"th": {"cue.reply": {"ตอบ": 1.0}}})
    signs = signs_in(words.hear("", "รบกวนตอบตามกฎหมายไทย เป็นภาษาญี่ปุ่น", "th"), WRITTEN)
    assert [sign.value for sign in signs if sign.kind is SignKind.REPLY_LANGUAGE] == ["ja"]


@pytest.mark.parametrize("text", ["We need it by 15 December.", "Our deadline is Tuesday, 15 December 2026."])
def test_a_day_beside_its_cue_is_a_deadline(told, text):
    assert (SignKind.DEADLINE, "2026-12-15") in told(text)


@pytest.mark.parametrize("text", ["The law is of 15 December.", "By now we know. On 15 December the audit came."])
def test_a_day_that_stands_elsewhere_is_no_deadline(told, text):
    assert told(text) == {}


def test_a_short_cue_must_stand_right_before_its_day(told):
    assert (SignKind.DEADLINE, "2026-12-15") in told("By next 15 December.")
    assert told("He was seen by the police in the town on 15 December.") == {}


def test_without_the_day_of_the_mail_no_deadline_is_told(told):
    assert told("By 15 December.", written=None) == {}


def test_in_an_unknown_language_the_words_of_all_count_for_less(told):
    (sign,) = told("menace", language="und").values()
    assert (sign.value, sign.score) == ("life", pytest.approx(3.0 * FOREIGN))


def test_only_the_cues_near_a_day_are_looked_at():
    places = [Place(10 * number, 10 * number + 2) for number in range(2000)]
    near = _Cues([(Entry("cue.deadline", "by", 2.5), places)]).near(Place(5000, 5010))
    assert len(near) == 10
    assert {place.start for _, place in near} >= {4990, 5010, 5050}
