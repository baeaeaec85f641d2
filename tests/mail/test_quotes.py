"""Own words, quotations and signatures: what a client writes in each language, and what must never be cut."""

import pytest

from mailflow.mail.quotes import cut, forwards

TOKEN = "abcdefghijklmnopqrstuvwxyz234"
QUOTED = "> We received your question.\n> It is being read."


def own(text, *, forwarded=False):
    return cut(text.split("\n"), forwarded=forwarded)


ATTRIBUTIONS = {
    "en": "On Mon, 23 Nov 2026 at 10:02, Desk <desk@desk.example> wrote:",
    "en-old": "On 11/23/26 10:02 AM, Desk wrote:",
    "en-wrapped": "On Mon, 23 Nov 2026 at 10:02, Desk <\ndesk@desk.example> wrote:",
    "fr": "Le lun. 23 nov. 2026 à 10:02, Desk <desk@desk.example> a écrit :",
    "es": "El lun, 23 nov 2026 a las 10:02, Desk (<desk@desk.example>) escribió:",
    "pt": "Em seg., 23 de nov. de 2026 às 10:02, Desk <desk@desk.example> escreveu:",
    "de": "Am Mo., 23. Nov. 2026 um 10:02 Uhr schrieb Desk <desk@desk.example>:",
    "de-thunderbird": "Am 23.11.26 um 10:02 schrieb Desk:",
    "ja": "2026年11月23日(月) 10:02 Desk <desk@desk.example>:",
    "ja-apple": "2026/11/23 10:02、Desk <desk@desk.example>のメール:",
    "zh": "在 2026年11月23日，10:02，Desk <desk@desk.example> 写道：",
    "zh-gmail": "Desk <desk@desk.example> 于2026年11月23日周一 10:02写道：",
    "zh-Hant": "Desk <desk@desk.example> 於 2026年11月23日 週一 上午10:02寫道：",
    "vi": "Vào 10:02, T2, 23 thg 11, 2026 Desk <desk@desk.example> đã viết:",
    "th": "เมื่อ จ. 23 พ.ย. 2026 เวลา 10:02 Desk <desk@desk.example> เขียนว่า:",
    "my": "၂၀၂၆ နိုဝင်ဘာ ၂၃ ၁၀:၀၂ တွင် Desk <desk@desk.example> က ရေးခဲ့သည်:",
    "ur": "پیر، 23 نومبر 2026 کو 10:02 پر Desk <desk@desk.example> نے لکھا:",
    "ne": "सोम, नोभेम्बर २३, २०२६ मा १०:०२ बजे Desk <desk@desk.example> ले लेख्नुभयो:",
}
BLOCKS = {
    "en": "From: Desk <desk@desk.example>\nSent: Monday, 23 November 2026 10:02\nTo: Ann Lee\nSubject: Wages",
    "en-bold": "*From:* Desk <desk@desk.example>\n*Sent:* Monday 10:02\n*To:* Ann Lee\n*Subject:* Wages",
    "fr": "De : Desk <desk@desk.example>\nEnvoyé : lundi 23 novembre 2026 10:02\nÀ : Ann Lee\nObjet : Salaires",
    "es": "De: Desk <desk@desk.example>\nEnviado: lunes, 23 de noviembre\nPara: Ann Lee\nAsunto: Salarios",
    "pt": "De: Desk <desk@desk.example>\nEnviada em: segunda-feira, 23\nPara: Ann Lee\nAssunto: Salários",
    "de": "Von: Desk <desk@desk.example>\nGesendet: Montag, 23. November\nAn: Ann Lee\nBetreff: Löhne",
    "ja": "差出人: Desk <desk@desk.example>\n送信日時: 2026年11月23日\n宛先: Ann Lee\n件名: 賃金",
    "zh": "发件人: Desk <desk@desk.example>\n发送时间: 2026年11月23日\n收件人: Ann Lee\n主题: 工资",
    "zh-Hant": "寄件者： Desk\n寄件日期： 2026年11月23日\n收件者： Ann Lee\n主旨： 工資",
    "vi": "Từ: Desk <desk@desk.example>\nĐã gửi: Thứ Hai, 23 tháng 11\nTới: Ann Lee\nChủ đề: Tiền lương",
    "th": "จาก: Desk <desk@desk.example>\nส่ง: 23 พฤศจิกายน 2026\nถึง: Ann Lee\nเรื่อง: ค่าจ้าง",
    "my": "ပေးပို့သူ: Desk\nရက်စွဲ: ၂၃ နိုဝင်ဘာ\nသို့: Ann Lee\nအကြောင်းအရာ: လစာ",
    "ur": "منجانب: Desk\nتاریخ: 23 نومبر\nبنام: Ann Lee\nموضوع: اجرت",
    "ne": "प्रेषक: Desk\nमिति: २३ नोभेम्बर\nप्रति: Ann Lee\nविषय: ज्याला",
}
SEPARATORS = [
    "-----Original Message-----",
    "-----Message d'origine-----",
    "-----Mensaje original-----",
    "-----Mensagem original-----",
    "-----Ursprüngliche Nachricht-----",
    "-----元のメッセージ-----",
    "------------------ 原始邮件 ------------------",
    "-----Tin nhắn gốc-----",
    "-----ข้อความต้นฉบับ-----",
]
FORWARDS = [
    "---------- Forwarded message ---------",
    "Begin forwarded message:",
    "---------- Message transféré ----------",
    "Début du message réexpédié :",
    "---------- Mensaje reenviado ----------",
    "-------- Mensagem encaminhada --------",
    "-------- Weitergeleitete Nachricht --------",
    "---------- 転送メッセージ ----------",
    "---------- 转发的邮件 ----------",
    "---------- Thư đã chuyển tiếp ---------",
]
CLIENT_SIGNATURES = [
    "Sent from my iPhone",
    "Get Outlook for iOS<https://aka.example/o>",
    "Envoyé de mon iPhone",
    "Enviado desde mi iPhone",
    "Enviado do meu iPhone",
    "Von meinem iPhone gesendet",
    "iPhoneから送信",
    "发自我的iPhone",
    "Gửi từ iPhone của tôi",
    "ส่งจาก iPhone ของฉัน",
]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS)
def test_an_attribution_and_its_block_are_cut(attribution):
    found = own(f"Thank you.\n\n{attribution}\n\n{QUOTED}\n")
    assert (found.text, found.sure) == ("Thank you.", True)
    assert "being read" in found.quoted


