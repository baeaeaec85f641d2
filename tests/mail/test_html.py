"""HTML as text that people can read, and as HTML that may stand in a mail of ours."""

# ruff: noqa: SIM905  a table of words reads best as running text

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from mailflow.mail.bounds import depth
from mailflow.mail.html import BREAK, MARKS, SIGNATURE, SIGNATURE_END, Page, allow_listed, to_text, too_much
from tests.mail.growth import grows_linearly


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
        (
            'a<p style="mso-hide:all">b</p><p style="visibility: hidden">c</p><p style="DISPLAY:NONE !important">d</p>',
            "a",
        ),
        ("<ol type=a><li>one<li>two</ol><ol type=I start=4><li>four</ol>", "a. one\nb. two\n\nIV. four"),
        ("<ol><li>one<li value=7>seven<li>eight</ol>", "1. one\n7. seven\n8. eight"),
        ("<ul><li>one<ol><li>in<ul><li>deep</ul></ol><li>two</ul>", "- one\n  1. in\n    - deep\n- two"),
        ("<ol start=-3><li>x</ol><ol start=99999999><li>y</ol>", "1. x\n\n1. y"),
        ("<li>alone", "- alone"),
        (
            "<p class=MsoListParagraph><![if !supportLists]><span style='mso-list:Ignore'>·<span>&nbsp; </span></span>"  # noqa: ISC004
            "<![endif]>one</p><p class=MsoListParagraph><span style='mso-list: Ignore'>2.<span>&nbsp; </span></span>two</p>",
            "- one\n2. two",
        ),
        ("<dl><dt>Wage</dt><dd>What is paid</dd></dl>", "Wage\nWhat is paid"),
        ("<div style='white-space: pre-wrap'>a\n  b</div>c", "a\n  b\nc"),
        ("over&shy;time<wbr>work", "overtimework"),
        ("<h2>Title</h2>text<hr>more", "Title\n\ntext\nmore"),
        ("<table><tr><td>a<table><tr><td>b<td>c</table></td><td>d</td></tr></table>", "a\n\nb | c\n\nd"),
        ("<textarea>a</textarea><select><option>b</select><noscript>c</noscript>d", "cd"),
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
        '<div style="border-top: 1pt solid rgb(225, 225, 225)">',
        '<div id="x_divRplyFwdMsg">',
        '<div id="yahoo_quoted_123" class="x">',
        '<div id="divNeteaseMailCard">',
        '<p id="reply-intro">',
        '<hr id="zwchr"><div>',
        '<hr id="stopSpelling"><div>',
        '<div data-marker="__HEADERS__">',
        '<div name="quote">',
        '<div fairemail="reference">',
        '<div class="ntes-mailmaster-quote">',
        '<div class="ms-outlook-mobile-reference-message skipProofing">',
        '<div class="zmail_extra">',
        '<div class="iNotesHistory">',
        '<div class="protonmail_quote">',
        "<includetail><div>",
    ],
)
def test_the_marks_of_mail_clients_are_known(mark):
    assert BREAK in Page(f"Yes.{mark}old</div>").lines


@pytest.mark.parametrize(
    "mark",
    [
        '<div class="gmail_signature">',
        '<pre class="moz-signature">',
        '<div class="protonmail_signature_block">',
        '<div class="ydp1234signature">',
        '<div class="k9mail-signature">',
        '<div class="ntes-signature">',
        '<div id="Signature">',
        '<div id="ms-outlook-mobile-signature">',
        '<div id="composer_signature">',
        '<div id="ymail_android_signature">',
        '<div id="_rc_sig">',
        '<div data-marker="__SIG_PRE__">',
        '<div fairemail="signature">',
        "<sign>",
    ],
)
def test_a_marked_signature_is_known_from_its_beginning_to_its_end(mark):
    end = mark.split()[0].strip("<>")
    lines = Page(f"Yes.{mark}Ann</{end}>And no.").lines
    assert [line for line in lines if line] == ["Yes.", SIGNATURE, "Ann", SIGNATURE_END, "And no."]


@pytest.mark.parametrize(
    "mark",
    [
        '<a name="_MailAutoSig"></a>',
        '<br id="lineBreakAtBeginningOfSignature">',
        '<hr style="width: 210px; height: 1px;" color="#b5c4df" size="1">',
    ],
)
def test_a_signature_of_which_only_the_beginning_is_marked_is_known(mark):
    assert Page(f"Yes.{mark}<div>Ann</div>").lines == ["Yes.", SIGNATURE, "Ann"]


