"""How absence notes and receipts read when no header tells that a robot sent them: words in the desk's languages, as data.

Only ever a hint: people write about absences, too, and a question must not be lost for its words.
All are compared as mail/folding.py folds them: capitals, accents, hyphens and line breaks make no difference.
"""

from __future__ import annotations

import re
from functools import cache

from ahocorasick_rs import AhoCorasick, Implementation

from mailflow.mail.folding import fold

MAX_SUBJECT = 200  # letters of a subject that are looked at
MAX_TEXT = 500  # robots are brief: of a longer text only the first lines are read, for what a robot alone says
FIRST_LINES = 300
VOICED = ("\u3099", "\u309a")  # the marks that make ga of ka, when folded: "ますか" asks, "ますが" doesn't
SPACED = "\u0dff"  # up to this letter, scripts set spaces between words; Thai, Burmese, Chinese and Japanese come later
_QUESTION = re.compile("[?？؟]")
_DASH = re.compile(r"\s[-–—]{1,3}\s")
_PREFIX = re.compile(r"(?:(?:re|aw|antw|sv|tr|fwd?|wg|rv|res|回复|回覆|答复) ?[:：] ?|\[[^\]]{1,30}\] ?|[【(\[«\"])")

# A subject begins so, and a colon, a bracket or nothing follows.
SUBJECTS = {
    "en": "out of office|out of the office|automatic reply|automatic response|auto reply|autoreply|auto response|auto|"
    "autoresponder|vacation|vacation reply|on vacation|on leave|annual leave|on annual leave|maternity leave|"
    "away|away from my mail|away from office|away from the office|away at sea|i am away|i'm away|office closed|"
    "not in the office|absence|absence notice|read|not read|read receipt|return receipt|ooo",
    "fr": "réponse automatique|réponse auto|absence du bureau|absent du bureau|absente du bureau|absence|absent|"
    "absente|message d'absence|avis d'absence|notification d'absence|en congé|en congés|congés|congé|vacances|"
    "en vacances|bureau fermé|lu|non lu|accusé de réception|accusé de lecture|message automatique",
    "es": "respuesta automática|contestación automática|fuera de la oficina|fuera de oficina|ausencia|"
    "ausencia de la oficina|aviso de ausencia|ausente|de vacaciones|vacaciones|estoy de vacaciones|"
    "oficina cerrada|leído|no leído|acuse de recibo|mensaje automático|autorrespuesta|baja médica|de licencia",
    "pt": "resposta automática|fora do escritório|ausência do escritório|ausência temporária|ausente do escritório|"
    "ausência|ausente|aviso de ausência|de férias|em férias|férias|lido|lida|não lida|aviso de recepção|"
    "confirmação de recebimento|mensagem automática|recebemos a sua mensagem|recebemos sua mensagem|"
    "recebemos o seu e-mail|recebemos seu e-mail",
    "de": "automatische antwort|automatische rückantwort|abwesenheitsnotiz|abwesenheit|abwesend|abwesenheitsmeldung|"
    "abwesenheitsagent|nicht im büro|außer haus|nicht im haus|im urlaub|urlaub|ich bin im urlaub|"
    "büro geschlossen|eingangsbestätigung|empfangsbestätigung|gelesen|lesebestätigung|"
    "automatische eingangsbestätigung",
    "ja": "自動返信|自動応答|自動返信メール|自動配信|不在通知|不在のお知らせ|不在連絡|不在です|不在届|休暇のお知らせ|休暇中|休業のお知らせ|出張中|出張のお知らせ|受付完了|受付のお知らせ|開封済み|開封確認|"
    "お問い合わせありがとうございます|お問い合わせを受け付けました|年末年始休業のお知らせ|夏季休業のお知らせ",
    "my": "အလိုအလျောက် ပြန်စာ|အလိုအလျောက် ပြန်ကြားစာ|အလိုအလျောက် ပြန်ကြားချက်|အလိုအလျောက်|ရုံးပြင်ပ ရောက်နေသည်|"
    "ရုံးတွင် မရှိပါ|ရုံးမှ ခေတ္တခွင့်ယူထားပါသည်|ခွင့်ယူထားပါသည်|ခွင့်ရက်|ခရီးထွက်နေပါသည်",
    "th": "ตอบกลับอัตโนมัติ|การตอบกลับอัตโนมัติ|ตอบรับอัตโนมัติ|ข้อความอัตโนมัติ|ไม่อยู่ที่สำนักงาน|ไม่อยู่สำนักงาน|"
    "ไม่อยู่ออฟฟิศ|ลาพักร้อน|ลาพัก|ลาป่วย|ลาคลอด|แจ้งวันหยุด|ปิดทำการ|อ่านแล้ว|ได้รับอีเมลของท่านแล้ว|"
    "ได้รับข้อความของท่านแล้ว",
    "vi": "trả lời tự động|thư trả lời tự động|phản hồi tự động|tự động trả lời|thông báo vắng mặt|vắng mặt|"
    "vắng mặt tại văn phòng|không có mặt tại văn phòng|không có mặt ở văn phòng|nghỉ phép|đang nghỉ phép|đi vắng|"
    "đi công tác|đã đọc",
    "ur": "خودکار جواب|دفتر سے غیر حاضر|دفتر سے باہر|غیر حاضر|غیر حاضری|رخصت پر|چھٹی پر",
    "ne": "स्वत: जवाफ|स्वतः जवाफ|स्वचालित जवाफ|स्वचालित प्रतिक्रिया|कार्यालयमा छैन|कार्यालय बाहिर|बिदामा|बिदामा छु|अनुपस्थित",
    "zh": "自动回复|自动答复|自动应答|不在办公室|外出通知|外出|休假|休假中|休假通知|出差|出差中|放假通知|邮件已收到|已收到您的邮件|来信已收到|已读|已收到",
    "zh-Hant": "自動回覆|自動回復|自動回信|自動答覆|不在辦公室|外出通知|外出|休假|休假中|休假通知|出差|出差中|放假通知|郵件已收到|已收到您的郵件|已收到您的來信|感謝您的來信|已讀|讀取回條",
    "it": "risposta automatica|fuori sede|assenza dall'ufficio",
    "nl": "automatisch antwoord|afwezig|afwezigheid",
    "ru": "автоматический ответ|автоответ|вне офиса",
}

