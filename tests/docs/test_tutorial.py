"""What the documents tell to type works as it stands, and says what they promise."""

from __future__ import annotations

from tests.docs.commands import blocks, carried_out


def test_the_tutorial_works_as_it_stands(tmp_path):
    said = carried_out("\n".join(blocks("tutorial.md", "sh")), tmp_path)
    promised = [line for block in blocks("tutorial.md", "text") for line in block.splitlines()]
    assert promised
    for line in promised:
        assert " ".join(line.split()) in said


def test_a_backup_is_made_and_restored_as_the_howto_says(tmp_path):
    script = "\n".join(["mailflow init desk >/dev/null", "cd desk", *blocks("how-to/back-up-and-restore.md", "sh")])
    assert "0 of 0 mails are accounted for" in carried_out(script, tmp_path)