@pytest.mark.parametrize("attribution", [text for name, text in ATTRIBUTIONS.items() if name != "de-thunderbird"])
def test_an_attribution_is_enough_where_the_client_sets_no_quotation_signs(attribution):
    found = own(f"Thank you.\n\n{attribution}\n\nWe received your question.")
    assert (found.text, found.sure) == ("Thank you.", True)


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
def test_a_header_block_is_cut_with_all_below_it(block):
    found = own(f"Thank you.\n\n________________________________\n{block}\n\nWe received your question.")
    assert (found.text, found.sure) == ("Thank you.", True)


@pytest.mark.parametrize("separator", SEPARATORS)
def test_a_line_that_announces_the_original_is_cut_with_all_below_it(separator):
    assert own(f"Thank you.\n\n{separator}\nWe received your question.").text == "Thank you."


@pytest.mark.parametrize("line", FORWARDS)
def test_a_forwarded_mail_is_what_the_author_gives_us(line):
    text = f"Please read this.\n\n{line}\nFrom: Bob <bob@firm.example>\nDate: Monday\nTo: Ann\nSubject: Pay\n\nMy wage?"
    found = own(text)
    assert (found.text, found.sure, found.quoted) == (text, True, "")


@pytest.mark.parametrize(
    "subject", ["Fwd: Pay", "FW: Pay", "TR : Paie", "WG: Lohn", "RV: Pago", "ENC: Salário", "转发：工资"]
)
def test_a_header_block_below_the_subject_of_a_forward_is_kept(subject):
    text = f"Please read.\n\n{BLOCKS['en']}\n\nMy wage?"
    assert forwards(subject)
    assert own(text, forwarded=forwards(subject)).text == text


@pytest.mark.parametrize("subject", ["Re: Fwd: Pay", "Forward planning", "Trade unions: how", "Wages", ""])
def test_an_answer_to_a_forward_is_no_forward(subject):
    assert not forwards(subject)


@pytest.mark.parametrize("line", CLIENT_SIGNATURES)
def test_the_signature_of_a_client_is_cut(line):
    found = own(f"Thank you.\n\n{line}")
    assert (found.text, found.quoted) == ("Thank you.", line)


def test_a_sentence_that_begins_like_a_signature_is_kept():
    text = "The parcel came late.\n\nSent from our warehouse, it was opened by customs."
    assert own(text).text == text


def test_a_signature_below_two_dashes_is_cut_and_a_long_text_below_them_is_not():
    assert own("Thank you.\n-- \nAnn Lee\nFirm").text == "Thank you."
    long = "Thank you.\n--\n" + "\n".join(f"point {number}" for number in range(40))
    assert own(long).text == long


def test_a_text_that_is_a_signature_alone_is_kept():
    assert own("-- \nAnn Lee").text == "-- \nAnn Lee"


def test_the_footer_of_a_mailing_list_is_cut():
    footer = "_______________________________________________\nwages mailing list\nwages@lists.example"
    assert own(f"What is a wage?\n\n{footer}").text == "What is a wage?"
    assert own(f"Thank you.\n\n{ATTRIBUTIONS['en']}\n{QUOTED}\n\n{footer}").text == "Thank you."


def test_an_answer_below_the_quotation_is_found():
    found = own(f"{ATTRIBUTIONS['en']}\n{QUOTED}\n\nYes, please do.\n\n-- \nAnn")
    assert (found.text, found.sure) == ("Yes, please do.", True)


def test_a_block_without_attribution_is_cut_at_either_end():
    assert own(f"Thank you.\n\n{QUOTED}").text == "Thank you."
    assert own(f"{QUOTED}\n\nThank you.").text == "Thank you."


