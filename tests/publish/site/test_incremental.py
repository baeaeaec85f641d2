"""Only what changed is written, what is gone goes, and the same items give the same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bench.site import samples
from mailflow.publish.site import Site, SiteError, build, writing
from tests.publish.site.conftest import TODAY, Look
from tests.publish.site.made import item

Make = Callable[..., Look]
SEARCH = "pagefind/"


def state(folder: Path) -> Mapping[str, tuple[bytes, int]]:
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_building_again_touches_nothing(make: Make) -> None:
    before = state(make([item()]).folder)
    look = make([item()])
    assert state(look.folder) == before
    assert look.built.written == look.built.removed == ()
    assert len(look.built.kept) == len(before) - 1  # the list of our files is no file of the site


def test_only_the_pages_of_a_changed_item_are_written(make: Make) -> None:
    some = [item("first"), item("other", topics=("hours",))]
    make(some)
    look = make([some[0], replace(some[1], answer="Another answer.")])
    pages = [path for path in look.built.written if not path.startswith(SEARCH)]
    assert pages == ["en/feed.xml", "en/q/other/index.html"]


def test_what_is_gone_is_removed_with_its_folder_and_strangers_stay(make: Make) -> None:
    look = make([item("first"), item("other")])
    stranger = look.folder / ".well-known" / "security.txt"
    stranger.parent.mkdir()
    stranger.write_text("Contact: mailto:desk@example.org")
    look = make([item("first")])
    assert not (look.folder / "en/q/other").exists()
    assert "en/q/other/index.html" in look.built.removed
    assert stranger.exists()
    assert {path for path in state(look.folder) if not path.startswith(".")} == {*look.built.kept, *look.built.written}


def test_two_builds_of_the_same_items_are_the_same_bytes(look: Look, tmp_path: Path) -> None:
    build(samples.site(), list(reversed(samples.items())), tmp_path / "again", today=TODAY, templates=samples.TEMPLATES)
    first, second = state(look.folder), state(tmp_path / "again")
    assert first.keys() == second.keys()
    assert [path for path in first if first[path][0] != second[path][0]] == []


def test_a_build_that_was_stopped_is_finished_by_the_next(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make([item("first")]).folder
    whole = writing._replace

    def stops(path: Path, content: bytes) -> None:
        whole(path, content)
        if "q/other" in path.as_posix():
            raise KeyboardInterrupt

    monkeypatch.setattr(writing, "_replace", stops)
    with pytest.raises(KeyboardInterrupt):
        make([item("first"), item("other")])
    monkeypatch.undo()
    assert (folder / "en/q/other").exists()
    assert not (make([item("first")]).folder / "en/q/other").exists()


def test_a_damaged_file_is_mended(make: Make) -> None:
    folder = make([item()]).folder
    fragment = next((folder / "pagefind/fragment").iterdir())
    for path in (folder / "en/q/first/index.html", fragment):
        good = path.read_bytes()
        path.write_bytes(b"vandals")
        make([item()])
        assert path.read_bytes() == good


def test_a_folder_that_holds_something_else_is_left_alone(site: Site, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(SiteError, match="not empty"):
        build(site, [item()], tmp_path, today=TODAY, templates=samples.TEMPLATES)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("told", ["{", "[]", json.dumps({"files": {"../../etc/passwd": "x"}, "search": ""})])
def test_a_damaged_list_of_files_is_refused(make: Make, told: str) -> None:
    (make([item()]).folder / writing.MANIFEST).write_text(told)
    with pytest.raises(SiteError, match="damaged"):
        make([item()])
