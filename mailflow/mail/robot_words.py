"""How mail servers and absence robots write: words in the desk's languages and some more, as data.

All are compared as mail/folding.py folds them: capitals, accents, hyphens and line breaks make no difference.
"""

# ruff: noqa: SIM905  a table of words reads best as running text

from __future__ import annotations

from collections.abc import Mapping

# How the addresses begin from which mail servers write.
DAEMONS = ("mailer-daemon", "mailerdaemon", "postmaster", "maildaemon", "mail-daemon", "mdaemon", "microsoftexchange")

# ---------------------------------------------------------------- bounces

# Above the mail that is given back: in a line that begins with dashes or ends with a colon.
RETURNED = (
    "original message|original mail|returned message|returned mail|copy of the message|"
    "copy of your message|unsent message|message header|header of the|header and|headers follow|message's headers|"
    "text follows|message d'origine|message original|message initial|mensaje original|mensagem original|"
    "cabeçalho da mensagem|cabeçalhos da mensagem|ursprüngliche nachricht|originalnachricht|"
    "ursprüngliche nachrichtenkopfzeilen|元のメール|元のメッセージ|メールのヘッダー|原始邮件|原始郵件|"
    "thư gốc|ข้อความต้นฉบับ"
).split("|")

# It is still being tried. Each says so by itself: failures tell of delays in the past, too.
DELAYED = (
    "warning message only|this is a warning only|do not need to resend|has been delayed|delayed mail|"
    "delivery attempts will continue|no action is required on your part|not yet been delivered|will keep trying|"
    "will be retried for|will be retried until|will continue to be attempted|is delayed to|still being retried|"
    "delivery is delayed|delivery delayed|still undelivered|delivery status notification (delay)|"
    "sera retentée|seront retentées|n'a pas encore été remis|remise retardée|la remise est retardée|"
    "se seguirá intentando|todavía no se ha entregado|entrega retrasada|se ha retrasado la entrega|"
    "continuaremos tentando|ainda não foi entregue|entrega atrasada|"
    "zustellung verzögert|weitere zustellversuche|noch nicht zugestellt|"
    "配送が遅れて|配信が遅れて|配送遅延|配信遅延|再送していただく必要はありません|再送する必要はありません|"
    "投递延迟|延迟通知|仍在尝试|投遞延遲|仍在嘗試|bị trì hoãn|chưa được gửi đến|ล่าช้า|доставка задерж|ещё не доставлено"
).split("|")

DELIVERED = (
    "successfully delivered|successful mail delivery|was delivered to|has been delivered to|successfully relayed|"
    "delivery status notification (success)|remis avec succès|a bien été remis|entregado correctamente|"
    "se ha entregado a|entregue com êxito|entregue com sucesso|erfolgreich zugestellt|配信されました|投递成功|投遞成功"
).split("|")

FAILED = (
    "could not be delivered|couldn't be delivered|wasn't delivered|was not delivered|not been delivered|"
    "undeliverable|undelivered|delivery failure|delivery failed|delivery has failed|unable to deliver|"
    "returned mail|returned to sender|failure notice|did not reach|could not deliver|"
    "non remis|n'a pas pu être remis|n'a pas pu être livré|échec de la remise|échec de remise|"
    "no se pudo entregar|no pudo ser entregado|no ha podido ser entregado|no se ha podido entregar|no entregado|"
    "não foi entregue|não pôde ser entregue|falha na entrega|não entregue|"
    "unzustellbar|nicht zugestellt|konnte nicht zugestellt werden|fehler bei der nachrichtenzustellung|"
    "配信不能|配信できません|送信できません|届けることができません|お届けできません|送信に失敗|"
    "退信|被退回|无法送达|未送达|无法投递|無法送達|未送達|無法投遞|无法发送到|"
    "không gửi được|không thể gửi thư|không thể chuyển|ส่งไม่ถึง|ไม่สามารถส่ง|ပို့၍မရ|ပို့မရ|"
    "نہیں پہنچ سک|ارسال نہیں|पठाउन सकिएन|पुग्न सकेन|не доставлено|недоставлен"
).split("|")

# Why it failed, in words: what may pass, as the status (RFC 3463) that stands for it.
PASSING: Mapping[str, tuple[str, ...]] = {
    "4.2.2": tuple(
        (
            "mailbox is full|mailbox full|over quota|quota exceeded|exceeded their quota|inbox is full|"
            "boîte pleine|boîte aux lettres est pleine|buzón lleno|buzón está lleno|caixa cheia|caixa de correio cheia|"
            "caixa de correio está cheia|postfach ist voll|postfach voll|容量を超え|いっぱい|空间不足|邮箱已满|已满|空間不足|信箱已滿|"
            "hộp thư đã đầy|กล่องจดหมายเต็ม"
        ).split("|")
    ),
    "4.4.7": tuple(
        (
            "in the queue too long|retry timeout|timed out|can not connect|cannot connect|could not connect|"
            "not responding|temporary failure|try again later|délai dépassé|tiempo de espera|tempo limite|"
            "zeitüberschreitung|タイムアウト|连接不上|无法连接|連接不上|無法連接|连接超时"
        ).split("|")
    ),
}