def test_lesson_15_interleaved_answers_are_kept_whole():
    text = f"{ATTRIBUTIONS['en']}\n> Which country?\n\nNepal.\n\n> Which sector?\n\nGarments.\n"
    found = own(text)
    assert (found.text, found.quoted, found.sure) == (text.strip("\n"), "", False)


def test_lesson_15_words_above_and_below_a_quotation_are_kept_whole():
    text = f"See below.\n\n{ATTRIBUTIONS['en']}\n{QUOTED}\n\nAnd one thing more: is it legal?"
    found = own(text)
    assert (found.text, found.sure) == (text, False)


def test_lesson_15_an_attribution_on_top_without_quotation_signs_cuts_nothing():
    text = f"{ATTRIBUTIONS['en']}\n\nWe received your question.\n\nThank you."
    found = own(text)
    assert (found.text, found.sure) == (text, False)


@pytest.mark.parametrize(
    "text",
    [
        "On 3 May 2026 the ministry wrote:\nall wages are to be paid in cash.\nIs that so?",
        "We have:\n\nFrom: the union\nAbout: wages\n\nPlease advise.",
        "The rule says:\n\n    no deductions\n\nIs it legal?",
        "Our workers are\n\n-----\n\nmigrants.",
        "Le directeur a écrit : rien.",
        "> 18 years is the age\nin our country.\n\nIs that right?\n> 20 would be better",
    ],
)
def test_words_that_only_look_like_a_quotation_are_kept(text):
    assert own(text).text == text


def test_a_mail_that_is_all_quotation_has_no_own_words():
    found = own(f"{ATTRIBUTIONS['en']}\n{QUOTED}")
    assert (found.text, found.sure) == ("", True)


def test_a_line_that_the_client_wrapped_is_no_answer():
    quoted = (
        "> This is one long line of the quoted mail that the client has broken into\npieces\n> before the next one."
    )
    assert own(f"Thank you.\n\n{ATTRIBUTIONS['en']}\n{quoted}").text == "Thank you."


# ---------------------------------------------------------------- our marker

MARKER = f"Please write above this line [ref:{TOKEN}]"


@pytest.mark.parametrize("attribution", ["", *ATTRIBUTIONS.values(), *BLOCKS.values(), *SEPARATORS])
@pytest.mark.parametrize("sign", ["", "> "])
def test_from_our_marker_on_all_is_cut_with_what_introduces_it(attribution, sign):
    found = own(
        f"It is legal.\n\nRegards\n\n{attribution}\n{sign}{MARKER}\n{sign}\n{sign}A question came in.\nInternal."
    )
    assert found.text == "It is legal.\n\nRegards"
    assert TOKEN in found.quoted


def test_the_attribution_is_cut_even_where_the_client_cites_it_too():
    found = own(f"It is legal.\n\n> {ATTRIBUTIONS['fr']}\n>\n> {MARKER}\n> A question came in.")
    assert (found.text, found.sure) == ("It is legal.", True)


def test_our_marker_is_found_where_a_client_broke_the_line():
    assert own(f"Yes.\n\n> Please write above this line [ref:\n> {TOKEN}]\n> Internal.").text == "Yes."


def test_a_marker_without_a_token_is_the_authors():
    text = "The form says [ref: 12] here.\nWhat is it?"
    assert own(text).text == text


def test_an_answer_below_our_cited_mail_is_the_authors():
    found = own(f"{ATTRIBUTIONS['en']}\n> {MARKER}\n> A question came in.\n\nIt is legal.")
    assert (found.text, found.sure) == ("It is legal.", True)


def test_answers_between_our_cited_lines_are_kept_without_ours_and_unsure():
    found = own(f"> {MARKER}\n> Which country?\n\nNepal.\n\n> Which sector?\n\nGarments.")
    assert found.text == "Nepal.\n\nGarments."
    assert not found.sure


def test_an_interleaved_thread_above_our_marker_is_kept_whole_up_to_it():
    above = "> Which country?\n\nNepal.\n\n> Which sector?\n\nGarments."
    found = own(f"{above}\n\n{ATTRIBUTIONS['en']}\n{MARKER}\nInternal.")
    assert (found.text, found.sure) == (above, False)
    assert "Internal" in found.quoted


# ---------------------------------------------------------------- all is accounted for


@pytest.mark.parametrize(
    "text",
    [
        "On " * 5_000,
        "-" * 50_000,
        ">" * 50_000,
        "On \n" * 30_000,
        "> x\ny:\n\n" * 10_000,
        "From: x\n" * 30_000,
        "[ref: x\n" * 9_000,
    ],
    ids=["attribution", "dashes", "signs", "short lines", "blocks", "labels", "markers"],
)
def test_no_line_is_lost_from_a_text_made_to_hang_a_reader(text):
    lines = text.split("\n")
    found = cut(lines)
    assert (found.text + found.quoted).count("x") == text.count("x")
    assert set(found.kept) <= set(range(len(lines)))
