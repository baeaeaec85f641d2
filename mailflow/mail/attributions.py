"""How mail clients introduce a quotation or a forwarded mail: words in many languages, and how to tell such a line.

All words are lower case. The desk's twelve languages come first in each table.
"""

# ruff: noqa: SIM905  a table of words reads best as running text

from __future__ import annotations

import re
from dataclasses import dataclass

# "... wrote:", wherever it stands in the line.
WROTE = tuple(
    "wrote|writes:|schrieb|a écrit|écrit :|escribió|escribio|ha escrito|escreveu|"
    "写道|写于|寫道|さんは書きました|書きました|書き込みました|のメール|のメッセージ|đã viết|viết:|เขียนว่า|เขียน:|ได้เขียน|ရေးခဲ့သည်|"
    "ရေးသားခဲ့သည်|ရေးခဲ့|ရေးသား|نے لکھا|لکھا:|लेख्नुभयो|ले लेखे|लेख्यो|लेख्नु भयो|ने लिखा|ha scritto|schreef|"
    "skrev|kirjoitti|napisał|napsal|написал|пишет|пише|yazdı|작성|menulis|كتب|نوشت|έγραψε|va escriure|a scris|"
    "írta".split("|")
)

# Where no verb says it, an attribution begins so.
QUOTING = ("quoting ", "zitat von ", "citando ", "citation de ")

# How an attribution that runs over several lines may begin.
BEGINNINGS = tuple(
    "on |at |le |el |em |no dia |a |am |den |il |op |den |在|于|於|dne |w dniu |dnia |vào |lúc |ngày |เมื่อ|ในวันที่|วันที่|"
    "ณ |बुध|मिति|बिहि|शुक्र|शनि|आइत|सोम|मंगल|بروز|بتاریخ|پیر|منگل|بدھ|جمعرات|جمعہ|ہفتہ|اتوار|pada |2|1".split("|")
)

# Labels of the header block that Outlook and others put above the mail that is answered.
_LABELS = {
    "from": "from|de|von|差出人|送信者|发件人|發件人|寄件者|寄件人|từ|người gửi|จาก|ผู้ส่ง|ပေးပို့သူ|မှ|منجانب|از|بھیجنے والا|"
    "प्रेषक|बाट|da|van|от|fra|från|lähettäjä|od|kimden|보낸 사람|από",
    "date": "sent|date|sent on|date sent|envoyé|envoyé le|enviado|enviado el|fecha|enviado em|enviada|enviada em|enviados|data|"
    "gesendet|datum|gesendet am|送信日時|日時|日付|发送时间|發送時間|发送日期|日期|时间|時間|寄件日期|傳送時間|傳送日期|"
    "đã gửi|ngày|ngày gửi|gửi|vào ngày|ส่ง|วันที่|ส่งเมื่อ|วันที่ส่ง|ရက်စွဲ|ပို့သည်|بھیجا|تاریخ|بھیجا گیا|पठाइएको|मिति|पठाएको|"
    "inviato|verzonden|отправлено|дата|sendt|dato|skickat|lähetetty|päivämäärä|wysłano|gönderilme|tarih|보낸 날짜|날짜",
    "to": "to|à|a|pour|destinataire|para|an|宛先|宛て|收件人|收件者|tới|đến|người nhận|ถึง|ผู้รับ|သို့|بنام|بجانب|وصول کنندہ|"
    "प्रति|लाई|प्रापक|aan|кому|til|till|vastaanottaja|do|kime|받는 사람",
    "cc": "cc|bcc|copie|copie à|copia|con copia|cópia|kopie|抄送|副本|密件抄送|密送|đồng gửi|สำเนา|สำเนาถึง|မိတ္တူ|نقل|बोधार्थ|kopia",
    "subject": "subject|sub|re|objet|sujet|asunto|assunto|betreff|件名|主题|主題|主旨|chủ đề|tiêu đề|เรื่อง|หัวเรื่อง|หัวข้อ|"
    "အကြောင်းအရာ|ခေါင်းစဉ်|موضوع|مضمون|विषय|oggetto|onderwerp|тема|emne|ämne|aihe|temat|konu|제목",
}
LABELS = {label: kind for kind, labels in _LABELS.items() for label in labels.split("|")}

