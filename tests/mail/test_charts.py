"""Charts: what a standard reader finds in the mail, and that its three forms say the same."""

from __future__ import annotations

import email
import email.policy
import struct
import subprocess
import sys
from datetime import UTC
from email.message import EmailMessage
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from selectolax.lexbor import LexborHTMLParser

from mailflow.cli import checking
from mailflow.core.effects import Chart, Passage, Send
from mailflow.core.model import requester
from mailflow.mail import charts, frame, lint
from mailflow.mail.compose import Composer, Envelope
from mailflow.mail.frame import Enclosure, Picture
from mailflow.mail.render import Letterhead, Rendered, Templates
from mailflow.mail.samples import NOW, SAMPLES
from mailflow.mail.words import Words

REAL = Path(__file__).parents[2] / "templates"
STAFF = ("en", "fr", "es")
WEEKS = Chart("weeks", ("4", "3", "2", "1", "0"), ((3, 12, 4, 1, 3), (2, 3, 130, 2, 0)))
ROWS = [["4", "3", "2"], ["3", "12", "3"], ["2", "4", "130"], ["1", "1", "2"], ["0", "3", "0"]]
COLUMNS = ("weeks_label", "weeks_1", "weeks_2")
FILE = Enclosure("a.pdf", "application/pdf", b"content")
ALTERNATIVE = ("multipart/alternative", ["text/plain", "text/html"])
WITH_PICTURE = ("multipart/alternative", ["text/plain", ("multipart/related", ["text/html", "image/png"])])
SOURCE = "Subject: Hello\n\nBefore\n\n{% if chart %}\n{{ chart }}\n\n{% endif %}\nAfter\n"


@pytest.fixture
def templates(tmp_path: Path) -> Templates:
    """A set of one template that shows a chart, with the words and the layout that we ship."""
    (tmp_path / "layout.html").write_bytes((REAL / "layout.html").read_bytes())
    for language in STAFF:
        (tmp_path / language).mkdir()
        (tmp_path / language / "words.toml").write_bytes((REAL / language / "words.toml").read_bytes())
        (tmp_path / language / "answer.txt").write_text(SOURCE, "utf-8")
    return Templates(tmp_path)


@pytest.fixture
def without_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    charts.draw.cache_clear()


def rendered(templates: Templates, chart: Chart | None = WEEKS, language: str = "en", also: str = "") -> Rendered:
    head = Letterhead("Desk", "desk@example.org", "2026-0042", NOW, UTC)
    return templates.render("answer", language, {"chart": chart}, head, also)


def composed(templates: Templates, chart: Chart | None = WEEKS, *files: Enclosure, language: str = "en") -> bytes:
    composer = Composer(templates, "Desk", "desk@desk.example", random=bytes)
    send = Send(requester("1"), "answer", language, "key", facts={"chart": chart})
    return composer.compose(send, Envelope("ann@firm.example", UTC, attachments=files), NOW).raw