# What only a robot says of itself: one suffices.
ROBOTS = {
    "en": "this is an automatic reply|this is an automated reply|this is an automatic response|"
    "this is an automated response|this is an automatic answer|this is an auto-reply|"
    "this is an automatic message|this is an automated message|automatically generated|"
    "do not reply to this email|do not reply to this message|do not reply to this automated|"
    "do not respond to this email|please do not answer this|was read on|this mailbox is not monitored|"
    "automated response",
    "fr": "ceci est une réponse automatique|ceci est un message automatique|cette réponse est automatique|"
    "réponse automatique|message automatique|généré automatiquement|envoyé automatiquement|"
    "merci de ne pas y répondre|merci de ne pas répondre à ce|prière de ne pas répondre|ne répondez pas à ce",
    "es": "esta es una respuesta automática|este es un mensaje automático|este es un correo automático|"
    "respuesta automática|mensaje automático|generado automáticamente|no responda a este|no conteste a este|"
    "favor de no responder",
    "pt": "esta é uma resposta automática|esta é uma mensagem automática|este é um e-mail automático|"
    "resposta automática|mensagem automática|gerada automaticamente|gerado automaticamente|não responda a este|"
    "não responda a esta|por favor não responda|favor não responder",
    "de": "dies ist eine automatische|diese nachricht wurde automatisch|diese e-mail wurde automatisch|"
    "diese mail wurde automatisch|automatische antwort|automatisch erzeugt|automatisch erstellt|"
    "automatisch generiert|antworten sie nicht auf diese|antworten sie bitte nicht auf|"
    "antworten sie nicht darauf|antworten sie bitte nicht darauf|bitte nicht antworten",
    "ja": "自動返信です|自動応答です|自動返信メール|自動で送信|自動的に送信|自動送信|自動配信|システムより自動|システムからの自動|このメールには返信しないで|このメールに返信しないで|本メールへの返信|"
    "ご返信いただいてもお答え",
    "my": "အလိုအလျောက် ပြန်ကြားစာ|အလိုအလျောက် ပြန်စာ|အလိုအလျောက် ပေးပို့|အလိုအလျောက်ပြန်|ဤစာကို ပြန်မဖြေပါနှင့်|"
    "ဤအီးမေးလ်ကို ပြန်မဖြေပါနှင့်|ပြန်စာ မပို့ပါနှင့်",
    "th": "การตอบกลับอัตโนมัติ|ตอบกลับอัตโนมัติ|ข้อความอัตโนมัติ|อีเมลอัตโนมัติ|ระบบอัตโนมัติ|อย่าตอบกลับอีเมล|"
    "โปรดอย่าตอบกลับ|กรุณาอย่าตอบกลับ|กรุณาไม่ต้องตอบกลับ",
    "vi": "thư trả lời tự động|trả lời tự động|phản hồi tự động|email tự động|thư tự động|được gửi tự động|gửi tự động|"
    "vui lòng không trả lời thư này|vui lòng không trả lời email này|xin đừng trả lời|không phản hồi email này",
    "ur": "خودکار جواب|خودکار پیغام|خودکار ای میل|اس ای میل کا جواب نہ دیں|جواب نہ دیں",
    "ne": "स्वचालित जवाफ|स्वचालित सन्देश|स्वचालित इमेल|स्वतः जवाफ|स्वत: जवाफ|जवाफ नदिनुहोस्|जवाफ नदिनुहोला|जवाफ नपठाउनुहोस्",
    "zh": "系统自动|自动回复|自动发送|自动发出|自动生成|请勿直接回复|请勿回复|请不要回复|无需回复",
    "zh-Hant": "系統自動|自動回覆|自動回復|自動發送|自動發出|自動產生|請勿直接回覆|請勿回覆|請不要回覆|無需回覆",
}

