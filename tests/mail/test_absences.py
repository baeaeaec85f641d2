"""How absences and receipts read that no header tells of; and people's mails about absence, which are none of these."""

import pytest

from mailflow.core.model import OriginKind
from mailflow.mail import absences
from mailflow.mail.folding import fold
from mailflow.mail.origin import HINTS, origin
from mailflow.mail.parsed import Parsed

LANGUAGES = {"en", "fr", "es", "pt", "de", "ja", "my", "th", "vi", "ur", "ne", "zh", "zh-Hant"}
TABLES = (absences.SUBJECTS, absences.ROBOTS, absences.AWAY, absences.RECEIVED, absences.LATER)

SUBJECTS = [
    "Out of Office", "RE: Out of office - back on Monday", "Automatic reply: [2026-1] your question", "Auto: your question",
    "[EXT] Autoreply: hello", "Absence : formation", "Absente du bureau", "Respuesta automática", "Fuera de la oficina",
    "Resposta automática: olá", "Ausência do escritório", "Abwesenheitsnotiz", "AW: Abwesend: Ihre Frage", "【自動返信】お知らせ",
    "不在のお知らせ", "ရုံးတွင် မရှိပါ", "ไม่อยู่ที่สำนักงาน: เรื่องหนึ่ง", "Trả lời tự động: Câu hỏi", "دفتر سے غیر حاضر", "कार्यालयमा छैन",
    "自动回复:[2026-1]", "自動回覆: 您好", "Re: 不在辦公室",
]  # fmt: skip
QUESTIONS = [
    "Absence of a contract", "Worker out of office on sick leave: what now?", "Vacation pay in the mining sector", "Read this please",
    "Absences répétées d'un salarié", "Vacaciones no pagadas", "Ausências injustificadas", "Abwesenheit wegen Elternzeit",
    "育児休業中の社員について", "สอบถามเรื่องลาคลอด", "Nghỉ phép năm", "休年假的问题", "Autonomous workers", "away days and overtime",
]  # fmt: skip

ABSENCES = [
    "I am out of the office until Monday and will answer your mail then.",
    "Je suis en congé jusqu'au 3 mai. En cas d'urgence, appelez le standard.",
    "Estoy de vacaciones y responderé a mi regreso.",
    "Estou de férias e respondo assim que possível.",
    "Ich bin im Urlaub und ab dem 4. Mai wieder erreichbar.",
    "出張中のため、ご返信は来週となります。",
    "ခွင့်ယူထားပါသည်။ အရေးကြီးပါက ဖုန်းဆက်ပါ။",
    "ขณะนี้ลาพักร้อน จะตอบอีเมลเมื่อกลับมา",
    "Tôi đang nghỉ phép và sẽ trả lời khi quay lại.",
    "میں چھٹی پر ہوں، واپسی پر جواب دوں گا۔",
    "म बिदामा छु, फर्केपछि जवाफ दिनेछु।",
    "我正在休假，回来后尽快答复您。",
    "我目前休假中，返回後再回覆您。",
    "This is an automated message, please do not reply to this email.",
    "Ceci est une réponse automatique.",
    "このメールは自動で送信しています。",
    "此邮件由系统自动发送，请勿回复。",
]
PEOPLE = [
    "I am on maternity leave until May. May my employer end my contract?",
    "Je suis en congé jusqu'au 3 mai : dois-je répondre aux courriels ?",
    "¿Pueden llamarme al trabajo si estoy de vacaciones hasta enero?",
    "Darf ich im Urlaub krank werden, und wer vertritt mich bis dahin?",
    "休假期间公司要求回来上班，合法吗？",
    "Our office has forty workers. Two of them were absent last month.",
    "Thank you. We have twelve drivers, paid by the trip.",
    "We would like to know how long a working day may be.",
]


def told(subject="", text=""):
    return origin(Parsed(subject=subject, text=text), frozenset())


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_subject_like_a_robots_is_noticed_and_the_mail_stays_a_persons(subject):
    assert (told(subject).kind, told(subject).because) == (OriginKind.HUMAN, HINTS[0])


@pytest.mark.parametrize("subject", QUESTIONS)
def test_a_subject_about_absence_is_not_one(subject):
    assert told(subject).because not in HINTS


@pytest.mark.parametrize("text", ABSENCES)
def test_first_lines_like_a_robots_are_noticed_and_the_mail_stays_a_persons(text):
    assert (told("Re: question", text).kind, told("Re: question", text).because) == (OriginKind.HUMAN, HINTS[1])


@pytest.mark.parametrize("text", PEOPLE)
def test_people_write_about_absence_too(text):
    assert told("A question", text).because not in HINTS


def test_robots_are_brief():
    long = "We make shoes and have a hundred machines in two halls. " * 40
    assert told("Shoes", f"{long} I am on leave until May.").because not in HINTS
    assert told("Shoes", f"This is an automatic reply. {long}").because == HINTS[1]


def test_a_phrase_begins_a_word():
    assert told("x", "Burnout of officers will return.").because not in HINTS
    assert told("x", "Out of office, will return.").because == HINTS[1]


def test_every_language_of_the_desk_has_words_of_every_kind():
    for table in TABLES:
        assert table.keys() >= LANGUAGES


def test_no_phrase_is_empty_or_given_twice_in_a_language():
    for table in TABLES:
        for language, words in table.items():
            phrases = [fold(word) for word in words.split("|")]
            assert all(phrases), language
            assert len(set(phrases)) == len(phrases), [p for p in phrases if phrases.count(p) > 1]


@pytest.mark.parametrize("text", ["re: " * 50_000, "[x] " * 50_000, "until " * 50_000, "【" * 50_000])
def test_text_without_end_is_read_all_the_same(text):
    assert told(text, text).kind is OriginKind.HUMAN