# Between dashes, above the mail that is answered.
ORIGINAL = frozenset(
    "original message|original mail|originalmessage|reply message|replied message|original appointment|original|mail original|"
    "original-nachricht|ursprüngliche mitteilung|원본|မူရင်း မက်ဆေ့ဂျ်|မူရင်း မက်ဆေ့ခ်ျ|原始消息|"
    "ursprüngliche nachricht|"
    "originalnachricht|ursprüngliche mail|message d'origine|message d’origine|message original|message initial|"
    "mensaje original|mensaje de origen|mensagem original|元のメッセージ|元のメール|original message:|原始邮件|原始郵件|"
    "原邮件|原郵件|邮件原件|回复的原邮件|回复邮件|tin nhắn gốc|thư gốc|thư ban đầu|ข้อความต้นฉบับ|ข้อความเดิม|"
    "ต้นฉบับ|မူရင်းစာ|မူရင်းမက်ဆေ့ခ်ျ|မူရင်း စာ|اصل پیغام|اصلی پیغام|मूल सन्देश|मूल संदेश|मौलिक सन्देश|"
    "messaggio originale|oorspronkelijk bericht|исходное сообщение|oprindelig meddelelse|ursprungligt meddelande|"
    "alkuperäinen viesti|wiadomość oryginalna|özgün ileti|원본 메시지|mensagem de origem".split("|")
)

# Above a forwarded mail: what follows is what the author gives us, and no quotation.
FORWARDED = tuple(
    "forwarded message|forwarded by|begin forwarded message|forwarded email|message transféré|message réexpédié|"
    "début du message réexpédié|début du message transféré|e-mail transféré|mensaje reenviado|"
    "inicio del mensaje reenviado|inicio de mensaje reenviado|mensagem encaminhada|mensagem reencaminhada|"
    "início da mensagem encaminhada|início da mensagem reencaminhada|weitergeleitete nachricht|"
    "anfang der weitergeleiteten nachricht|beginn der weitergeleiteten nachricht|転送メッセージ|転送されたメッセージ|"
    "転送されたメール|転送元メッセージ|转发的邮件|转发邮件|转发的信息|以下是转发的邮件|開始轉寄郵件|轉寄的郵件|轉寄郵件|"
    "已转发邮件|开始转发的邮件|thư được chuyển tiếp|thư đã chuyển tiếp|tin nhắn được chuyển tiếp|"
    "tin nhắn đã chuyển tiếp|bắt đầu thư được chuyển tiếp|ข้อความที่ส่งต่อ|ข้อความส่งต่อ|เริ่มข้อความที่ส่งต่อ|"
    "ထပ်ဆင့်ပို့သော|ထပ်ဆင့်ပို့ထားသော|آگے بھیجا گیا پیغام|فارورڈ کردہ پیغام|अग्रेषित सन्देश|फर्वार्ड गरिएको सन्देश|"
    "फरवार्ड गरिएको|अग्रेषित संदेश|messaggio inoltrato|doorgestuurd bericht|пересылаемое сообщение|"
    "videresendt meddelelse|vidarebefordrat meddelande|przekazana wiadomość|iletilen mesaj".split("|")
)

# Subjects of a forward.
FORWARD_SUBJECT = re.compile(
    r"(?:\[[^\]]{0,60}\] ?)?(?:fwd?|fwrd|tr|wg|rv|enc|res-fwd|i|vl|vs-fwd|転送|转发|轉寄|轉發|转寄|chuyển tiếp|ส่งต่อ|"
    r"ထပ်ဆင့်ပို့|فارورڈ|अग्रेषित) ?[:：]",
    re.IGNORECASE,
)