# Somebody is away, an office is shut, or somebody has left. Stems, where a language inflects ...
AWAY = {
    "en": "on leave|annual leave|maternity leave|paternity leave|parental leave|sick leave|study leave|holiday|"
    "vacation|i am away|i'm away|we are away|am away|be away|away on|away from|away until|away this|away for|"
    "currently away|out of the|out of office|out of town|out until|out today|out this|am out|be out|ooo|travel|"
    "trip|on tour|abroad|overseas|conference|workshop|seminar|congress|in training|on training|a training|"
    "on a course|a course|aid course|trade fair|at a fair|a fair until|on fieldwork|in the field|retreat|"
    "pilgrimage|i am absent|be absent|am absent|absence|unavailable|not available|not be available|offline|"
    "off sick|am ill|been ill|fallen ill|off ill|through illness|unwell|hospital|surgery|bereavement|sabbatical|"
    "day off|days off|time off|family time|a break|closed|closes|is shut|are shut|be shut|shut until|shut for|"
    "public holiday|bank holiday|christmas|easter|new year|no longer|has left|have left|retired|retirement|"
    "moved on|not in the office|not at my desk|not at work|outside of office hours|outside office hours|funeral|"
    "no electricity|power cut|secondment|resting at home|recovering",
    "fr": "absent|absence|congé|vacances|de repos|en repos|au repos|rtt|en déplacement|en mission|en voyage|"
    "à l'étranger|en stage|en formation|en séminaire|en colloque|en congrès|en réunion|en tournée|au salon|"
    "arrêt maladie|arrêt de travail|souffrant|malade|hospitalis|maternité|paternité|parental|indisponib|"
    "pas disponible|injoignable|pas joignable|hors du bureau|pas au bureau|empêch|fermé|fermons|trêve|pont de|"
    "jours fériés|fêtes|quartiers d'hiver|pèlerinage|ne travaille plus|plus partie|a quitté|ai quitté|retraite|"
    "ne consulte|en dehors des heures|hôpital|convalescence|obsèques|inventaire|déménage|panne|muté",
    "es": "ausen|vacacion|licencia|permiso|fuera de|estaré fuera|estoy fuera|de viaje|viajando|en el extranjero|"
    "en comisión|congreso|feria|seminario|en un curso|capacitación|de baja|baja médica|incapacidad|enferm|"
    "hospital|maternidad|paternidad|excedencia|de luto|no estaré|no estoy|no me encuentro|no disponible|cerrad|"
    "cierre|cerramos|no abrir|receso|festivo|asueto|semana santa|navidad|año nuevo|fin de año|peregrinación|"
    "ya no trabaja|ya no labora|ya no forma parte|jubil|de gira|reposo|mudanza|inventario|corte de luz",
    "pt": "ausen|férias|licença|afastad|de folga|fora do|fora da|fora de|viagem|viajando|viajar|estrangeiro|exterior|"
    "congresso|numa feira|uma feira|na feira|em feira|seminário|formação|treinamento|baixa médica|atestado|"
    "doente|adoec|hospital|internad|maternidade|paternidade|indisponív|não estarei|não estou|não me encontro|"
    "fechad|encerrad|não funcion|não abr|recesso|feriado|ponto facultativo|natal|ano novo|páscoa|carnaval|"
    "já não trabalha|não trabalha mais|não faz mais parte|desligou|aposent|reform|peregrinação|em curso|repouso|"
    "mudança de instalações|inventário|sem energia|balanço",
    "de": "abwesen|urlaub|ferien|habe frei|frei und|frei genommen|frei bis|dienstfrei|freitags|verreist|verhindert|"
    "nicht im büro|nicht im haus|außer haus|nicht am platz|dienstreise|geschäftsreise|auf reise|verreise|"
    "unterwegs|im ausland|auf der messe|auf einer messe|auf messe|tagung|kongress|konferenz|seminar|schulung|"
    "lehrgang|fortbildung|elternzeit|mutterschutz|karenz|bin krank|krank gemeldet|krankgeschrieben|"
    "krankheitsbedingt|erkrankt|klinik|in kur|reha|nicht erreichbar|nicht zu erreichen|geschlossen|schließ|"
    "betriebsruhe|feiertag|weihnacht|ostern|jahreswechsel|zwischen den jahren|nicht mehr|ausgeschieden|verlassen|"
    "ruhestand|in rente|pilger|erkrankung|arbeitsunfähig|nicht am arbeitsplatz|sommerpause|winterpause|"
    "außerhalb der|inventur|trauerfall|stromausfall|versetzt",
    "ja": "不在|休暇|休業|休み|休ませ|お休み|夏季休|冬季休|年末年始|正月|お盆|連休|祝日|出張|海外|外出|席を外|離席|社におりません|おりません|閉めて|閉館|閉店|休館|休診|休校|定休|育休|産休|休職|"
    "入院|療養|体調|病気|学会|研修|展示会|会議|帰省|退職|異動|転勤|忌引|営業時間外|時間外です|受付時間外|有給|慶弔|停電|移転|棚卸|休養|留守",
    "my": "ခွင့်ယူ|ခွင့်ရ|ခွင့်တင်|ရုံးတွင် မရှိ|ရုံးမှာ မရှိ|ရုံးတွင်မရှိ|ရုံးပြင်ပ|ရုံးပိတ်|ပိတ်ထား|ပိတ်ပါ|ပိတ်မည်|"
    "ခရီး|နယ်ခရီး|နိုင်ငံခြား|အစည်းအဝေး|သင်တန်း|ဆွေးနွေးပွဲ|နားနေ|မအားလပ်|အားလပ်ရက်|နေမကောင်း|ဆေးရုံ|မီးဖွား|"
    "သင်္ကြန်|သီတင်းကျွတ်|နှစ်သစ်ကူး|ဘုရားဖူး|တရားစခန်း|နုတ်ထွက်|အလုပ်ထွက်|ပြောင်းရွှေ့|ကျန်းမာရေးမကောင်း|အနားယူ|"
    "ဆေးကုသ|ရုံးချိန်ပြင်ပ|မီးပျက်|လိုင်းမကောင်း",
    "th": "ไม่อยู่|ไม่ได้อยู่|ลาพัก|ลาหยุด|ลาป่วย|ลากิจ|ลาคลอด|ลาบวช|ขอลา|อยู่ระหว่างลา|ผมลา|ดิฉันลา|เดินทาง|"
    "ต่างประเทศ|ต่างจังหวัด|ไปราชการ|ประชุม|สัมมนา|อบรม|ไปงาน|ออกพื้นที่|ลงพื้นที่|ป่วย|โรงพยาบาล|วันหยุด|"
    "หยุดทำการ|หยุดช่วง|หยุดงาน|หยุดปี|หยุดสงกรานต์|หยุดเทศกาล|ปิดทำการ|ปิดชั่วคราว|ปิดเนื่อง|ปิดช่วง|ลาออก|"
    "เกษียณ|ย้ายไป|พ้นจากตำแหน่ง|ไม่สะดวก|นอกเวลา|พักฟื้น|พักรักษา|รักษาตัว|ลางาน|ไม่สบาย|ไฟดับ|สุดสัปดาห์",
    "vi": "nghỉ phép|nghỉ lễ|nghỉ tết|nghỉ ốm|nghỉ thai sản|nghỉ hè|nghỉ bù|nghỉ việc|đang nghỉ|sẽ nghỉ|kỳ nghỉ|"
    "đi vắng|vắng mặt|tạm vắng|đi công tác|đang công tác|chuyến công tác|đi họp|hội nghị|hội thảo|hội chợ|"
    "tập huấn|đi học|thực địa|ra nước ngoài|đi nước ngoài|ở nước ngoài|đi du lịch|đang du lịch|không có mặt|"
    "không ở văn phòng|ngoài văn phòng|nằm viện|bị ốm|đóng cửa|tạm nghỉ|nghỉ hưu|không còn làm|không còn dùng|"
    "về quê|dịp tết|bệnh viện|điều trị|ngoài giờ|nghỉ dưỡng|mất điện|đang ốm|đang bệnh|khóa học|cuối tuần",
    "ur": "چھٹی|رخصت|تعطیل|دفتر سے باہر|دفتر میں نہیں|دفتر میں موجود نہیں|دفتر بند|دفتر چار|بند رہے|بند ہے|غیر حاضر|"
    "موجود نہیں|دستیاب نہیں|سفر|دورے پر|بیرون ملک|ملک سے باہر|شہر سے باہر|عمرے|حج|عید|اجلاس|کانفرنس|تربیت|بیمار|"
    "ہسپتال|طبیعت|زچگی|منتقلی|ملازمت چھوڑ|ریٹائر|اب یہاں کام نہیں|گیا ہوا|گئی ہوئی|دفتری اوقات|علاج|آرام کر|"
    "استعفی|کورس|ورکشاپ|ہفتہ وار تعطیل",
    "ne": "बिदा|कार्यालयमा छैन|कार्यालयमा छुइन|कार्यालय बाहिर|अफिसमा छैन|अफिस बाहिर|यात्रा|भ्रमण|बाहिर छु|बाहिर गएको|"
    "फिल्ड|बैठक|तालिम|गोष्ठी|सम्मेलन|अनुपस्थित|उपलब्ध छैन|दसैं|बडादशैं|तिहार|छठ|नयाँ वर्ष|बन्द|बिरामी|अस्पताल|"
    "सन्चो|राजीनामा|अवकाश|सरुवा|विदेशमा छु|विदेश भ्रमण|उपचार|कार्यालय समय|काज|छोडेको|बिजुली",
    "zh": "休假|年假|放假|假期|请假|度假|产假|病假|特休|调休|出差|外出|在外地|公干|不在办公室|不在公司|不在单位|不在岗|开会|参会|培训|参展|展会|出国|旅行|探亲|回老家|住院|生病|身体不适|离职|退休|"
    "调离|不再负责|春节|国庆|中秋|元旦|停业|歇业|闭馆|停止办公|暂停办公|休息|非工作时间|非上班时间|下班时间|节假日|考察|在国外|时差|微恙|休养|治疗|搬迁|盘点|停电|进修|婚假|丧假",
    "zh-Hant": "休假|年假|放假|假期|請假|度假|產假|病假|特休|補休|留職停薪|出差|外出|在外地|公幹|不在辦公室|不在公司|不在崗|開會|參會|培訓|受訓|參展|展覽|出國|旅行|返鄉|住院|生病|身體不適|離職|退休|"
    "調職|不再負責|春節|中秋|元旦|農曆新年|停班|停業|休館|暫停服務|停止辦公|休息|非上班時間|非辦公時間|下班時間|例假日|連假|考察|在國外|時差|微恙|休養|治療|搬遷|盤點|停電|進修|婚假|喪假|颱風",
}

