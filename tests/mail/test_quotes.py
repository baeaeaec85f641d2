"""Own words, quotations and signatures: what a client writes in each language, and what must never be cut."""

import pytest

from mailflow.mail.html import BREAK, SIGNATURE, SIGNATURE_END
from mailflow.mail.quotes import cut, forwards
from tests.mail.growth import grows_linearly

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


@pytest.mark.parametrize("attribution", [text for text in ATTRIBUTIONS.values() if "@" in text])
def test_an_attribution_with_an_address_is_enough_where_the_client_sets_no_quotation_signs(attribution):
    found = own(f"Thank you.\n\n{attribution}\n\nWe received your question.")
    assert (found.text, found.sure) == ("Thank you.", True)


@pytest.mark.parametrize("attribution", [text for text in ATTRIBUTIONS.values() if "@" not in text])
def test_lesson_15_without_an_address_and_signs_somebody_may_tell_what_was_written(attribution):
    text = f"Thank you.\n\n{attribution}\n\nYou are dismissed.\n\nIs that legal?"
    assert own(text).text == text


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


@pytest.mark.parametrize(
    "asked", ["In which country do the seasonal workers live while they work for you?", "in which country,"]
)
def test_lesson_15_answers_without_a_gap_between_the_lines_are_kept_whole(asked):
    text = f"{ATTRIBUTIONS['en']}\n> {asked}\nIreland, on the boat.\n> And have they a contract?\nNo."
    found = own(text)
    assert (found.text, found.sure) == (text, False)


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


# ---------------------------------------------------------------- attributions of rarer clients

RARE = {
    "Gnus": "Desk <desk@desk.example> writes:",
    "Horde": "Quoting Desk <desk@desk.example>:",
    "Horde-de": "Zitat von Desk <desk@desk.example>:",
    "Zoho": "---- On Mon, 23 Nov 2026 10:02:11 +0530 Desk <desk@desk.example> wrote ---",
    "iNotes": "-----Desk <desk@desk.example> wrote: -----",
    "FairEmail": "23 Nov 2026 10:02:11 Desk <desk@desk.example>:",
    "Tuta": "Nov 23, 2026, 10:02 by desk@desk.example:",
    "Gmail-my": "၂၀၂၆၊ နိုဝင်ဘာ ၂၃၊ တနင်္လာ ၁၀:၀၂ တွင် Desk <desk@desk.example> က ရေးခဲ့သည်-",
    "Gmail-ur": "پیر، 23 نومبر، 2026 کو 10:02 AM پر Desk \u202a<desk@desk.example>\u202c نے لکھا:",
    "Gmail-ne": "सोम, 2026 नोभेम्बर 23 गते 10:02 मा Desk <desk@desk.example>ले लेख्नुभयो:",
    "Roundcube-ja": "2026-11-23 10:02 に Desk さんは書きました:",
}


@pytest.mark.parametrize("attribution", RARE.values(), ids=RARE)
def test_attributions_of_rarer_clients_are_cut(attribution):
    found = own(f"Thank you.\n\n{attribution}\n{QUOTED}")
    assert (found.text, found.sure) == ("Thank you.", True)


def test_an_attribution_in_four_lines_is_cut_whole():
    said = "On Monday, the 23rd of November 2026, at\n10:02, Desk\nof the Helpdesk\n<desk@desk.example> wrote:"
    assert own(f"Thank you.\n\n{said}\n\n{QUOTED}").text == "Thank you."


def test_lesson_15_words_right_above_an_attribution_are_the_authors():
    words = "A big thank you!\nOn the whole it is clear.\nAnn"
    assert own(f"{words}\n{ATTRIBUTIONS['en']}\n{QUOTED}").text == words
    assert own(f"{words}\n{ATTRIBUTIONS['en-wrapped']}\n{QUOTED}").text == words


