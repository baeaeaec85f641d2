"""Askers write in their language, and read ours in it."""

from __future__ import annotations

import pytest

QUESTIONS = {
    "en": "Our cooperative would like to know which rules there are about rest days for drivers.",
    "fr": "Notre coopérative souhaite savoir quelles règles s’appliquent aux jours de congé des chauffeurs.",
    "es": "Nuestra cooperativa desea saber qué reglas existen sobre los días libres de los conductores.",
    "pt": "A nossa cooperativa gostaria de saber quais são as regras sobre as folgas dos motoristas.",
    "de": "Unsere Genossenschaft möchte wissen, welche Regeln es über freie Tage der Fahrer gibt.",
    "ja": "私たちの協同組合は、運転手の休日についてどのような規則があるのか知りたいと思っています。",
    "my": "ကျွန်ုပ်တို့၏ သမဝါယမအသင်းသည် ယာဉ်မောင်းများ၏ နားရက်များနှင့် ပတ်သက်သော စည်းမျဉ်းများကို သိလိုပါသည်။",
    "th": "สหกรณ์ของเราอยากทราบว่ามีกฎเกณฑ์อะไรบ้างเกี่ยวกับวันหยุดของคนขับรถ",
    "vi": "Hợp tác xã của chúng tôi muốn biết có những quy định nào về ngày nghỉ của tài xế.",
    "ur": "ہماری کوآپریٹو جاننا چاہتی ہے کہ ڈرائیوروں کی چھٹی کے دنوں کے بارے میں کون سے قواعد ہیں۔",
    "ne": "हाम्रो सहकारी संस्था चालकहरूको बिदाका दिनहरूबारे कस्ता नियमहरू छन् भनेर जान्न चाहन्छ।",
    "zh": "我们的合作社想知道关于司机休息日有哪些规定，请告诉我们应该遵守哪些标准。",
    "zh-Hant": "我們的合作社想知道關於司機休息日有哪些規定，請告訴我們應該遵守哪些標準。",
}
GREETINGS = {
    "en": "Dear Sir or Madam", "fr": "Madame, Monsieur", "es": "Estimad", "pt": "Prezad", "de": "Sehr geehrte", "ja": "お",
    "my": "ပါ", "th": "เรียน", "vi": "Kính", "ur": "محترم", "ne": "महोदय", "zh": "您", "zh-Hant": "您",
}  # fmt: skip
ANSWER = "Drivers must have at least one full day of rest in every period of seven days."


@pytest.mark.parametrize("language", QUESTIONS)
def test_whoever_writes_in_a_served_language_is_answered_in_it(desk, bob, ana, jean, thura, language):
    thura.writes("#away today", subject="away")  # nobody translates: that is told in test_translation.py
    desk.works()
    thura.gets("transcript")
    bob.writes(QUESTIONS[language], subject="?")
    desk.works()
    receipt = bob.gets("acknowledgement")
    question = ana.gets("question")  # no topic is named: the coordinators have it
    jean.gets("question")

    ana.replies(question, ANSWER)
    desk.works()
    ana.gets("leaving")
    desk.passes(minutes=10)
    answer = bob.gets("answer")
    assert ANSWER in answer.text
    for letter in (receipt, answer):
        assert letter["Content-Language"] == language
        assert GREETINGS[language] in letter.text
        assert f'lang="{language}"' in letter.html
        assert ('dir="rtl"' in letter.html) == (language == "ur")
        assert letter.ref == "2026-0001"


def test_somebody_who_writes_in_another_language_is_asked_in_two(desk, bob, ana, jean):
    bob.writes(
        "Spółdzielnia nasza chciałaby wiedzieć, jakie przepisy dotyczą dni wolnych od pracy kierowców ciężarówek."
    )
    desk.works()
    receipt = bob.gets("bilingual")
    assert receipt["Content-Language"] == "en, fr"
    assert "In which language would you like to receive our answer?" in receipt.text
    assert "Dans quelle langue" in receipt.text
    assert "the language could not be told for sure" in ana.gets("question").text
    jean.gets("question")


def test_the_likeliest_language_leads_the_bilingual_mail(desk, bob, ana, jean):
    bob.writes("Urgente", subject="Urgente")
    desk.works()
    assert len(bob.gets("bilingual")["Content-Language"].split(", ")) == 2
    ana.gets("question")
    jean.gets("question")


def test_who_wrote_french_before_gets_french_again(desk, bob, ana, jean):
    bob.writes(QUESTIONS["fr"])
    desk.works()
    bob.gets("acknowledgement")
    bob.writes("C 95?", subject="C 95")  # too short to tell
    desk.works()
    assert bob.gets("acknowledgement")["Content-Language"] == "fr"
    for coordinator in (ana, jean):
        coordinator.unread.clear()


def test_staff_read_the_desk_in_their_own_language(desk, bob, ana, jean):
    bob.writes(QUESTIONS["th"])
    desk.works()
    bob.gets("acknowledgement")
    assert "Language: Thai" in ana.gets("question").text
    assert "Langue : thaï" in jean.gets("question").text.replace("\u202f", " ").replace("\u00a0", " ")