@pytest.mark.parametrize(
    "mark",
    [
        '<div style="border-top: solid black 1pt">',
        '<div id="content">',
        '<div class="quote">',
        '<p class="signature">',
        '<hr color="#b5c4df"><div>',
        "<blockquote>",
    ],
)
def test_what_only_looks_like_a_mark_is_none(mark):
    assert not set(Page(f"Yes.{mark}old</div>").lines) & {BREAK, SIGNATURE}


@pytest.mark.parametrize("mark", ["type=cite", 'class="gmail_quote"', 'id="isReplyContent"', 'class="iosymail"'])
def test_cited_blocks_of_clients_are_known(mark):
    assert "> old" in Page(f"Yes.<blockquote {mark}>old</blockquote>").lines


@pytest.mark.parametrize("mark", MARKS)
def test_signs_that_a_sender_wrote_are_not_ours(mark):
    page = f"a<p>&#{ord(mark)};</p><p>{mark}</p><img alt='&#{ord(mark)};!'><pre>{mark}</pre>b"
    assert mark not in "".join(Page(page).lines)
    assert mark not in to_text("<i>" * 1_200 + page)


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
        ("<a href=https://a.example/?x=1#y>a</a>", '<a href="https://a.example/?x=1#y">a</a>'),
        ('<a href="HTTPS://A.example">a</a>', '<a href="HTTPS://A.example">a</a>'),
        ('<a href="mailto:ann@a.example?bcc=eve@e.example&amp;body=x">a</a>', '<a href="mailto:ann@a.example">a</a>'),
    ],
)
def test_only_what_the_allow_list_names_survives(page, left):
    assert allow_listed(page).replace(' rel="noopener noreferrer nofollow"', "") == left


HOSTILE_LINKS = [
    "javascript:x()",
    "JaVaScRiPt:x()",
    "java\tscript:x()",
    "java\nscript:x()",
    "&#106;avascript:x()",
    "&#x6A&#x61;vascript:x()",
    "\x01javascript:x()",
    " \u00a0javascript:x()",
    "ｊavascript:x()",
    "javascript&colon;x()",
    "vbscript:x()",
    "data:text/html,x",
    "data:text/html;base64,eA==",
    "blob:https://a.example/x",
    "file:///etc/passwd",
    "view-source:https://a.example",
    "//a.example/x",
    "\\\\a.example\\x",
    "/x",
    "#x",
    "?x",
    "https:a.example",
    "https:/a.example",
    "https://",
    "https:///x",
    "https://bank.example@evil.example/",
    "https://bank.example:443@evil.example/",
    "https://a.example\\@evil.example",
    "https://a.example/\u202egpj.exe",
    "https://a.example/\u200b",
    "https://a.example/ x",
    "ftp://a.example",
    "tel:+4420",
    "cid:x",
    "https://a.example/" + "x" * 2_000,
]


@pytest.mark.parametrize("link", HOSTILE_LINKS)
def test_a_link_that_is_not_what_it_seems_loses_its_target(link):
    left = allow_listed(f'<a href="{link}">a</a>').replace(' rel="noopener noreferrer nofollow"', "")
    assert left == "<a>a</a>"