# ... or has got our mail ...
RECEIVED = {
    "en": "thank you for your email|thank you for your e-mail|thank you for your message|thank you for your enquiry|"
    "thank you for contacting|thank you for writing|thank you for reaching out|thank you for getting in touch|"
    "thanks for your email|thanks for your message|thanks for contacting|thanks for reaching out|"
    "received your email|received your e-mail|received your message|received your enquiry|received your request|"
    "has been received|has been registered|has been logged",
    "fr": "bien reçu votre|votre message a bien été|votre courriel a bien été|votre demande a bien été|"
    "merci pour votre message|merci de votre message|remercions de votre message|remercions pour votre|"
    "accusons réception|nous est parvenu|est bien parvenu|a été enregistré",
    "es": "hemos recibido su|recibimos su|recibido tu|mensaje ha sido recibido|correo ha sido recibido|"
    "gracias por su mensaje|gracias por tu mensaje|gracias por su correo|gracias por tu correo|"
    "gracias por escribir|gracias por contactar|gracias por comunicarse|acusamos recibo|ha sido registrad|"
    "quedó registrad",
    "pt": "recebemos a sua|recebemos sua|recebemos o seu|recebemos seu|mensagem foi recebida|e-mail foi recebido|"
    "agradecemos o seu contato|agradecemos o seu contacto|agradecemos o contato|agradecemos o contacto|"
    "agradecemos a sua mensagem|obrigado pelo seu contacto|obrigado pelo contato|obrigado pela sua mensagem|"
    "obrigada pela sua mensagem|obrigado pelo seu e-mail|obrigado por entrar em contato|acusamos a receção|"
    "foi registad|foi registrad",
    "de": "bei uns eingegangen|ist eingegangen|haben ihre nachricht erhalten|haben ihre e-mail erhalten|"
    "ihre anfrage erhalten|vielen dank für ihre nachricht|vielen dank für ihre e-mail|vielen dank für ihre mail|"
    "vielen dank für ihre anfrage|danke für ihre nachricht|danke für ihre e-mail|danke für ihre anfrage|"
    "dank für ihr schreiben|wurde registriert|wurde erfasst",
    "ja": "受け付けました|受け付けいたしました|受付いたしました|受付完了|メールを受信|受領いたしました|拝受いたしました|お問い合わせいただき|お問い合わせありがとう|お問合せありがとう|ご連絡ありがとう|"
    "メールありがとう|ご連絡いただき|受信しました|受信いたし|受け取りました",
    "my": "ရရှိပါပြီ|ရရှိပြီး ဖြစ်ပါသည်|ဆက်သွယ်သည့်အတွက် ကျေးဇူး|အီးမေးလ်အတွက် ကျေးဇူး|လက်ခံရရှိ|ရရှိပါသည်",
    "th": "ได้รับอีเมล|ได้รับข้อความ|ได้รับจดหมาย|ได้รับคำถาม|ขอบคุณที่ติดต่อ|ขอบคุณสำหรับอีเมล|ขอบคุณสำหรับข้อความ|ขอบคุณที่ส่ง|รับเรื่อง",
    "vi": "đã nhận được thư|đã nhận được email|đã nhận được yêu cầu|đã nhận được tin|cảm ơn bạn đã liên hệ|"
    "cảm ơn quý khách đã liên hệ|cảm ơn quý vị đã liên hệ|cảm ơn email của|cảm ơn thư của|cảm ơn bạn đã gửi|"
    "tiếp nhận thư|đã tiếp nhận",
    "ur": "موصول ہو گئی|موصول ہوگئی|موصول ہوا|موصول ہو گیا|موصول ہو چکی|مل گئی ہے|مل گیا ہے|رابطہ کرنے کا شکریہ|"
    "ای میل کا شکریہ|خط ہمیں مل",
    "ne": "प्राप्त भयो|प्राप्त भएको छ|प्राप्त गर्‍यौं|प्राप्त गरेका छौं|पाएका छौं|पायौं|सम्पर्क गर्नुभएकोमा धन्यवाद|"
    "इमेलका लागि धन्यवाद|दर्ता भएको|दर्ता भयो",
    "zh": "已经收到|已收到|收到您的|收悉|感谢您的来信|感谢来信|感谢您的邮件|感谢您联系|来信敬悉|已受理|已登记",
    "zh-Hant": "已經收到|已收到|收到您的|收悉|感謝您的來信|感謝來信|感謝您的郵件|感謝您聯絡|多謝來信|來信敬悉|已受理|已登記",
}