def test_separators_that_are_spelled_as_in_a_page_are_known():
    block = "发件人:&nbsp;Desk\n收件人:&nbsp;Ann\n主题:&nbsp;Pay"
    assert (
        own(f"Thank you.\n\n------------------&nbsp;原始邮件&nbsp;------------------\n{block}\n\nHi").text
        == "Thank you."
    )
    assert own(f"Thank you.\n\n------------------ Original ------------------\n{block}\n\nHi").text == "Thank you."


def test_an_attribution_and_a_header_block_below_it_are_cut_together():
    block = "To: ann@firm.example\nFrom: Desk\nDate: 11/23/2026 10:02AM\nSubject: Pay"
    assert own(f"Thank you.\n\n{RARE['iNotes']}\n{block}\n\nWe received your question.").text == "Thank you."


def test_a_header_block_needs_an_address_or_a_subject():
    text = "Our shift:\n\nFrom: six\nTo: eighteen\nDate: Monday to Saturday\n\nIs that legal?"
    assert own(text).text == text


def test_attributions_between_levels_of_a_thread_are_no_answers():
    thread = "> Was it 2024?\n\nOn Mon, 23 Nov 2026 at 09:00, Ann <ann@firm.example> wrote:\n\n>> It was."
    assert own(f"Yes.\n\n{ATTRIBUTIONS['en']}\n{thread}").text == "Yes."


# ---------------------------------------------------------------- given, not quoted


@pytest.mark.parametrize(
    "line", ["Begin forwarded message:", "Début du message réexpédié :", "------ Forwarded Message"]
)
def test_a_forwarded_mail_is_given_to_us_even_where_the_client_cites_it(line):
    text = f"Is this legal?\n\n> {line}\n> \n> From: Pay <pay@firm.example>\n> Subject: Pay\n> \n> No more wages."
    found = own(text)
    assert (found.text, found.quoted) == (text, "")


def test_a_page_that_only_marks_a_forward_is_kept_when_its_subject_says_so():
    assert own(f"Please read.\n{BREAK}\nNo more wages.", forwarded=True).text == "Please read.\nNo more wages."


def test_lesson_15_what_the_author_leads_over_to_is_kept():
    text = "Is this allowed? The contract says:\n\n> Nobody may join a union."
    found = own(text)
    assert (found.text, found.sure) == (text, False)


@pytest.mark.parametrize(
    "said",
    [
        "Please see my answers below in red.\n\nAnn",
        "Hi - comments inline.",
        "Bonjour, mes réponses figurent ci-dessous, dans votre message.",
        "Respondo en rojo dentro de su mensaje.",
        "As minhas respostas estão abaixo, no meio do texto.",
        "Guten Tag, meine Antworten finden Sie unten im Text in Blau.",
        "以下、インラインにて回答いたします。",
        "您好，我的答复见下面红字。",
        "您好，我的答覆見下面紅字。",
        "Tôi trả lời bằng chữ màu đỏ bên dưới.",
        "ตอบด้วยตัวอักษรสีแดงด้านล่างค่ะ",
        "အဖြေကို အောက်တွင် အနီရောင်ဖြင့် ရေးထားပါသည်။",
        "میرے جواب نیچے سرخ رنگ میں ہیں۔",
        "मेरा जवाफ तल रातो अक्षरमा छन्।",
    ],
)
@pytest.mark.parametrize("quoted", [QUOTED, "We received your question.\nYes, in Nepal."])
def test_lesson_15_answers_announced_inside_the_quotation_are_kept(said, quoted):
    text = f"{said}\n\n{BLOCKS['en']}\n\n{quoted}"
    found = own(text)
    assert (found.text, found.sure) == (text, False)


@pytest.mark.parametrize(
    "words",
    [
        "My answers are below:\n\n1. In Nepal.\n2. In writing.\n\nAnn",
        "以下のとおり回答いたします。\n\n1. 国籍はネパールです。\n2. 契約書はあります。\n\n佐々木",
        "Thank you for the answer in reduced form.",
    ],
)
def test_answers_that_stand_above_the_quotation_are_cut_from_it(words):
    assert own(f"{words}\n\n{BLOCKS['en']}\n\nWe received your question.").text == words