HOSTILE_PAGES = {
    "script": "<script>x()</script>",
    "script in capitals": "<SCRIPT>x()</SCRIPT>",
    "script that isn't closed": "a<script>x()",
    "script in an odd tag": "<script/x>x()</script>",
    "style": "<style>p{background:url(https://t.example)}</style>",
    "style attribute": '<p style="background:url(https://t.example);width:expression(x())">a</p>',
    "imported style": '<link rel=stylesheet href="https://t.example/x.css">',
    "svg": "<svg onload=x()><a xlink:href='javascript:x()'><text>a</text></a></svg>",
    "svg with style": "<svg><style><img src=x onerror=x()></style></svg>",
    "math": "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=x()&gt;'>",
    "event": "<p onclick=x() onmouseover='x()' ONLOAD=x()>a</p>",
    "event on a link": '<a href="https://a.example" onclick="x()">a</a>',
    "event after a slash": "<img/src=x/onerror=x()>",
    "refresh": '<meta http-equiv="refresh" content="0;url=https://t.example">',
    "base": '<base href="https://t.example/">',
    "form": '<form action="https://t.example"><input name=x><button formaction="javascript:x()">a</button></form>',
    "picture": '<img src="https://t.example/p.gif" srcset="https://t.example/2x.gif 2x">',
    "picture in a source": '<picture><source srcset="https://t.example/x"><img src=x></picture>',
    "background": '<table background="https://t.example/x"><tr><td background="https://t.example/x">a</td></tr></table>',
    "frame": '<iframe srcdoc="<script>x()</script>"></iframe>',
    "object": '<object data="https://t.example/x"><embed src="https://t.example/x"></object>',
    "sound and film": '<video poster="https://t.example/x" src=x></video><audio src=x autoplay></audio>',
    "template": "<template><script>x()</script></template>",
    "noscript": '<noscript><p title="</noscript><img src=x onerror=x()>"></noscript>',
    "comment": "<!--><script>x()</script>-->",
    "comment of a browser": "<!--[if gte IE 4]><script>x()</script><![endif]-->",
    "cdata": "<![CDATA[<script>x()</script>]]>",
    "title": "<title><script>x()</script></title>",
    "mutation": "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=x()>",
    "name of an element": "<a id=location name=x href='https://a.example' target=_top ping='https://t.example'>a</a>",
    "broken in tags": "<scr<script>ipt>x()</scr</script>ipt>",
    "null": "<scr\x00ipt>x()</scr\x00ipt>",
    "letters of full width": "＜script＞x()＜/script＞",
    "charset": '<meta charset="utf-7">+ADw-script+AD4-x()+ADw-/script+AD4-',
    "xml": "<?xml-stylesheet href='javascript:x()'?><xml id=x><i><b>a</b></i></xml>",
}
TAG = re.compile(r"<(/?)([a-zA-Z0-9:-]+)((?:\s+[a-z]+=\"[^\"<>]*\")*)\s*/?>")
SAFE = {"a": {"href", "rel"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "ol": {"start"}}
ELEMENTS = set(
    "p div br hr ul ol li dl dt dd table caption thead tbody tfoot tr td th strong b em i u s sub sup blockquote pre code "
    "h1 h2 h3 h4 h5 h6 a".split()
)


def active(html):
    """What an allow-listed page must not have: elements, attributes and brackets beyond those that are named."""
    found = []
    for _, tag, attributes in TAG.findall(html):
        names = set(re.findall(r"([a-z]+)=", re.sub(r'"[^"]*"', "", attributes)))
        found += [tag] if tag not in ELEMENTS else [f"{tag} {name}" for name in names - SAFE.get(tag, set())]
    rest = TAG.sub("", html)
    return found + [sign for sign in "<>" if sign in rest]


@pytest.mark.parametrize("page", HOSTILE_PAGES.values(), ids=HOSTILE_PAGES)
def test_nothing_active_survives(page):
    for whole in (page, f"<p>before{page}after</p>", f"<table><tr><td>{page}", page * 3):
        left = allow_listed(whole)
        assert active(left) == []
        assert "t.example" not in left
        assert active(allow_listed(left)) == []  # what is cleaned stays clean


@pytest.mark.parametrize("page", HOSTILE_PAGES.values(), ids=HOSTILE_PAGES)
def test_nothing_active_survives_where_a_page_is_cut(page):
    whole = Page(f'<p>Yes.</p>{page}<p>No.</p><div id="appendonsend"></div><p>Internal</p>')
    kept = range(whole.lines.index(BREAK)) if BREAK in whole.lines else range(len(whole.lines))
    left = whole.rich(kept)
    assert active(left) == []
    assert "t.example" not in left


@given(st.text(alphabet="<>/=\"'! -&;:\x00\x1e\nabdefhiklmnoprstuvwxy", max_size=300))
def test_nothing_active_survives_in_any_page(text):
    assert active(allow_listed(text)) == []


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
    "closed in attributes": '<div a="</div>">' * 60_000 + "deep",
    "closed in odd comments": "<div><! </div>>" * 60_000 + "deep",
    "closed in styles": "<div><style></div></style>" * 40_000 + "deep",
    "closed in character data": "<div><svg><![CDATA[></div>]]></svg>" * 30_000 + "deep",
    "closed out of order": ("<span>" * 500 + "<div>" + "</span>" * 500) * 100 + "deep",
    "closed behind an item": "<span><li></span><span><dd></span>" * 20_000 + "deep",
    "void elements of a drawing": "<svg>" + "<wbr>" * 50_000 + "deep",
    "options": "<select>" + "<option>x" * 50_000 + "</select>deep",
    "attributes": "<div " + " ".join(f"a{n}=1" for n in range(60_000)) + ">deep",
    "emphasis in every paragraph": "<p>" + "".join(f"<b a={n}>" for n in range(900)) + "</p>" + "<p>x" * 5_000 + "deep",
}


