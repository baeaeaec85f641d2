"""Which language its author wrote a mail in, told from a bounded sample of the author's own words.

Scripts come first, because langdetect knows no Burmese and takes Chinese for Korean; then its letter sequences
(mail/profiles.py), of the languages of that script alone. Neighbours that are not served are loaded, too, so that Italian
isn't called Spanish. Whoever isn't sure says so: a wrong language in an acknowledgement is worse than one in two languages.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from mailflow.core.model import UNKNOWN_LANGUAGE, Language
from mailflow.mail.profiles import profiles

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

LOOKED_AT = 4_000  # characters of a text that are looked at
SAMPLE = 200  # characters of it that are judged
ENOUGH = 80  # characters of the paragraphs that ask something, from which on these alone are judged
LETTERS = 12  # what is worth fewer letters than this is not judged
SURE = 0.8  # the probability from which a language is believed
SHARE = 0.6  # of the letters that must be of one script
LATIN_SHARE = 0.8  # of Latin ones: below greetings and above signatures in English stand words in other scripts
SERVED_FIRST = 4.0  # how much likelier a served language is beforehand than a neighbour
SHORT_WORD = 2  # letters: the shortest words stand in too many languages to speak for one that was not found
UNFOUND = 0.05  # the probability of a language that has words in the text, but which langdetect does not name
VOTE = 4.0  # how much likelier a frequent word makes its languages

Ranking = tuple[tuple[str, float], ...]  # languages and their probabilities, likeliest first

_NOISE = re.compile(r"https?://[!-~]+|www\.[!-~]+|(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,255}|\d+")
_RUNS = re.compile(
    "(?P<latin>[A-Za-zªºÀ-ÖØ-öø-ɏḀ-ỿ]+)"
    "|(?P<han>[々〇㐀-䶿一-鿿豈-\ufaff\U00020000-\U000323af]+)"
    "|(?P<kana>[ぁ-ゖァ-ヺー]+)"
    "|(?P<hangul>[가-힣]+)"
    "|(?P<thai>[\u0e01-\u0e3a\u0e40-\u0e4e]+)"
    "|(?P<burmese>[\u1000-\u103f\u1050-\u108f\uaa60-\uaa7f]+)"
    "|(?P<devanagari>[\u0900-\u0963\u0971-\u097f]+)"
    "|(?P<arabic>[\u0620-\u065f\u066e-\u06d3\u06d5-\u06ef\u06fa-\u06ff\u0750-\u077f]+)"
    "|(?P<cyrillic>[\u0400-\u052f]+)"
    "|(?P<greek>[\u0370-\u03ff\u1f00-\u1fff]+)"
    "|(?P<other>[^\\W\\d_]+)"
)
_ASKS = re.compile("[?？؟]|ですか|ますか|吗[。]|嗎[。]|ไหม|မလား|သလား|လဲ")
_WORTH = {"han": 3, "kana": 3, "hangul": 3, "thai": 2, "burmese": 2}  # in Latin letters
_ALONE = {"thai": "th", "burmese": "my", "hangul": "ko", "greek": "el"}
_AMONG = {
    "latin": (
        *("en", "fr", "es", "pt", "de", "vi"),
        *("it", "ca", "nl", "ro", "sv", "da", "no", "id", "tl", "pl", "tr", "fi", "hu", "cs", "hr", "sw"),
    ),
    "devanagari": ("ne", "hi", "mr"),
    "arabic": ("ur", "ar", "fa"),
    "cyrillic": ("ru", "uk", "bg"),
    "han": ("zh", "zh-Hant", "ja"),
}

# Frequent words that few others of these languages have: they vote where letter sequences aren't sure. In lower case,
# parted at apostrophes.
_WORDS = {
    "en": (
        "the and of is are you we our with for please hello thank thanks what this that would which from have "
        "care i am my about need any"
    ),
    "fr": (
        "le les des est et un une nous vous merci bonjour pour dans avec je qu sont cette notre votre quel "
        "quelle svp il y madame monsieur"
    ),
    "es": (
        "el los y es muchas gracias hola está este usted qué cuál cómo quisiera soy nuestra nuestro buenos "
        "buenas señores un tenemos necesito"
    ),
    "pt": (
        "o não uma muito obrigado obrigada você vocês são os nossa ao bom boa dia olá gostaria pelo pela qual "
        "sou está este um senhores prezados senhor tem"
    ),
    "de": (
        "der und ist ich wir nicht für eine danke dank bitte sehr uns wie auf haben sind guten vielen darf "
        "mag den des gibt es schon anbei damen herren"
    ),
    "vi": "có là và của không được cho tôi chúng xin cảm ơn",
    "it": "il che è grazie buongiorno sono della gli può per nostra nostro vorrei alla le quel qual o un",
    "ca": "amb és gràcies els bon dia nostra seva aquest el les per hola uns quin quina un es",
    "nl": "het een van voor wij we zijn dank graag welk uw mag is of je des wie dan",
    "ro": "și să este multumesc mulțumesc bună noastră care pentru are o merci el un",
    "sv": "och att det är för en på den tack alla om",
    "da": "og at det er en på den der et tak for om vil",
    "no": "og at det er en på den der et takk for om vil",
    "id": "yang dan kami saya terima kasih untuk atas selamat",
    "tl": "ang ng mga po salamat sa",
    "pl": "o po na się jest czy nie dziękuję w z",
    "cs": "o po na se je a dobrý děkuji",
    "ne": ("छ छन् हो र मा को के लाई मलाई हाम्रो गर्ने गर्न भएको लागि चाहियो बारे धेरै हामी कति कुन पर्छ हुन्छ गर्नुपर्छ तपाईं मेरो पनि"),
    "hi": "है हैं हो में की के का और से को क्या हमारी नहीं लिए पर",
    "mr": "आहे आहेत आणि चा ची चे का नाही आमच्या मला",
}
_SPEAK = {
    word: tuple(code for code, words in _WORDS.items() if word in words.split())
    for word in " ".join(_WORDS.values()).split()
}
_PUNCTUATION = '.,;:!?¿¡()[]«»"“”।،؟۔'

_VIETNAMESE = re.compile("[ơư\u1ea0-\u1ef9]", re.IGNORECASE)
_URDU = frozenset("ٹڈڑںہھے")  # neither Arabic nor Persian has these
_NEITHER = frozenset("ټډړږښڼېۍڪڳڱٻڀٿڏۆێڕڵە")  # Pashto, Sindhi, Kurdish


class LanguageDetector:
    """Tells the language of texts, the same in every process. Languages are BCP 47 tags; profiles load when needed."""

    def __init__(self, served: tuple[str, ...]) -> None:
        self._served = served

    def detect(self, text: str, hints: tuple[str, ...] = ()) -> Language:
        """The language of a text, or UNKNOWN_LANGUAGE with a guess at a served one.

        `hints` are language tags, best first, that decide only where the text can't. With fewer letters than it
        takes, the confidence is 0. Never raises.
        """
        sample = _sample(text)
        letters = _letters(sample)
        script, share = _dominant(letters)
        if letters.total() < LETTERS:
            return self._hinted(hints, letters) or _unknown(self._guess(script, sample))
        by, ranking = self._rank(script, sample, letters)
        best, probability = ranking[0] if ranking else (UNKNOWN_LANGUAGE, 0.0)
        confidence = round(probability * share, 3)
        of_one_script = share >= (LATIN_SHARE if script == "latin" else SHARE)
        if of_one_script and probability >= SURE:
            return Language(best, confidence, by) if best in self._served else _unknown("", confidence)
        plausible = dict(ranking) if of_one_script else None
        guess = next((code for code, _ in ranking if code in self._served), "")
        return self._hinted(hints, letters, plausible) or _unknown(guess, confidence)

    def _hinted(
        self, hints: Iterable[str], letters: Counter[str], plausible: Collection[str] | None = None
    ) -> Language | None:
        """The first hint that is served and that a text of these letters can be in."""
        tags = (tag for tag in map(_tag, hints) if tag in self._served and _possible(tag, letters, plausible))
        return next((Language(tag, 0.5, "hint") for tag in tags), None)

    def _guess(self, script: str, sample: str) -> str:
        """For the shortest texts: the only served language of the script, or the one whose words these are."""
        served = [code for code in (_ALONE.get(script, ""), *_AMONG.get(script, ())) if code in self._served]
        if len(served) == 1:
            return served[0]
        spoken = {code for word in _words(sample) for code in _SPEAK.get(word, ()) if code in served}
        return spoken.pop() if len(spoken) == 1 else ""

    def _rank(self, script: str, sample: str, letters: Counter[str]) -> tuple[str, Ranking]:
        """How it was told, and the languages that the sample may be in."""
        if script in _ALONE:
            return "script", ((_ALONE[script], 1.0),)
        if script == "han":
            return "script", _east_asian(sample, letters)
        if script == "arabic" and (told := _urdu(sample)):
            return "script", told
        if script in _AMONG:
            return "langdetect", self._langdetect(_AMONG[script], sample)
        return "default", ()

    def _langdetect(self, among: tuple[str, ...], sample: str) -> Ranking:
        priors = {code: SERVED_FIRST if code in self._served else 1.0 for code in among}
        found = profiles(among).probabilities(sample, priors)
        return _voted(found, sample) if found else ()


def _unknown(guess: str, confidence: float = 0.0) -> Language:
    return Language(UNKNOWN_LANGUAGE, confidence, "default", guess)


def _sample(text: str) -> str:
    """Words of the question, composed (Vietnamese), in ordinary width and shape, without addresses and digits."""
    plain = _NOISE.sub(" ", unicodedata.normalize("NFKC", text[:LOOKED_AT]))
    words = " ".join(_question(plain).split())[:SAMPLE]
    capitals = sum(map(str.isupper, words))
    return words.lower() if capitals * 2 > len(words) else words  # langdetect skips words in capitals


def _question(text: str) -> str:
    """The paragraphs that ask something, where they are long enough to be judged; else the whole.

    People introduce themselves in one language and ask in another: the answer is to be in that of the question.
    """
    if len(text) <= SAMPLE or not _ASKS.search(text):
        return text
    asking = "\n".join(paragraph for paragraph in text.split("\n\n") if _ASKS.search(paragraph))
    return asking if len(asking) >= ENOUGH else text


def _letters(sample: str) -> Counter[str]:
    """What the letters of each script are worth: a Han letter says more than a Latin one."""
    letters: Counter[str] = Counter()
    for run in _RUNS.finditer(sample):
        script = str(run.lastgroup)
        letters[script] += (run.end() - run.start()) * _WORTH.get(script, 1)
    return letters


def _dominant(letters: Counter[str]) -> tuple[str, float]:
    """The script that prevails, and its share; Japanese is written in Han and kana, so that these two are one."""
    if not letters:
        return "", 0.0
    together = Counter(letters)
    together["han"] += together.pop("kana", 0)
    script, most = together.most_common(1)[0]
    return script, most / together.total()


def _east_asian(sample: str, letters: Counter[str]) -> Ranking:
    """Kana make it Japanese. Else the national character sets tell: GB 2312 has simplified letters, Big5 has none."""
    if letters["kana"] * 8 >= letters["han"]:
        return (("ja", 1.0),)
    gb, big5, jis = (len(sample.encode(charset, "ignore")) for charset in ("gb2312", "big5", "shift_jis"))
    simplified = 1 / (1 + 4.0 ** max(-30, min(30, big5 - gb) / 2))
    chinese = sorted((("zh", simplified), ("zh-Hant", 1 - simplified)), key=lambda ranked: -ranked[1])
    return (("ja", 0.7), *chinese) if jis > max(gb, big5) else tuple(chinese)


def _urdu(sample: str) -> Ranking:
    """By letters alone; empty where these don't tell."""
    ours, others = (sum(letter in some for letter in sample) for some in (_URDU, _NEITHER))
    if others * 50 > len(sample):
        return ((UNKNOWN_LANGUAGE, 1.0),)
    return (("ur", 1.0),) if ours * 30 > len(sample) else ()