# ... and it says how it goes on with our mail: read later, answered later, or by whom instead. Stems, too.
LATER = {
    "en": "reply|replies|respond|response|answer|read|inbox|mailbox|email|e-mail|electronic mail|messages|your message|"
    "contact|reach|access|connection|internet|monitor|urgent|emergency|cannot wait|can't wait|patien|colleague|"
    "in my absence|my behalf|instead|correspondence|addressed to|direct all|back|return|reopen|re-open|get to|"
    "catch up|expect|slow|delay|in touch|forwarded|ring|phone|dealt with|deal with your|my deputy|mails",
    "fr": "répon|lire|lirai|lus|lu à|messages|votre message|messagerie|courriel|e-mail|mail|contact|joign|accès|"
    "connexion|urgen|patient|collègue|en mon absence|adress|suivi|relais|remplac|appel|de retour|mon retour|"
    "retour|reprend|reprise|reviendr|reviens|rouvr|réouvr|transfér|délais|traité|disponible|"
    "prendrai connaissance|donner suite|compréhension|accueil",
    "es": "respond|respuesta|contest|leer|correo|e-mail|mensaje|bandeja|contact|comuníque|diríja|atend|acceso|conexión|"
    "conectividad|urgen|emergencia|paciencia|brevedad|en mi ausencia|reemplaz|sustitu|compañer|colega|encargad|"
    "regres|volver|vuelvo|vuelta|retorn|reincorpor|reabri|abriremos|llam|reenv|al día con|consulta|será revisad|"
    "escribir a|jefatura|al término",
    "pt": "respond|resposta|ler|lid|correio|e-mail|email|mensagem|mensagens|caixa de|contact|contat|acesso|ligação|"
    "internet|urgên|paciência|brevidade|na minha ausência|substitu|colega|tratad|encaminh|dirij|regress|retorn|"
    "voltar|volto|de volta|reabr|assim que|logo que|em breve|ligar|disponív|dar seguimento|conversa|caixa postal",
    "de": "antwort|beantwort|lese|gelesen|bearbeit|kümmere|melde|e-mail|mail|nachricht|post|zugriff|internet|dringend|"
    "eilig|notf|geduld|vertret|übernimmt|übernehm|kolleg|wende|richten sie|ansprech|erreich|anruf|rufen sie|"
    "telefon|wieder|zurück|rückkehr|danach|weitergeleitet|geöffnet|öffnen|leite ich nicht|anfrage leite|nachher|"
    "zentrale|stellvertret",
    "ja": "返信|返事|回答|連絡|拝見|確認|メール|お問い合わせ|お問合せ|ご案内|対応|お急ぎ|緊急|急ぎ|ご了承|ご容赦|お待ち|代わり|代理|後任|担当|総務|お電話|戻り|復帰|出社|再開|以降|順次|順番|遅く|"
    "遅れ|折り返し|差し上げ|同僚",
    "my": "ပြန်ကြား|ပြန်ဖြေ|ပြန်ဆက်|စာပြန်|ဖတ်|ကြည့်|စစ်|အီးမေးလ်|မေးလ်|စာများ|ဆက်သွယ်|အင်တာနက်|အရေးကြီး|အရေးပေါ်|"
    "ကိုယ်စား|တာဝန်ယူ|ဖုန်းဆက်|ပြန်ရောက်|ပြန်တက်|ပြန်လာ|ပြန်ဖွင့်|ရုံးဖွင့်|နောက်မှ|မကြာမီ|အမြန်ဆုံး|ဖြေနိုင်",
    "th": "ตอบ|อ่าน|อีเมล|เมล|ข้อความ|ติดต่อ|เข้าถึง|อินเทอร์เน็ต|ด่วน|ฉุกเฉิน|แทน|ดูแล|ฝาก|เพื่อนร่วมงาน|โทร|กลับมา|"
    "จะกลับ|กลับถึง|เปิดทำการ|เปิดให้บริการ|เปิดอีก|โดยเร็ว|เร็วที่สุด|ภายหลัง|หลังจาก|ขออภัย|ส่งเรื่อง|ส่งมาที่",
    "vi": "trả lời|phản hồi|hồi âm|đọc|xem email|kiểm tra|email|thư|tin nhắn|hộp thư|liên hệ|internet|truy cập|gấp|"
    "khẩn|thay tôi|thay mặt|đồng nghiệp|xử lý|gọi|trở lại|quay lại|đi làm lại|khi về|trở về|mở cửa|hẹn gặp lại|"
    "gửi về|sớm nhất|chậm|thông cảm|liên lạc|giải quyết",
    "ur": "جواب|پڑھ|دیکھ|ای میل|ڈاک|پیغام|رابطہ|انٹرنیٹ|فوری|ہنگامی|ضروری|میری جگہ|میرے بجائے|ساتھی|مدد کر|فون|واپس|"
    "لوٹ|کھل|جلد|معمول پر|معذرت|تاخیر|دن کے اندر",
    "ne": "जवाफ|हेर्|हेरि|पढ्|लेख्|इमेल|सन्देश|सम्पर्क|इन्टरनेट|जरुरी|आपतकालीन|मेरो सट्टा|मेरो ठाउँमा|सहकर्मी|फोन|फर्क|"
    "खुल्|खुले|भेटि|छिट्टै|चाँडै|असुविधा|गतेसम्म|ढिलो|दिनभित्र",
    "zh": "回复|答复|回信|查看|查收|看邮件|邮件|来信|联系|网络|急事|紧急|有事|代为|代理|同事|对接|接手|处理|电话|手机|回来|返回|回公司|上班|开工|恢复|之后|尽快|及时|不便|谅解|见谅|取得联系|"
    "回邮件|值班人员",
    "zh-Hant": "回覆|答覆|回信|查看|查閱|看信|郵件|電郵|來信|聯絡|網路|急事|緊急|有事|代為|代理|同事|對接|接手|處理|洽|電話|手機|回來|返回|回公司|回港|上班|開工|恢復|復班|復職|之後|儘快|盡快|及時|"
    "不便|延誤|見諒|原諒|取得聯繫|致電|助理|敬祈",
}