# Subjects of a reply, in the languages of mail programs.
REPLY_SUBJECT = re.compile(
    r"(?:\[[^\]]{0,60}\] ?)?(?:re|aw|antw|antwort|sv|vs|odp|rif|res|resp|ref|ynt|回复|答复|回覆|答覆|返信|回信|trả lời|"
    r"ตอบ|ตอบกลับ|ပြန်စာ|جواب|प्रतिउत्तर|जवाफ)(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3})? ?[:：]",
    re.IGNORECASE,
)

# Above what other ticket systems quote of themselves.
ABOVE_LINE = (
    "reply above this line",
    "reply above the line",
    "write above this line",
    "répondre au-dessus de cette ligne",
    "répondez au-dessus de cette ligne",
    "antwort oberhalb dieser zeile",
    "über dieser zeile antworten",
    "responda por encima de esta línea",
    "escriba su respuesta por encima de esta línea",
    "responda acima desta linha",
)
_COLONS = (":", "：", "写道", "寫道", "ရေးခဲ့သည်", "ရေးသားခဲ့သည်")
_TIME = re.compile(r"\d ?[:.h時点时]\s?\d\d")
_DATE = re.compile(r"(?<!\d)\d{4}(?!\d)|\d[/.-]\d{1,2}[/.-]\d\d")
_AROUND = "> \t*_\u200b\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff"


def bare(line: str) -> str:
    """A line without quotation signs, emphasis and marks of direction."""
    if "\xa0" in line or "\u202f" in line:
        line = line.replace("\xa0", " ").replace("\u202f", " ")
    if "&nbsp;" in line:  # some clients write it into plain text
        line = line.replace("&nbsp;", " ")
    return line.strip(_AROUND)


def label(line: str) -> str:
    """The kind of header that a bare line of a header block names: from, date, to, cc, subject; or ""."""
    words = line[:40].replace("：", ":").partition(":")
    return LABELS.get(words[0].strip("* \u200e\u200f").lower(), "") if words[1] else ""


def ends_attribution(line: str) -> bool:
    """Whether a bare line may be the last one of an attribution: a colon, or what some clients set in its place."""
    return line.endswith(_COLONS) or (line[-1:] in "-–−" and _undashed(line).endswith((*_COLONS, "wrote")))


def _undashed(line: str) -> str:
    return line.rstrip("-–− ")


def wrote(said: str) -> bool:
    return any(word in said for word in WROTE) or said.startswith(QUOTING)


def may_begin(said: str) -> bool:
    """Whether an attribution may begin with this bare line, in lower case."""
    return said.startswith(BEGINNINGS) or "@" in said or said[:1].isdigit() or said.startswith("--") or wrote(said)


@dataclass(frozen=True, slots=True)
class Saying:
    """What a supposed attribution, one bare line in lower case, says of a mail."""

    verb: bool  # that somebody wrote it
    timed: bool
    dated: bool
    addressed: bool
    ends_with_address: bool

    @property
    def signs(self) -> int:
        return self.verb + self.timed + self.dated + self.addressed

    @property
    def attributes(self) -> bool:
        """Whether this introduces a quotation, if the lines below have quotation signs."""
        return self.verb or self.sure

    @property
    def sure(self) -> bool:
        """Beyond doubt, whatever follows. An address is needed: people tell what somebody wrote, and when, too."""
        if self.verb:
            return self.addressed and (self.timed or self.dated)
        return self.timed and self.dated and self.ends_with_address


def saying(said: str) -> Saying:
    last = said.rstrip(":： ").rpartition(" ")[2]
    return Saying(wrote(said), bool(_TIME.search(said)), bool(_DATE.search(said)), "@" in said, "@" in last)


def separates(line: str) -> bool:
    """Whether a bare line, in lower case, stands between words and the mail that they answer."""
    words = line.strip("-_=*. ")
    if words in ORIGINAL and any(dashes in line for dashes in ("--", "__", "==", "**")):
        return True
    return any(said in words for said in ABOVE_LINE)


def announces_forward(line: str) -> bool:
    words = line.lower().strip("-_=*:： ")
    return words.startswith(FORWARDED) and len(words) < 80  # noqa: PLR2004