def test_announced_answers_inside_our_marked_mail_are_unsure():
    found = own(f"My answers are below in red.\n\n{BLOCKS['en']}\n\nPlease write above [ref:{TOKEN}]\nInternal.")
    assert (found.text, found.sure) == ("My answers are below in red.", False)


# ---------------------------------------------------------------- signatures


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my Galaxy",
        "Sent from Outlook for Android<https://aka.example/x>",
        "Sent with Proton Mail secure email.",
        "Sent from my iPhone, please excuse any typos",
        "Sent from my Android device with K-9 Mail. Please excuse my brevity.",
        "Yahoo Mail: Search, Organize, Conquer",
        "Télécharger Outlook pour iOS",
        "Envoyé depuis mon appareil Galaxy",
        "Enviado desde mi Galaxy",
        "Obtener Outlook para Android",
        "Enviado do meu Galaxy",
        "Von meinem Galaxy gesendet",
        "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
        "Outlook for iOS を入手",
        "Galaxyから送信",
        "发自我的 Galaxy",
        "從我的iPhone傳送",
        "取得 iOS 版 Outlook",
        "Được gửi từ thiết bị Galaxy của tôi",
        "ส่งจากอุปกรณ์ Galaxy ของฉัน",
        "ကျွန်ုပ်၏ Galaxy မှ ပေးပို့ခဲ့သည်",
        "میرے Galaxy سے بھیجا گیا",
        "मेरो Galaxy बाट पठाइएको",
    ],
)
def test_lines_of_devices_are_cut(line):
    assert own(f"Thank you.\n\n{line}").text == "Thank you."


@pytest.mark.parametrize(
    "line",
    [
        "iPhone screens are polished there.",
        "Galaxy phones are assembled by the same people",
        "Sent by mobile money each Friday",
        "Von meinem Handy aus kann ich nichts anhängen",
        "Ich habe das Foto per Handy gesendet",
        "報告書は携帯で送信しました",
        "照片已经用手机发送",
        "मेरो फोन नम्बर ९८०००",
        "میرے فون پر بات ہو سکتی ہے",
        "ကျွန်တော့်ဖုန်း ၀၉ ၅၅၅",
    ],
)
def test_sentences_about_telephones_are_kept(line):
    assert own(f"Thank you.\n\n{line}").text == f"Thank you.\n\n{line}"


def test_a_postscript_below_the_line_of_a_device_is_kept():
    text = "Yes.\n\nSent from my iPhone\n\nPS The divers are self-employed."
    assert own(text).text == text


def test_dashes_between_two_questions_are_no_signature():
    text = "Is the deduction legal?\n--\nAnd who pays the doctor?"
    assert own(text).text == text
    assert own("Is the deduction legal?\n-- \nAnn Lee\nWho dares?").text == "Is the deduction legal?"


def test_a_printed_signature_that_repeats_the_typed_name_is_cut():
    printed = "Ann Lee | Manager\nMill Ltd.\nT +44 20 7946 0018"
    assert own(f"Thank you.\n\nRegards,\nAnn\n\n{printed}").text == "Thank you.\n\nRegards,\nAnn"
    assert own("承知しました。\n大野\n\n大野 隆\n精機工業 総務部\n電話 03-5555-0142").text == "承知しました。\n大野"


@pytest.mark.parametrize(
    "end",
    [
        "Ann Lee, Mill Ltd., Malta",
        "Ann\n\nAnn Lee will call you.\nShe has the file.",
        "Bob\n\nAnn Lee\nMill Ltd.",
        "----------------\nCompany: Mill\nE-mail: ann@mill.example",
    ],
)
def test_names_and_data_that_the_author_gives_are_kept(end):
    text = f"May a weaver be paid less?\n\n{end}"
    assert own(text).text == text


def test_a_signature_between_rules_is_cut():
    assert own("お願いします。\n\n━━━━━━━━\n平井 直人\nTEL 06-5555-0142\n━━━━━━━━").text == "お願いします。"