# Whoever asks is a person, whatever else they tell. Question marks are looked for besides.
ASKS = {
    "en": "could you|can you tell|may we|may i ask|would you please|please explain|please advise|please tell us|"
    "would like to know|want to know|we wonder|is it allowed|is it legal|would be grateful|grateful for|"
    "kindly send|i need your help|help me|please help|we are asking|i am asking",
    "fr": "est-ce que|pouvez-vous|pourriez-vous|je voudrais savoir|nous voudrions savoir|j'aimerais savoir|"
    "merci de m'indiquer|merci de nous indiquer|veuillez nous dire|je souhaite savoir|je vous demande|"
    "je vous prie de me|nous vous demandons|merci de me dire|nous sollicitons|je sollicite|aidez-moi",
    "es": "podrían|podría usted|quisiera saber|quisiéramos saber|me gustaría saber|nos gustaría saber|quiero saber|"
    "agradecería que|necesito saber|favor de indicar|solicito|solicitamos|le pido|les pido|ayúdenme|"
    "necesitamos saber|exijo",
    "pt": "poderiam|poderia|gostaria de saber|gostaríamos de saber|queria saber|quero saber|preciso de saber|"
    "preciso saber|agradecia que|peço que|pedimos que|solicito|solicitamos|ajudem-me",
    "de": "können sie|könnten sie|würden sie|ich möchte wissen|wir möchten wissen|ich wüsste gern|bitte teilen sie|"
    "ich frage|wir fragen|meine frage|unsere frage|ich brauche|wir brauchen|ich hätte gern|wir hätten gern|"
    "helfen sie",
    "ja": "でしょうか|ますか|ですか|ませんか|教えてくだ|ご教示|お聞かせ|伺いたい|お伺い|質問が|知りたい|お尋ね|ご相談|相談させて|お願いできれば|お送りします",
    "my": "သလား|ပါလား|မလား|သလဲ|မလဲ|ပါလဲ|လား။|လဲ။|သိလို|သိချင်|ရှင်းပြပေးပါ။|တင်ပြအပ်|တောင်းဆို|ဖိတ်ကြား|မေတ္တာရပ်ခံ|"
    "ကူညီပေးပါ။|ဖြေကြားပေးပါ။|အကြံပေးပါ။|ဖြေပေးပါ။",
    "th": "ไหม|มั้ย|หรือไม่|หรือเปล่า|อย่างไร|กี่วัน|เท่าไร|เท่าไหร่|อยากทราบ|ขอสอบถาม|รบกวนสอบถาม|ใช่หรือ|ขอคำแนะนำ|"
    "ช่วยแนะนำ|ขอเชิญ|ขอความอนุเคราะห์|ขอทราบ",
    "vi": "có phải|hay không|được không|có được|xin hỏi|xin cho biết|cho tôi hỏi|cho hỏi|muốn hỏi|muốn biết|"
    "như thế nào|bao nhiêu|kính đề nghị|xin tư vấn|nhờ tư vấn|em rất mong|tôi rất mong",
    "ur": "کیا یہ|کیا میں|کیا ہم|کیا کوئی|کیسے|کتنے|کتنی|رہنمائی|جاننا چاہ|بتائیں|پوچھنا|گزارش ہے|درخواست ہے|عرض ہے|"
    "خدا کے واسطے|میری مدد|جواب درکار",
    "ne": "के यो|के हामी|के म|कसरी|कति |के गर्न|हुन्छ कि|सकिन्छ कि|जान्न चाह|बताइदिनु|सोध्न|अनुरोध गर्द|सल्लाह|"
    "सहयोग गरिदिनु|मद्दत गरिदिनु",
    "zh": "吗|请问|什么|如何|怎么|是否|请提供|请告知|想了解|想咨询|请帮|能不能|可不可以|该不该|恳请|求助|咨询|希望贵",
    "zh-Hant": "嗎|請問|什麼|如何|怎麼|是否|請提供|請告知|想了解|想請教|陳情|懇請|請協助|能不能|可不可以|該不該|求助|諮詢|希望貴",
}