def _voted(found: dict[str, float], sample: str) -> Ranking:
    """The probabilities after each frequent word has spoken for its languages, be they found or not."""
    voices = [(word, _SPEAK[word]) for word in _words(sample) if word in _SPEAK]
    alone = {codes[0] for word, codes in voices if len(codes) == 1 and len(word) > SHORT_WORD}
    voiced = dict.fromkeys(sorted(alone), UNFOUND) | found
    votes = Counter(code for _, codes in voices for code in codes)
    votes["vi"] += bool(_VIETNAMESE.search(sample))
    weights = {code: probability * VOTE ** min(votes[code], 5) for code, probability in voiced.items()}
    total = sum(weights.values())
    sure = {code: weight / total for code, weight in weights.items()}
    return tuple(sorted(sure.items(), key=lambda ranked: (-ranked[1], ranked[0])))


def _words(sample: str) -> frozenset[str]:
    return frozenset(word.strip(_PUNCTUATION) for word in re.split(r"[\s'’]", sample.lower()))


def _possible(tag: str, letters: Counter[str], plausible: Collection[str] | None) -> bool:
    """Whether a text of these letters can be in that language at all."""
    if not letters:
        return True
    if plausible is not None:
        return tag in plausible
    if tag == "ja":
        return bool(letters["kana"] or letters["han"])
    alone = (script for script, code in _ALONE.items() if code == tag)
    return any(letters[script] for script in (*alone, *(s for s, codes in _AMONG.items() if tag in codes)))


def _tag(hint: str) -> str:
    """A language tag as we write it: "pt-BR" is "pt", "zh-TW" is "zh-Hant"."""
    language, *more = re.split("[-_]", hint.strip().lower())
    return "zh-Hant" if language == "zh" and {"hant", "tw", "hk", "mo"} & set(more) else language
