"""`template show`: any mail that the desk writes, with sample data."""


def test_a_template_is_shown_as_the_mail_that_it_makes(mailflow):
    said = mailflow("template", "show", "acknowledgement", "--lang", "fr")
    assert said.code == 0
    assert said.out.startswith("Subject: [2026-0042] ")
    assert "Madame, Monsieur" in said.out


def test_its_html_part_can_be_written_to_a_file(mailflow, tmp_path):
    said = mailflow("template", "show", "answer", "--json", "--html", tmp_path / "answer.html")
    assert set(said.object) == {"name", "lang", "subject", "text", "html"}
    assert (tmp_path / "answer.html").read_text("utf-8") == said.object["html"]
    assert 'lang="en"' in said.object["html"]


def test_a_bilingual_one_takes_two_languages(mailflow):
    said = mailflow("template", "show", "bilingual", "--lang", "ja+en").out
    assert "-" * 40 in said
    assert "Thank you for your question" in said


def test_one_that_is_not_there_is_told_with_those_that_are(mailflow):
    said = mailflow("template", "show", "aknowledgement")
    assert said.code == 1
    assert said.err.startswith("there is no template aknowledgement in en; there are: acknowledgement, answer, ")
    assert mailflow("template", "show", "shelf", "--lang", "ja").code == 1


def test_a_faulty_one_is_told_with_its_line(mailflow, home):
    file = home / "templates/en/answer.txt"
    file.write_text("Subject: x\n\n{{ requester }}\n", "utf-8")
    said = mailflow("template", "show", "answer")
    assert said.code == 1
    assert said.err.startswith(f"{file}:3: “requester” is unknown here")
