# ruff: noqa: SIM905  a table of words reads best as running text
"""What machines add to a person's words: lines of devices, disclaimers, scanners' reports, banners of mail systems.

All words are lower case. Each judgement wants several signs at once, and a word that only a person says ("my", "please
keep", a question mark) outweighs them: whoever asks us to keep a secret must not be taken for a disclaimer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

MAX_LETTERS = 3_000  # of a paragraph that is looked at
SIGNING_LETTERS = 120  # "Sent from my phone" and the like
BANNER_LETTERS = 700
TAG_LETTERS = 60  # "[EXTERNAL]"
NAME_LETTERS = 12  # a shorter paragraph is a name
SHORT_LETTERS = 200  # a scanner's report, or a plea for trees
CLOSING_LINES, CLOSING_LETTERS = 2, 80  # of a closing and a name

Words = tuple[str, ...]


def _words(*lines: str) -> Words:
    return tuple("|".join(lines).split("|"))


def says(text: str, words: Words) -> bool:
    for word in words:  # noqa: SIM110  a generator takes twice as long
        if word in text:
            return True
    return False


# ---------------------------------------------------------------- lines of devices and programs

# The line with which a client signs for the author begins so, and names a device or a program; ...
_SIGNING = _words(
    "sent from|envoyé de mon|envoyé de ma|envoyé depuis|envoyé à partir|enviado desde|enviado do meu|enviado da minha",
    "enviado de meu|enviado a partir|发自我的|發自我的|发送自我的|来自我的|來自我的|gửi từ|được gửi từ|đã gửi từ|ส่งจาก|inviato da",
    "verstuurd vanaf|отправлено с|skickat från|sendt fra|lähetetty|wysłane z",
)
# ... or so, and names a program; ...
_SIGNING_WITH = _words(
    "sent by|sent via|sent with|sent using|get outlook|get bluemail|securely sent|yahoo mail:|outlook for|outlook für",
    "envoyé de|envoyé avec|envoyé via|obtenir outlook|obtenez outlook|télécharger outlook|enviado con|enviado mediante",
    "enviado de|enviado do|enviado pelo|enviado via|enviado com|obtener outlook|obter o outlook|obtenha o outlook",
    "descargar outlook|baixar o outlook|gesendet von|gesendet mit|gesendet über|holen sie sich outlook|发自|發自",
    "获取 outlook|取得 outlook|取得 ios 版 outlook|取得 android 版 outlook|下载 outlook|tải outlook|nhận outlook|รับ outlook",
    "ดาวน์โหลด outlook|iphone|ipad|android|galaxy|xperia",
)
# ... or it begins so and ends so.
_FROM_MINE = _words("von meinem|von meiner|diese nachricht wurde|從我的|从我的|ကျွန်ုပ်၏|ကျွန်တော့်|ကျွန်မ၏|میرے|मेरो|나의")
_SENT = _words(
    "gesendet|versendet|verschickt|geschickt|傳送|发送|ပို့ခဲ့သည်|ပို့သည်|ပို့လိုက်သည်|بھیجا گیا|بھیجا|पठाइएको|पठाइयो|"
    "보냄|から送信|から送信されました|から送信しました|を入手"
)
_PROGRAMS = re.compile(
    "iphone|ipad|ipod|android|galaxy|xperia|samsung|huawei|xiaomi|redmi|oppo|vivo|nokia|pixel|blackberry|outlook|yahoo|"
    "gmail|proton|tuta|k-9|bluemail|fairemail|thunderbird|mailbird|sparrow|spark|windows mail|mail for windows|"
    "mail für windows"
)
_DEVICES = re.compile(
    "phone|tablet|mobile|handy|móvil|movil|celular|telemóvel|téléphone|portable|appareil|dispositivo|mobilgerät|gerät|"
    "スマートフォン|スマホ|携帯|手机|手機|điện thoại|โทรศัพท์|มือถือ|ဖုန်း|فون|موبائل|फोन|मोबाइल|आइफोन|телефон|kommunikátor"
)
_EXCUSES = _words(
    "please excuse|excuse|sorry|apologies|pardon|veuillez excuser|désolé|disculp|perdon|desculp|bitte entschuldigen"
)


def client_signs(line: str) -> bool:
    """Whether a client signs ("Sent from my phone"): it names a device or a program, and is no sentence."""
    words = line.replace("\xa0", " ").strip("> \t*_.\u200b\u200e\u200f").lower()
    if len(words) > SIGNING_LETTERS:
        return False
    first, comma, rest = words.partition(", ")
    if comma and not words.startswith("yahoo mail:") and not rest.startswith(_EXCUSES):
        return False
    if words.startswith(_SIGNING):
        return bool(_PROGRAMS.search(first) or _DEVICES.search(first))
    if words.endswith(_SENT) and words.startswith((*_FROM_MINE, *_SIGNING_WITH)):
        return bool(_PROGRAMS.search(first) or _DEVICES.search(first))
    return words.startswith(_SIGNING_WITH) and bool(_PROGRAMS.search(first)) and _is_bare_name(words)


def _is_bare_name(words: str) -> bool:
    """Whether a line that begins with the name of a device says no more: people write about telephones, too."""
    return not words.startswith(("iphone", "ipad", "android", "galaxy", "xperia")) or " " not in words


# ---------------------------------------------------------------- disclaimers

_MESSAGE = _words(
    "this e-mail|this email|this message|this communication|this transmission|e-mail and any|email and any",
    "information contained|information in this|contents of this|ce message|ce courriel|ce courrier|ce mail|cet e-mail",
    "cet email|présent message|présent courriel|este mensaje|este correo|este e-mail|este email|esta comunicación",
    "presente mensaje|presente correo|esta mensagem|esta comunicação|presente mensagem|presente e-mail|diese e-mail",
    "dieser e-mail|diese email|dieser email|diese mail|dieser mail|diese nachricht|dieser nachricht|本メール|このメール",
    "当メール|本電子メール|この電子メール|本邮件|此邮件|该邮件|本电子邮件|此电子邮件|本郵件|此郵件|本電子郵件|此電子郵件|本信件",
    "此信件|email này|e-mail này|thư này|thư điện tử này|thông điệp này|tin nhắn này|อีเมลฉบับนี้|อีเมลนี้|อีเมล์ฉบับนี้",
    "จดหมายอิเล็กทรอนิกส์ฉบับนี้|ข้อความนี้|ဤအီးမေးလ်|ဒီအီးမေးလ်|ဤမက်ဆေ့|یہ ای میل|اس ای میل|یہ پیغام|اس پیغام",
    "यो इमेल|यस इमेल|यो सन्देश|यस सन्देश",
)
_SECRET = _words(
    "confidential|privileged|proprietary|confidentiel|secret professionnel|protégées|confidencial|reservada|sigilos",
    "secreto profesional|vertraulich|rechtlich geschützt|機密|秘密|守秘|机密|保密|bảo mật|thông tin mật|bí mật|ความลับ|ข้อมูลลับ",
    "လျှို့ဝှက်|خفیہ|رازدارانہ|गोप्य",
)
_READER = _words(
    "intended recipient|addressee|solely for|intended only|intended solely|intended for|destinataire|destiné",
    "usage exclusif|destinatario|dirigido|dirigidos|exclusivamente|destinatário|destina-se|destinam-se|adressat",
    "empfänger|ausschließlich|宛先|受信者|名宛人|收件人|指定|接收人|收信人|người nhận|dành cho|ผู้รับ|လက်ခံသူ|وصول کنندہ",
    "صرف اس شخص|प्राप्तकर्ता|प्रापक|सम्बोधित",
)
_MISTAKE = _words(
    "in error|by mistake|delete it|delete this|delete the|destroy|not the intended|not the addressee|not the named",
    "par erreur|supprimer|détruire|n'êtes pas le destinataire|n’êtes pas le destinataire|pas destiné|por error|elimin",
    "no es el destinatario|por engano|por erro|apag|não é o destinatário|irrtümlich|versehentlich|vernichten|löschen",
    "nicht der richtige|nicht der vorgesehene|nicht der beabsichtigte|心当たりのない|誤って|削除|破棄|错收|误收|删除|誤收|刪除",
    "若您並非|如您不是|nhầm|không phải là người nhận|xóa email|xoá email|xóa thư|โดยผิดพลาด|ไม่ใช่ผู้รับ|ลบ|မဟုတ်ပါက|မှားယွင်း",
    "ဖျက်|غلطی سے|حذف|نہیں ہیں تو|होइन भने|गल्तीले|मेटाउ",
)
_FORBIDDEN = _words(
    "prohibited|unauthorised|unauthorized|disclos|disseminat|distribut|may not copy|unlawful|interdit|non autorisée",
    "prohib|divulga|proibid|não autorizad|não sendo permitid|untersagt|nicht gestattet|unzulässig|unbefugt|禁じ|禁止|無断",
    "严禁|嚴禁|请勿|請勿|不得|nghiêm cấm|ห้าม|တားမြစ်|ခွင့်မပြု|ممنوع|निषेध|मनाही",
)
_HEADING = _words(
    "disclaimer|confidentiality notice|confidentiality:|legal notice|avis de confidentialité|clause de confidentialité",
    "avertissement :|aviso legal|aviso de confidencialidad|aviso de privacidad|nota de confidencialidade",
    "vertraulichkeitshinweis|haftungsausschluss|免責|免责|保密声明|保密聲明|法律声明|thông báo bảo mật|ข้อความปฏิเสธ",
)
# Only a person speaks so, and only of a wish of their own.
_PERSON = re.compile(
    r"[?？؟](?=[\s\"”»)]|$)|\b(?:i|i'm|i’m|my|mine|je|mon|ma|mes|moi|ich|mein|meine|meinen|meinem|meiner|mir|mich|yo|mi|mis|mí|eu|meu|"
    r"minha|mim)\b(?!\))|\b[jm]['’]|(?<!chúng )\btôi\b|我(?!们|們|司|公司|方)|私(?!的|達)|ดิฉัน|ผม(?!ิ)|ฉัน|ကျွန်တော်|ကျွန်မ|میرا|میری|میرے|مجھے|"
    r"मेरो|मलाई|हामीलाई"
)
_WISH = _words(
    "please keep|please treat|please handle|please do not share|please don't|i ask|merci de traiter|veuillez traiter",
    "merci de garder|prière de|gardez|por favor, mantengan|por favor mantengan|les pido|pedimos que|peço|pedimos",
    "por favor, mantenham|bitte behandeln|vertraulich behandeln|他言無用|内密|秘密にして|替我|为我|為我|务必|務必|不要告诉",
    "不要告訴|không tiết lộ giúp|giữ kín|xin giữ|ขอให้เก็บ|ช่วยเก็บ|กรุณาเก็บ|ထားပေးပါ|رکھیں|رکھیے|رکھیئے|राख्नुहोला|राख्नुहोस्",
)
_GROUPS = (_MESSAGE, _SECRET, _READER, _MISTAKE, _FORBIDDEN)


def disclaims(text: str) -> bool:
    """Whether a paragraph, in lower case, is a disclaimer: of a message, what follows from a mistake, and more."""
    mistake, forbidden = says(text, _MISTAKE), says(text, _FORBIDDEN)
    if not (mistake or forbidden):
        return False
    message, heading = says(text, _MESSAGE), says(text, _HEADING)
    signs = mistake + forbidden + message + heading + says(text, _SECRET) + says(text, _READER)
    return (message or heading) and signs > 2 and not personal(text)  # noqa: PLR2004


def may_disclaim(text: str) -> bool:
    """Whether the last lines of a paragraph, in lower case, may be the end of a disclaimer. Quick."""
    return says(text, _MISTAKE) or says(text, _FORBIDDEN) or says(text, _SECRET) or says(text, _READER)


def speaks_of_message(text: str) -> bool:
    return says(text, _MESSAGE) or says(text, _HEADING)


def goes_on(text: str) -> bool:
    """Whether a paragraph, in lower case, may be the further course of a disclaimer that stands above it."""
    return sum(says(text, group) for group in _GROUPS) > 1 and not personal(text)


def personal(text: str) -> bool:
    """Whether a person speaks of themselves, asks, or wishes."""
    return bool(_PERSON.search(text)) or says(text, _WISH)


# ---------------------------------------------------------------- scanners, lists, trees

_VIRUS = _words("virus|virenfrei|vírus|vi-rút|ウイルス|病毒|ไวรัส|ဗိုင်းရပ်|وائرس|भाइरस")
_SCANNER = _words("avast|antivir|anti-virus|kaspersky|norton|mcafee|bitdefender|clamav|mailscanner|sophos|by avg")
_FREE = _words(
    "virus-free.|virenfrei.|sans virus.|garanti sans virus.|libre de virus.|livre de vírus.|不含病毒。|ウイルス フリー。"
)
_LIST = _words(
    "mailing list|mailing-list|listinfo|unsubscribe|subscribed|@lists.|groups.google|googlegroups|liste de diffusion|abonné",
    "désabonn|lista de correo|darse de baja|lista de discussão|cancelar a inscrição|abmelden|メーリングリスト|邮件列表|郵件列表",
    "antivirus|anti-virus|scanned for|checked for viruses",
)
_LISTED = _words(
    "you received this message because you are subscribed|to unsubscribe from this|unsubscribe from this group",
    "vous recevez ce message, car vous êtes abonné|pour vous désabonner|ha recibido este mensaje porque",
    "você recebeu essa mensagem porque|sie erhalten diese nachricht, weil",
)
_PRINTING = _words(
    "before print|avant d'imprimer|avant d’imprimer|bevor sie diese|antes de imprimir|antes de imprimi-lo|印刷する前|印刷前",
    "打印前|打印此邮件|列印前|列印此|trước khi in|ก่อนพิมพ์",
)
_TREES = _words(
    "environment|environnement|umwelt|medio ambiente|meio ambiente|planet|planèt|環境|环境|环保|環保|môi trường|สิ่งแวดล้อม"
)


def names_list(text: str) -> bool:
    """Whether lines below a rule, in lower case, are a list's or a scanner's: they lead somewhere, and say whose."""
    return ("@" in text or "://" in text or "www." in text) and says(text, _LIST) and not _PERSON.search(text)


def machine_reports(text: str) -> bool:
    """Whether a paragraph, in lower case, is a scanner's report, a list's footer or a plea for trees."""
    if not NAME_LETTERS < len(text) <= 2 * SHORT_LETTERS or "?" in text:
        return False
    if says(text, _LISTED):
        return True
    if len(text) > SHORT_LETTERS:
        return False
    if text.startswith(_FREE):
        return True
    if says(text, _VIRUS) and says(text, _SCANNER):
        return speaks_of_message(text) or "www." in text
    return says(text, _PRINTING) and says(text, _TREES)


# ---------------------------------------------------------------- banners above a mail

_ALERT = _words(
    "caution|warning|attention|external|[ext|notice|this email|this e-mail|this message|ce message|cet e-mail|cet email",
    "courriel externe|achtung|vorsicht|warnung|hinweis|extern|diese e-mail|precaución|advertencia|atención|aviso|este correo",
    "correo externo|este mensaje|atenção|cuidado|este e-mail|esta mensagem|e-mail externo|注意|警告|【|このメール|外部|此邮件",
    "此郵件|本邮件|本郵件|cảnh báo|thư này|email này|คำเตือน|อีเมลนี้|သတိပေး|خبردار|सावधान",
)
_OUTSIDE = _words(
    "external sender|external email|external e-mail|external source|outside of the|outside the org|outside of your",
    "outside your org|from outside|[external|expéditeur externe|de l'extérieur|de l’extérieur|externe à|courriel externe",
    "remitente externo|fuera de la organización|externo a la|correo externo|remetente externo|fora da organização",
    "externo à|e-mail externo|externen absender|externer absender|von außerhalb|externe e-mail|externen e-mail|外部から",
    "社外から|外部の送信者|外部发件人|外部邮件|组织外部|外部寄件|外部郵件|組織外部|来自外部|來自外部|bên ngoài|ภายนอก|ပြင်ပ|بیرونی",
    "बाह्य",
)
_CARE = _words(
    "click|link|attachment|recognize|recognise|trust|cliqu|pièces jointes|clic|enlaces|adjuntos|anexos|klick|anhänge",
    "リンク|添付|链接|附件|連結|liên kết|đính kèm|ลิงก์|ไฟล์แนบ|လင့်|ပူးတွဲ|لنک|منسلک|लिङ्क|संलग्न",
)
_SELDOM = _words(
    "you don't often get email from|you don’t often get email from|don't often get email from|don’t often get email from",
    "n’obtenez pas souvent d’e-mail|n'obtenez pas souvent d'e-mail|erhalten nicht häufig e-mails von|no suele recibir correo",
    "não costuma receber emails|não costuma receber email|não recebe frequentemente|からのメールを受け取る|通常不会收到来自",
    "不常收到來自|không thường nhận được email",
)
_TAGS = frozenset(
    "external|external email|external e-mail|external sender|ext|external mail|expéditeur externe|externe|extern|"
    "externer absender|externe e-mail|externo|correo externo|remitente externo|remetente externo|e-mail externo|"
    "外部|外部メール|社外|外部邮件|外部郵件".split("|")
)


def may_be_banner(text: str) -> bool:
    """Whether the first line of a mail, in lower case, may be the first one of a banner. Quick."""
    return _alerts(text) or (len(text) <= TAG_LETTERS and _is_tag(text)) or says(text, _SELDOM)


def is_banner(text: str) -> bool:
    """Whether the first lines of a mail, in lower case, are a banner of the mail system that took it in."""
    if len(text) <= TAG_LETTERS and _is_tag(text):
        return True
    if len(text) <= 2 * SHORT_LETTERS and says(text, _SELDOM):
        return True
    return (
        len(text) <= BANNER_LETTERS
        and _alerts(text)
        and says(text, _OUTSIDE)
        and says(text, _CARE)
        and not personal(text)
    )


def _alerts(text: str) -> bool:
    return text.startswith(_ALERT) or text.lstrip(" *[(⚠️!").startswith(_ALERT)


def _is_tag(text: str) -> bool:
    return text.strip(" []()*【】-_:!") in _TAGS


# ---------------------------------------------------------------- answers that stand elsewhere

_PUNCTUATION = re.compile(r"[\s.,;:!()]+")
_ANSWERS = _words(
    "answer|comment|replies|replied|reply|respon|my notes|répon|remarques|respuesta|comentario|respost|comentário|antwort",
    "anmerkung|kommentar|回答|返信|コメント|回复|答复|回覆|答覆|trả lời|คำตอบ|ตอบ|အဖြေ|ဖြေ|جواب|जवाफ",
)
_BETWEEN = _words(
    "inline|in-line|between the lines|in between|in red |in blue |in green |in capitals|in bold |en rouge|en bleu|en gras",
    "dans le corps du|dans votre message|entre les lignes|en rojo|en azul|entre líneas|en el texto|em vermelho|em azul",
    "no meio do texto|entre linhas|in rot |in blau |zwischen den zeilen|im text in|インライン|赤字|青字|本文中|行間|红字|红色",
    "紅字|紅色|蓝字|逐条|逐條|原文中|màu đỏ|xen kẽ|สีแดง|แทรก|အနီ|ကြားညှပ်|سرخ|سطروں کے بیچ|रातो|बीचबीच",
)
_BELOW = _words(
    "below|ci-dessous|ci-après|plus bas|abajo|a continuación|abaixo|a seguir|unten|nachstehend|以下|下記|如下|下面|bên dưới",
    "dưới đây|ด้านล่าง|ข้างล่าง|အောက်|نیچے|तल",
)


def answers_elsewhere(lines: Sequence[str]) -> bool:
    """Whether lines, without blank ones, only announce answers that stand inside the quotation below."""
    for number, line in enumerate(lines):
        said = f"{' '.join(_PUNCTUATION.split(line.lower()))} "
        if says(said, _ANSWERS):
            if says(said, _BETWEEN):
                return True
            if says(said, _BELOW) and _only_a_name(lines[number + 1 :]):
                return True
    return False


def _only_a_name(lines: Sequence[str]) -> bool:
    """Whether lines have room for a closing and a name, and nothing else."""
    return len(lines) <= CLOSING_LINES and sum(map(len, lines)) <= CLOSING_LETTERS