def test_a_signature_between_rules_is_cut_above_a_quotation_too():
    framed = "━━━━━━━━\n平井 直人\nTEL 06-5555-0142\n━━━━━━━━"
    assert own(f"お願いします。\n\n{framed}\n\n{SEPARATORS[0]}\nHi").text == "お願いします。"


def test_a_signature_that_the_page_marks_is_cut_and_words_below_it_are_kept():
    found = own(f"Yes.\n{SIGNATURE}\nAnn Lee\nMill\n{SIGNATURE_END}\nAnd no.")
    assert (found.text, found.quoted) == ("Yes.\nAnd no.", "Ann Lee\nMill")
    assert own(f"Yes.\n{SIGNATURE}\nAnn Lee\nMill").text == "Yes."
    assert own(f"{SIGNATURE}\nAnn Lee\n{SIGNATURE_END}").text == "Ann Lee"


def test_a_reply_without_a_word_of_its_own_is_empty():
    assert own(f"Sent from my iPhone\n\n{ATTRIBUTIONS['en']}\n{QUOTED}").text == ""
    assert own(f"-- \nAnn Lee\n\n{ATTRIBUTIONS['en']}\n{QUOTED}").text == ""


# ---------------------------------------------------------------- disclaimers, scanners, banners

DISCLAIMERS = {
    "en": "This e-mail is confidential and intended solely for the addressee. If you have received it in error, please"
    " notify the sender and delete it.",
    "fr": "Ce message est confidentiel et destiné exclusivement à son destinataire. Toute diffusion est interdite.",
    "es": "Este mensaje es confidencial y se dirige a su destinatario. Si lo ha recibido por error, elimínelo.",
    "pt": "Esta mensagem é confidencial e destina-se ao seu destinatário. Se a recebeu por engano, elimine-a.",
    "de": "Diese E-Mail ist vertraulich. Sind Sie nicht der richtige Adressat, löschen Sie sie bitte.",
    "ja": "本メールには機密情報が含まれます。宛先に心当たりのない方は、本メールを削除してください。",
    "my": "ဤအီးမေးလ်သည် လျှို့ဝှက်ဖြစ်ပြီး လက်ခံသူအတွက်သာ ဖြစ်ပါသည်။ လက်ခံသူ မဟုတ်ပါက ဖျက်ပစ်ပါ။",
    "th": "อีเมลฉบับนี้เป็นความลับและมีไว้สำหรับผู้รับเท่านั้น หากท่านไม่ใช่ผู้รับ โปรดลบอีเมลนี้",
    "vi": "Email này chứa thông tin mật và chỉ dành cho người nhận. Nếu nhận nhầm, vui lòng xóa email này.",
    "ur": "یہ ای میل خفیہ ہے اور صرف وصول کنندہ کے لیے ہے۔ اگر آپ وصول کنندہ نہیں ہیں تو اسے حذف کر دیں۔",
    "ne": "यो इमेल गोप्य छ र प्राप्तकर्ताका लागि मात्र हो। तपाईं प्राप्तकर्ता होइन भने कृपया मेटाउनुहोस्।",
    "zh": "本邮件含有保密信息，仅限收件人使用。如果您错收了本邮件，请立即删除。",
    "zh-Hant": "本郵件含有機密資訊，僅供收件人使用。若您並非指定之收件人，請立即刪除。",
}
WISHES = [
    "Please keep this message confidential and delete it when you have read it.",
    "This message is confidential: if my boss gets it by mistake, I lose my job. Delete it.",
    "Merci de traiter ce message de façon confidentielle et de le supprimer ensuite.",
    "Este mensaje es confidencial; si llega por error a mi jefe, pierdo el trabajo.",
    "Esta mensagem é confidencial. Peço que a elimine, se chegar por engano a outra pessoa.",
    "Diese Nachricht bitte vertraulich behandeln und nach dem Lesen löschen.",
    "このメールは秘密にしてください。読んだら削除してください。宛先は窓口だけです。",
    "本邮件请务必保密，不要告诉公司。看完请删除。",
    "Email này xin giữ kín giúp tôi, đọc xong xóa email này đi.",
    "อีเมลนี้ขอให้เก็บเป็นความลับ อ่านแล้วช่วยลบด้วย",
    "ဤအီးမေးလ်ကို လျှို့ဝှက်ထားပေးပါ။ ဖတ်ပြီးလျှင် ဖျက်ပါ။ လက်ခံသူ သင်တစ်ဦးတည်းသာ။",
    "یہ پیغام خفیہ رکھیں اور پڑھ کر حذف کر دیں۔",
    "यो सन्देश गोप्य राख्नुहोला र पढेपछि मेटाउनुहोला।",
]