def read(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert not [part.defects for part in message.walk() if part.defects]
    return message


def shape(message: EmailMessage) -> object:
    kind = message.get_content_type()
    return (kind, [shape(part) for part in message.iter_parts()]) if message.is_multipart() else kind


def body(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    assert part is not None
    return part.get_content().replace("\r\n", "\n")


def picture(message: EmailMessage) -> EmailMessage:
    (found,) = [part for part in message.walk() if part.get_content_type() == "image/png"]
    return found


def table(text: str) -> list[str]:
    """The lines of the table between "Before" and "After", without its title."""
    return text.partition("Before\n\n")[2].partition("\n\nAfter")[0].partition("\n\n")[2].split("\n")


# ---------------------------------------------------------------- the mail


def test_the_picture_belongs_to_the_page_and_the_files_to_the_mail(templates):
    assert shape(read(composed(templates))) == WITH_PICTURE
    assert shape(read(composed(templates, WEEKS, FILE))) == ("multipart/mixed", [WITH_PICTURE, "application/pdf"])


def test_without_a_chart_the_mail_is_shaped_as_ever(templates):
    assert shape(read(composed(templates, None))) == ALTERNATIVE
    assert shape(read(composed(templates, None, FILE))) == ("multipart/mixed", [ALTERNATIVE, "application/pdf"])
    message = read(composed(templates, None))
    assert "Before\n\nAfter" in body(message, "plain")
    assert "<img" not in body(message, "html")


def test_a_chart_that_the_template_does_not_show_is_not_sent(templates):
    (templates.folder / "en" / "answer.txt").write_text("Subject: Hello\n\nNothing\n")
    assert shape(read(composed(Templates(templates.folder)))) == ALTERNATIVE


@pytest.mark.parametrize("chart", [Chart("weeks", (), ((), ())), Chart("weeks", ("1",), ())])
def test_a_chart_without_figures_is_false_in_a_condition(templates, chart):
    assert shape(read(composed(templates, chart))) == ALTERNATIVE


def test_the_page_shows_the_picture_that_comes_with_it(templates):
    message = read(composed(templates, WEEKS, FILE))
    (shown,) = LexborHTMLParser(body(message, "html")).css("img")
    part = picture(message)
    assert f"<{shown.attributes['src'].removeprefix('cid:')}>" == part["Content-ID"]
    assert part.get_content_disposition() == "inline"
    assert part.get_filename() == "chart.png"
    assert (shown.attributes["width"], shown.attributes["height"]) == ("480", "200")
    assert [each.get_filename() for each in message.iter_attachments()] == ["a.pdf"]


def test_the_related_parts_name_the_type_of_their_root(templates):
    (related,) = [part for part in read(composed(templates)).walk() if part.get_content_subtype() == "related"]
    assert related.get_param("type") == "text/html"


@settings(deadline=None)
@given(st.text(max_size=200), st.binary(max_size=2_000))
def test_a_frame_with_a_picture_is_equal_to_one_of_the_standard_library(text, png):
    page = f"{''.join(letter for letter in text if letter.isprintable())}\n"
    ours = read(frame.build([], page, page, [FILE], "b0", [Picture("c@d", png)]))
    theirs = EmailMessage(policy=email.policy.SMTP)
    theirs.set_content(page)
    theirs.add_alternative(page, subtype="html")
    inline = {"cid": "<c@d>", "disposition": "inline", "filename": "chart.png"}
    theirs.get_payload()[1].add_related(png, maintype="image", subtype="png", **inline)
    theirs.add_attachment(FILE.content, maintype="application", subtype="pdf", filename=FILE.name)
    assert parts(ours) == parts(read(theirs.as_bytes()))


def parts(message: EmailMessage) -> list[object]:
    return [
        (part.get_content_type(), part.get_content_disposition(), part["Content-ID"], part.is_multipart() or part.get_content())
        for part in message.walk()
    ]  # fmt: skip


def test_every_line_is_one_that_a_mail_may_have(templates):
    assert max(map(len, composed(templates).split(b"\r\n"))) <= 78


def test_a_mail_in_two_languages_carries_its_picture_once(templates):
    mail = rendered(templates, language="fr", also="en")
    assert mail.charts == (WEEKS,)
    assert mail.html.count(f"cid:{charts.cid(WEEKS)}") == 2
    assert "weeks ago" in mail.text
    assert "semaines écoulées" in mail.text


@pytest.mark.parametrize("language", [each for each in STAFF if Templates(REAL).has("digest", each)])
def test_the_digest_that_we_ship_shows_its_chart(language):
    composer = Composer(Templates(REAL), "Desk", "desk@desk.example")
    send = Send(requester("1"), "digest", language, "key", facts=SAMPLES["digest"][0])
    assert shape(read(composer.compose(send, Envelope("ann@firm.example", UTC), NOW).raw)) == WITH_PICTURE


# ---------------------------------------------------------------- the picture


def test_the_picture_is_a_png_of_double_sharpness(templates):
    png = picture(read(composed(templates))).get_content()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == (2 * charts.WIDTH, 2 * charts.HEIGHT)


def test_the_picture_is_opaque_on_white():
    from matplotlib import image

    pixels = image.imread(BytesIO(charts.draw(WEEKS)))
    assert (pixels[..., 3] == 1).all()
    assert (pixels[0] == 1).all()


def test_the_same_figures_give_the_same_octets_and_tell_no_time_or_program():
    first = charts.draw(WEEKS)
    charts.draw.cache_clear()
    assert charts.draw(Chart(WEEKS.name, WEEKS.labels, WEEKS.series)) == first
    assert not [kind for kind in (b"tEXt", b"iTXt", b"zTXt", b"tIME") if kind in first]


def test_what_this_machine_has_set_for_other_pictures_changes_nothing():
    from matplotlib import rc_context

    first = charts.draw(WEEKS)
    charts.draw.cache_clear()
    with rc_context({"figure.facecolor": "black", "font.size": 30, "savefig.dpi": 10, "axes.grid": True}):
        assert charts.draw(WEEKS) == first


def test_other_figures_have_another_picture_and_another_name():
    other = Chart("weeks", WEEKS.labels, WEEKS.series[::-1])
    assert charts.draw(other) != charts.draw(WEEKS)
    assert charts.cid(other) != charts.cid(WEEKS)


def test_neighbouring_bars_differ_in_lightness():
    shares = ((1, 0.2), (3, 0.7), (5, 0.1))  # of red, green and blue in what the eye sees as light
    light = [sum(int(colour[at : at + 2], 16) * share for at, share in shares) for colour in charts._COLOURS]
    assert all(after - before > 60 for before, after in pairwise(light))


@pytest.mark.parametrize(
    "chart",
    [
        Chart("weeks", ("0",), ((0,), (0,))),
        Chart("weeks", tuple(map(str, range(52))), (tuple(range(52)), (10**9,) * 52)),
        Chart("other", ("1", "2"), ((1, 2),) * 6),
    ],
)
def test_nothing_few_many_and_large_figures_can_be_drawn(chart):
    assert struct.unpack(">II", charts.draw(chart)[16:24]) == (960, 400)


@pytest.mark.parametrize("label", ["a", "", "٣", "$x$", "-1"])
def test_only_digits_are_drawn(label):
    with pytest.raises(ValueError, match="digits"):
        charts.draw(Chart("weeks", (label,), ((1,), (1,))))


# ---------------------------------------------------------------- its words


@pytest.mark.parametrize("language", STAFF)
def test_who_sees_no_picture_is_told_the_figures_and_what_they_are(templates, language):
    (shown,) = LexborHTMLParser(rendered(templates, language=language).html).css("img")
    words = templates.words(language)
    said = shown.attributes["alt"]
    assert said.startswith(words.say("weeks", "charts"))
    assert f"{words.say('weeks_1', 'charts')} 3, 12, 4, 1, 3" in said
    assert f"{words.say('weeks_2', 'charts')} 2, 3, 130, 2, 0" in said
    assert f"{words.say('weeks_label', 'charts')} 4, 3, 2, 1, 0" in said


@pytest.mark.parametrize("language", STAFF)
def test_who_sees_the_picture_is_told_which_bar_is_which(templates, language):
    page = LexborHTMLParser(rendered(templates, language=language).html)
    below, words = page.css_first("p:has(img) + p").text(), templates.words(language)
    assert below.split("\n") == [words.say("weeks", "charts"), words.say("weeks_bars", "charts")]
    for word in COLUMNS:
        assert words.say(word, "charts") in below


@pytest.mark.parametrize("language", STAFF)
def test_the_text_holds_the_same_figures_one_below_the_other(templates, language):
    text = rendered(templates, language=language).text
    lines, words = table(text), templates.words(language)
    assert all(len(line) <= 72 for line in text.split("\n") if "http" not in line and "ref:" not in line)
    assert [line.split() for line in lines[1:]] == ROWS
    ends = [lines[0].index(words.say(word, "charts")) + len(words.say(word, "charts")) for word in COLUMNS]
    assert ends[-1] == len(lines[0])
    for line, row in zip(lines[1:], ROWS, strict=True):
        assert [line[:end].split()[-1] for end in ends] == row
        assert len(line) == ends[-1]


WORD = st.text(st.characters(categories=["L", "N", "P", "Mn", "So"]), min_size=1, max_size=90)


@settings(deadline=None)
@given(
    st.lists(st.tuples(*[st.integers(0, 10**12)] * 2), min_size=1, max_size=60), st.lists(WORD, min_size=4, max_size=4)
)
def test_no_words_or_figures_make_the_text_too_broad(figures, said):
    words = Words({}, {"charts": dict(zip(("weeks", "weeks_label", "weeks_1", "weeks_2"), said, strict=True))})
    chart = Chart("weeks", tuple(map(str, range(len(figures)))), tuple(zip(*figures, strict=True)))
    title, _, lines = charts.text(chart, words).partition("\n\n")
    assert all(cell_len(line) <= 72 for line in title.split("\n"))
    assert len({cell_len(line) for line in lines.split("\n")}) == 1
    assert cell_len(lines.partition("\n")[0]) <= 72
    assert all(line.split()[-2:] == [str(each) for each in row] for line, row in zip(lines.split("\n")[1:], figures, strict=True))  # fmt: skip


def test_every_staff_language_needs_all_the_words(templates):
    path = templates.folder / "en" / "words.toml"
    path.write_text(path.read_text("utf-8").replace("weeks_bars", "weeks_bras"), "utf-8")
    found = [problem.text for problem in lint.check(Templates(templates.folder), {}, (), ("en",))]
    assert "weeks_bars is missing in [charts]" in found
    assert "weeks_bras in [charts] is nothing that the desk says" in found


# ---------------------------------------------------------------- whose words may act


def test_labels_are_data(templates):
    page = LexborHTMLParser(rendered(templates, Chart("weeks", ('<b>"\n\x1d',), ((1,), (2,)))).html)
    assert not page.css("b")
    assert '<b>" /' in page.css_first("img").attributes["alt"]


def test_no_passage_passes_for_a_chart(templates):
    source = SOURCE.replace("chart", "answer")
    (templates.folder / "en" / "answer.txt").write_text(source, "utf-8")
    head = Letterhead("Desk", "desk@example.org", "2026-0042", NOW, UTC)
    forged = Passage("x", "\x1d<p>rich</p>")
    mail = Templates(templates.folder).render("answer", "en", {"answer": forged}, head)
    assert LexborHTMLParser(mail.html).css_first(".passage p").text() == "rich"


@pytest.mark.parametrize("source", ["See {{ chart }}", "- {{ chart }}", "{{ chart }}{{ chart }}"])
def test_a_chart_that_shares_its_line_is_refused(templates, source):
    (templates.folder / "en" / "answer.txt").write_text(f"Subject: x\n\n{source}\n", "utf-8")
    with pytest.raises(ValueError, match="alone"):
        rendered(Templates(templates.folder))


def test_a_chart_in_a_subject_is_refused(templates):
    (templates.folder / "en" / "answer.txt").write_text("Subject: {{ chart }}\n\nx\n", "utf-8")
    with pytest.raises(ValueError, match="subject"):
        rendered(Templates(templates.folder))


@pytest.mark.parametrize(("chart", "error"), [(Chart("nothing", ("1",), ((1,),)), LookupError), (Chart("weeks", ("1",), ((1,), ())), ValueError)])  # fmt: skip
def test_a_chart_without_words_or_of_unequal_series_is_refused(templates, chart, error):
    with pytest.raises(error):
        rendered(templates, chart)


# ---------------------------------------------------------------- the extra


@pytest.mark.parametrize("language", STAFF)
def test_without_the_extra_the_page_holds_the_figures_as_a_table(templates, without_the_extra, language):
    message = read(composed(templates, language=language))
    assert shape(message) == ALTERNATIVE
    page = LexborHTMLParser(body(message, "html"))
    words = templates.words(language)
    heads = [words.say(word, "charts") for word in COLUMNS]
    assert page.css_first("caption").text() == words.say("weeks", "charts")
    assert [[cell.text() for cell in row.css("th, td")] for row in page.css("tr")] == [heads, *ROWS]
    assert [len(page.css(f"th[scope={scope}]")) for scope in ("col", "row")] == [3, 5]


def test_with_or_without_the_extra_the_text_is_the_same(templates, monkeypatch):
    with_it = rendered(templates).text
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert rendered(templates).text == with_it


def test_check_says_that_the_extra_is_not_installed_and_calls_it_no_error(without_the_extra):
    (finding,) = checking._charts()
    assert finding.fine is None
    assert "`charts` is not installed" in finding.sentence
    assert "\n" not in finding.sentence


def test_check_says_nothing_where_it_is_installed():
    assert list(checking._charts()) == []


def test_what_draws_is_loaded_when_a_chart_is_drawn_and_not_before():
    program = (
        "import sys\n"
        "from mailflow.mail import charts, compose, lint\n"
        "from mailflow.mail.render import Templates\n"
        "from pathlib import Path\n"
        f"lint.check(Templates(Path({str(REAL)!r})))\n"
        "assert charts.drawable() and 'matplotlib' not in sys.modules\n"
        "charts.draw(charts.Chart('weeks', ('0',), ((1,), (2,))))\n"
        "assert 'matplotlib' in sys.modules and 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=REAL.parent)


def test_the_help_of_the_program_loads_nothing_that_draws():
    program = (
        "import sys\nfrom mailflow.cli.app import app\n"
        "try:\n    app(['--help'])\nexcept SystemExit:\n    pass\n"
        "assert not {'matplotlib', 'numpy', 'PIL'} & {*sys.modules}\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=REAL.parent, capture_output=True)