@pytest.mark.parametrize("page", BOMBS.values(), ids=BOMBS)
def test_a_page_made_to_hang_a_reader_is_only_stripped(page):
    assert too_much(page)
    assert to_text(page).endswith("deep")
    assert allow_listed(page) == ""
    assert Page(page).rich([0]) == ""


@pytest.mark.parametrize(
    "page",
    [
        "<table><tr><td><p>one</p></td><td><b>two</b><br></td></tr></table>" * 4_000,
        "<ul><li>one<ul><li>two</li></ul></li></ul>" * 4_000,
        "<div class=x style='a: b' title='1 < 2'><span>x</span></div>" * 5_000,
        "<p>x" * 20_000,
        "<ul>" + "<li>x" * 20_000,
        "<table>" + "<tr><td>x<td>y" * 10_000,
        '<img src="data:image/png;base64,' + "A" * 3_000_000 + '">',
        "<!-- <div> -->" * 5_000,
        "<style>" + "p > b { color: red } " * 20_000 + "</style>",
    ],
    ids=["tables", "lists", "blocks", "paragraphs", "items", "cells", "picture", "comments", "style"],
)
def test_a_long_page_without_tricks_is_read(page):
    assert not too_much(page + "end")
    assert to_text(page + "end").endswith("end") or "style" in page


ODD = [
    "<!-- x -->",
    "<![CDATA[",
    "]]>",
    "<! >",
    "</ >",
    '<x a="<div>">',
    "<div a='</div>'>",
    '<div "',
    '">',
    "-->",
    "<!--",
]


def depth_of(html):
    """How deep the parser nests a page."""
    deepest, todo = 0, [(LexborHTMLParser(html).root, 1)]
    while todo:
        node, level = todo.pop()
        deepest = max(deepest, level)
        child = node.first_child if node else None
        while child is not None:
            if child.is_element_node:
                todo.append((child, level + 1))
            child = child.next
    return deepest


NAMES = "div span p li ul b table tr td svg style select option dd button template title".split()


@given(
    st.lists(st.sampled_from([*(f"<{n}>" for n in NAMES), *(f"</{n}>" for n in NAMES), *ODD]), min_size=1, max_size=7)
)
def test_no_trick_hides_how_deep_a_page_nests(unit):
    """The scan may take a page for deeper than it is, and for less deep by what a parser adds at most."""
    page = "".join(unit) * 40
    if depth_of(page) > 4 * 40:
        assert depth(page) * 3 > depth_of(page)


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


# ---------------------------------------------------------------- linear time

HOSTILE = {
    "paragraphs": "<p>one</p>",
    "breaks": "a<br>",
    "emphasis": "<b>x</b>",
    "links": '<a href="https://a.example/x">x</a>',
    "rows": "<table><tr><td>a<td>b</table>",
    "items": "<ul><li>a</ul>",
    "cited blocks": "<blockquote type=cite>a</blockquote>",
    "marks": '<div class="gmail_attr">a</div><div class="gmail_signature">b</div>',
    "kinds": "<p style='a'>x",
    "entities": "&amp;&#x41;&nope",
    "comments": "<!-- x -->",
    "spaces": "   \n",
    "preformatted": "<pre>a\n b\n</pre>",
    "open tags": "<a ",
    "quotes": '<a b="',
    "brackets": "<",
    "character data": "<![CDATA[",
    "raw text": "<style>",
    "odd comments": "<!x",
}


@pytest.mark.parametrize("work", [too_much, Page, allow_listed], ids=["bounds", "lines", "safe view"])
@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_twice_the_page_takes_at_most_about_twice_as_long(piece, work):
    page = piece * 10_000
    assert grows_linearly(work, page[: len(page) // 2], page)
