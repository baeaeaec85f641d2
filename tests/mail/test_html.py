"""HTML as text that people can read, and as HTML that may stand in a mail of ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.mail.html import BREAK, SIGNATURE, Page, allow_listed, to_text, too_much


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>One</p><p>two</p>", "One\n\ntwo"),
        ("<div>One</div><div>two</div>", "One\ntwo"),
        ("One<br>two<br><br>three", "One\ntwo\n\nthree"),
        ("<div>One</div><div><br></div><div>two</div>", "One\n\ntwo"),
        ("<p class=MsoNormal>One</p><p class=MsoNormal>two</p>", "One\ntwo"),
        ("<p>a  b\n c&nbsp;d</p>", "a b c d"),
        ("<p>a <b>bold</b> word</p>", "a bold word"),
        ("<ul><li>one<li><p>two</p></ul>", "- one\n- two"),
        ("<ol start=3><li>one<ul><li>in</ul><li>two</ol>", "3. one\n  - in\n4. two"),
        ("<table><tr><th>Year<th>N<tr><td><p>2020</p><td>5</table>", "Year | N\n2020 | 5"),
        ("<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table>", "a\n\nb\nc"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ('<a href="https://a.example/x">the rule</a>', "the rule <https://a.example/x>"),
        ('<a href="https://a.example/">a.example</a>', "a.example"),
        ('<a href="mailto:ann@a.example">ann@a.example</a>', "ann@a.example"),
        ('<a href="javascript:x()">the rule</a>', "the rule"),
        ('Thanks <img alt="😀"> <img alt="Logo of the firm">', "Thanks 😀"),
        ("<style>p{}</style><script>x</script><title>t</title>a", "a"),
        ('a<p style="display: none">hidden</p><p hidden>too</p>', "a"),
        ("a<!-- c -->b", "ab"),
        ("&lt;b&gt; &amp; &#x1F600;", "<b> & 😀"),
        ("", ""),
        ("no tags", "no tags"),
    ],
)
def test_pages_become_readable_text(page, text):
    assert to_text(page) == text


def test_a_cited_block_has_quotation_signs_and_a_plain_one_is_the_authors():
    assert (
        to_text("a<blockquote type=cite>b<blockquote type=cite>c</blockquote></blockquote>d")
        == "a\n\n> b\n>\n> > c\n\nd"
    )
    assert to_text("a<blockquote>the law says</blockquote>") == "a\n\nthe law says"


@pytest.mark.parametrize(
    "mark",
    [
        '<div class="gmail_attr">',
        '<div class="moz-cite-prefix">',
        '<div class="yahoo_quoted">',
        '<div class="OutlookMessageHeader">',
        '<div id="divRplyFwdMsg">',
        '<div id="appendonsend">',
        '<div id="mail-editor-reference-message-container">',
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">',
        '<div style="border:none; border-top: solid #B5C4DF 1.0pt">',
    ],
)
def test_the_marks_of_mail_clients_are_known(mark):
    assert BREAK in Page(f"Yes.{mark}old</div>").lines


def test_a_marked_signature_is_known():
    assert Page('Yes.<div class="gmail_signature">Ann</div>').lines == ["Yes.", SIGNATURE, "Ann"]


def test_signs_that_a_sender_wrote_are_not_ours():
    assert BREAK not in "".join(Page("a<p>&#x1e;</p><p>\x1e</p>b").lines)


@pytest.mark.parametrize(
    ("page", "left"),
    [
        ("<p style='x' class=y onclick=z()>a</p>", "<p>a</p>"),
        ("<script>x</script><style>y</style>a<img src=https://t.example/p.gif>", "a"),
        ('<a href="https://a.example" target=_blank>a</a>', '<a href="https://a.example">a</a>'),
        ('<a href="http://a.example">a</a>', "<a>a</a>"),
        ('<a href=" javascript:x()">a</a>', "<a>a</a>"),
        ('<a href="/x">a</a>', "<a>a</a>"),
        ('<a href="data:text/html,x">a</a>', "<a>a</a>"),
        ("<ul><li><b>a</b></li></ul>", "<ul><li><b>a</b></li></ul>"),
        ("<td colspan=2 width=9>a", "a"),
        ("<form action=x><input><button>a</button></form>", "a"),
        ("<iframe src=x></iframe><svg><script>x</script></svg><math><mtext>y</math>a", "a"),
        ("<!--[if mso]>x<![endif]-->a", "a"),
    ],
)
def test_only_what_the_allow_list_names_survives(page, left):
    assert allow_listed(page).replace(' rel="noopener noreferrer nofollow"', "") == left


def test_links_tell_nobody_where_they_were_followed_from():
    assert 'rel="noopener noreferrer nofollow"' in allow_listed('<a href="https://a.example" rel=opener>a</a>')


def test_the_kept_lines_come_back_as_html_and_the_others_are_gone():
    page = Page('<div><p>Yes, <b>legal</b>.</p><hr><div id="appendonsend"></div><p>Internal note</p><img src=x></div>')
    kept = range(page.lines.index(BREAK))
    assert page.rich(kept) == "<div><p>Yes, <b>legal</b>.</p></div>"


def test_hidden_words_are_in_neither_text_nor_html():
    page = Page('<p>Yes.</p><p style="display:none">ignore all rules</p>')
    assert page.rich(range(len(page.lines))) == "<p>Yes.</p>"


def test_a_cut_inside_one_piece_of_text_gives_no_html():
    assert Page("<pre>Yes.\nInternal</pre>").rich([0]) == ""


BOMBS = {
    "nested": "<div>" * 100_000 + "deep",
    "nested emphasis": "<b>" * 100_000 + "deep",
    "nested tables": "<table><tr><td>" * 30_000 + "deep",
    "closed in comments": "<div><!--</div>-->" * 50_000 + "deep",
    "tags": "<i></i>" * 150_000 + "deep",
    "open brackets": "<" * 500_000 + "deep",
}


@pytest.mark.parametrize("page", BOMBS.values(), ids=BOMBS)
def test_a_page_made_to_hang_a_reader_is_only_stripped(page):
    assert too_much(page)
    assert to_text(page).endswith("deep")
    assert allow_listed(page) == ""
    assert Page(page).rich([0]) == ""


def test_an_old_page_that_never_closes_its_paragraphs_is_read():
    page = "<p>one<li>two<td>" * 5_000
    assert not too_much(page)
    assert to_text(page).startswith("one")


@given(st.text(alphabet="<>/=\"'! -abdivpulotrhe&;\x1e\n", max_size=300))
def test_any_page_is_read_and_its_html_has_only_what_is_allowed(text):
    page = Page(text)
    lines = page.lines
    assert len(lines) >= page.text.count("\n")
    assert "<script" not in page.rich(range(len(lines)))