def told(subject: str, text: str) -> tuple[bool, bool]:
    """Whether the subject, and whether the first lines of the author's own text read like a robot's. Linear."""
    return _told_by_subject(subject[:MAX_SUBJECT]), _told_by_text(text)


def _told_by_subject(subject: str) -> bool:
    rest = fold(_DASH.sub(": ", subject))
    while prefix := _PREFIX.match(rest):
        rest = rest[prefix.end() :]
    found = _subjects().match(rest)
    return found is not None and _ends(rest[found.end() :].lstrip())


def _ends(rest: str) -> bool:
    """Whether the telling words of a subject end here: a colon, a bracket, or the subject that is answered follows."""
    return not rest or not rest[0].isalnum() or rest.startswith(("re:", "re "))


def _told_by_text(text: str) -> bool:
    brief = len(text) <= MAX_TEXT
    kinds = _kinds_in(fold(text if brief else text[:FIRST_LINES]))
    if "robot" in kinds:
        return True
    if not brief or "asks" in kinds or _QUESTION.search(text):
        return False
    return "later" in kinds and bool(kinds & {"away", "received"})


def _kinds_in(folded: str) -> set[str]:
    """Which kinds of phrases stand in a text, each at the beginning of a word."""
    automaton, kinds = _phrases()
    return {
        kinds[found]
        for found, start, end in automaton.find_matches_as_indexes(folded, overlapping=True)
        if (not start or folded[start] > SPACED or not folded[start - 1].isalnum())
        and not folded.startswith(VOICED, end)
    }


@cache
def _subjects() -> re.Pattern[str]:
    words = sorted((fold(word) for words in SUBJECTS.values() for word in words.split("|")), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


@cache
def _phrases() -> tuple[AhoCorasick, list[str]]:
    """What finds every phrase in one pass, and the kind of each."""
    tables = {"robot": ROBOTS, "away": AWAY, "received": RECEIVED, "later": LATER, "asks": ASKS}
    told = [
        (fold(phrase), kind)
        for kind, table in tables.items()
        for words in table.values()
        for phrase in words.split("|")
    ]
    automaton = AhoCorasick([phrase for phrase, _ in told], implementation=Implementation.ContiguousNFA)
    return automaton, [kind for _, kind in told]