@pytest.mark.parametrize("disclaimer", DISCLAIMERS.values(), ids=DISCLAIMERS)
@pytest.mark.parametrize("below", ["", f"\n\n{ATTRIBUTIONS['en']}\n{QUOTED}"], ids=["last", "above a quotation"])
def test_a_disclaimer_is_cut(disclaimer, below):
    assert own(f"Thank you.\n\nAnn\n\n{disclaimer}{below}").text == "Thank you.\n\nAnn"


@pytest.mark.parametrize("disclaimer", DISCLAIMERS.values(), ids=DISCLAIMERS)
def test_a_disclaimer_below_the_quotation_is_no_answer(disclaimer):
    found = own(f"Thank you.\n\n{ATTRIBUTIONS['en']}\n{QUOTED}\n\n{disclaimer}")
    assert (found.text, found.sure) == ("Thank you.", True)


@pytest.mark.parametrize("wish", WISHES)
def test_a_wish_for_secrecy_is_the_authors(wish):
    text = f"They keep the passports.\n\n{wish}"
    assert own(text).text == text


def test_a_disclaimer_that_the_author_tells_of_is_kept():
    text = "Each contract ends so:\n\nThis document is confidential. Any disclosure to a trade union is prohibited."
    assert own(text).text == text


def test_a_disclaimer_in_several_paragraphs_and_between_rules_is_cut():
    rule = "-" * 60
    text = f"Thank you.\n\n{rule}\nCONFIDENTIALITY NOTICE\n{DISCLAIMERS['en']}\n\n{DISCLAIMERS['fr']}\n{rule}"
    assert own(text).text == "Thank you."


def test_words_without_a_gap_above_a_disclaimer_are_kept():
    assert own(f"Dear desk,\nIs this message enough?\nAnn\n{DISCLAIMERS['en']}").text == (
        "Dear desk,\nIs this message enough?\nAnn"
    )


@pytest.mark.parametrize(
    "report",
    [
        "This email has been checked for viruses by Avast antivirus software.\nwww.avast.example",
        "Virus-free. www.avast.example",
        "Livre de vírus. www.avast.example",
        "Please consider the environment before printing this e-mail.",
        "Avant d'imprimer ce courriel, pensez à l'environnement.",
        "You received this message because you are subscribed to the group wages.",
        "-- \nFilter4: This message has been scanned for viruses",
        "_____________________\nwages mailing list\nwages@lists.example.org",
        "-----\nThis email has been scanned for spam. https://scan.example/?id=1",
    ],
)
def test_what_machines_add_below_is_cut(report):
    assert own(f"Thank you.\n\nAnn\n\n{report}").text == "Thank you.\n\nAnn"
    assert own(f"Thank you.\n\nAnn\n\n{ATTRIBUTIONS['en']}\n{QUOTED}\n\n{report}").text == "Thank you.\n\nAnn"


def test_a_report_without_a_gap_above_it_takes_no_words_with_it():
    assert own("Hello,\nin Aveiro.\nAnn\nLivre de vírus. www.avast.example").text == "Hello,\nin Aveiro.\nAnn"


@pytest.mark.parametrize(
    "line",
    [
        "During the virus we were not paid, and nobody scanned the workers",
        "We print labels and care for the environment.",
        "-----\nWe are a group of workers, write to us at group@mill.example",
    ],
)
def test_sentences_that_only_look_like_a_report_are_kept(line):
    text = f"Is it legal?\n\n{line}"
    assert own(text).text == text


@pytest.mark.parametrize(
    "banner",
    [
        "[EXTERNAL]",
        "CAUTION: This email originated from outside of the organization. Do not click links or open attachments.",
        "You don't often get email from ann@firm.example. Learn why this is important<https://aka.example/x>",
        "ATTENTION : cet e-mail provient d'un expéditeur externe. Ne cliquez pas sur les liens.",
        "PRECAUCIÓN: correo externo. No haga clic en enlaces ni abra adjuntos.",
        "ATENÇÃO: e-mail externo. Não clique em links nem abra anexos.",
        "ACHTUNG: Diese E-Mail stammt von einem externen Absender. Bitte klicken Sie keine Links an.",
        "【注意】このメールは社外から送信されました。リンクや添付にご注意ください。",
        "注意：此邮件来自外部发件人，请谨慎点击链接和附件。",
        "注意：此郵件來自外部寄件者，請勿點選連結或附件。",
        "Cảnh báo: thư này đến từ bên ngoài tổ chức. Đừng mở liên kết hay tệp đính kèm.",
        "คำเตือน: อีเมลนี้มาจากภายนอกองค์กร โปรดอย่าเปิดไฟล์แนบ",
    ],
)
def test_a_banner_on_top_is_cut(banner):
    found = own(f"{banner}\n\nThank you.\n\nAnn")
    assert (found.text, found.quoted) == ("Thank you.\n\nAnn", banner)
    assert own(f"{banner}\nThank you.\n\n{ATTRIBUTIONS['en']}\n{QUOTED}").text == "Thank you."


@pytest.mark.parametrize(
    "words",
    [
        "Attention: our workers come from outside the organisation, and I attach the links.",
        "External inspectors came.",
        "[EXTERNAL]",
    ],
)
def test_first_words_that_only_look_like_a_banner_are_kept(words):
    assert own(words).text == words


# ---------------------------------------------------------------- linear time

HOSTILE = {
    "attributions that are not sure": "On Mon, a wrote:\n",
    "attributions in two lines that are not sure": "On Mon, a\nwrote:\n\n",
    "attributions": "On 1 May 2026 at 10:00 a@b.example wrote:\n",
    "beginnings": "On \n",
    "cited attributions": "> On 1 May 2026 at 10:00 a@b.example wrote:\n\nyes\n\n",
    "blocks": "> x\ny:\n\n",
    "labels": "From: x\nTo: y@z.example\nSubject: z\n\n",
    "rules": "----------\n",
    "signatures": "-- \nAnn\n",
    "devices": "Sent from my iPhone\n\n",
    "disclaimers": f"{DISCLAIMERS['en']}\n\n",
    "wrapped disclaimers": f"{DISCLAIMERS['en']}\n",
    "banners": "[EXTERNAL]\n\n",
    "marks of a page": f"{BREAK}\nx\n{SIGNATURE}\ny\n{SIGNATURE_END}\n",
    "our markers": "[ref: x\n",
    "names": "Ann\n\nAnn Lee\nMill\n\n",
    "blank lines": "\n\n\n\n",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_twice_the_lines_take_at_most_about_twice_as_long(piece):
    lines = (piece * 20_000).split("\n")[:18_000]
    assert grows_linearly(cut, lines[:9_000], lines)


@pytest.mark.parametrize("piece", ["On ", "-", ">", "> ", "a@b.example ", "wrote: ", "12:00 2026 ", "?", " ", "．"])
def test_lines_twice_as_long_cost_at_most_about_twice_as_much(piece):
    assert grows_linearly(cut, [piece * 40_000, ""] * 20, [piece * 80_000, ""] * 20)


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
