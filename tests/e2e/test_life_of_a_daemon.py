"""Starting, stopping, reading the rules anew, and a full disk."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bench.mails import Correspondence
from tests.e2e.world import ASKER, World
from tests.servers.running import until

RULE = '\n[[rule]]\nname = "ink"\nwhen = {{ words = ["printing ink"] }}\nqueue = "{queue}"\n'
ABOUT_INK = "Dear helpdesk,\n\nour people mix printing ink by hand all day long. What should we look at first?\n\nAnn\n"
ROOM = 20_000_000  # octets: enough for the database and its log, and quickly full


def test_told_to_stop_with_work_in_hand_it_ends_in_time_and_the_next_one_goes_on(world: World) -> None:
    mails = Correspondence(world.desk.address, seed=1)
    asked = [mails.question().letter for _ in range(60)]
    world.deliver(*asked)
    world.desk.start()
    until(lambda: world.desk.logged("sent"), "the work has begun")
    assert world.desk.stop() == 0
    assert world.desk.logged("stopped", left_behind=0)
    world.desk.start()
    world.settle()
    assert len(world.refs()) == len(asked)
    assert all(world.acknowledgements(letter.author) == 1 for letter in asked)


def test_a_second_daemon_of_the_same_installation_is_refused(world: World) -> None:
    world.desk.start()
    second = world.desk.launch()
    assert second.wait(20) == 1
    assert "runs already" in world.desk.log_file.read_text()
    world.ask()
    world.wait_for(1, ASKER)


def test_told_to_reload_it_takes_up_good_rules_and_refuses_faulty_ones(world: World) -> None:
    rules = world.desk.home / "rules/routing.toml"
    world.desk.start()
    good = rules.read_text("utf-8") + RULE.format(queue="press")
    rules.write_text(good, "utf-8")
    world.desk.hang_up()
    until(lambda: world.desk.logged("rules reloaded"), "the rules are reloaded")
    world.ask("first", text=ABOUT_INK)
    until(lambda: world.queues() == ["press"], "the new rule counts")

    rules.write_text(good.replace('"press"', '"prses"'), "utf-8")
    world.desk.hang_up()
    refused = "rules refused, the last good ones stay in use"
    until(lambda: world.desk.logged(refused), "the faulty rules are refused")
    world.ask("second", text=ABOUT_INK)
    until(lambda: world.queues() == ["press", "press"], "the last good rules count")


@pytest.fixture
def small_disk(world: World) -> Iterator[Path]:
    """A file system of a few megabytes under the data of an installation."""
    data, aside = world.desk.home / "data", world.desk.home / "aside"
    if os.geteuid() != 0:
        pytest.skip("a file system of its own can only be mounted by root")
    shutil.copytree(data, aside)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOM},mode=700", "tmpfs", str(data)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("a file system of its own can't be mounted here")
    shutil.copytree(aside, data, dirs_exist_ok=True)
    yield data
    world.desk.kill()
    subprocess.run(["umount", "--lazy", str(data)], check=True)


def test_a_full_disk_loses_nothing_and_the_work_goes_on_when_there_is_room(world: World, small_disk: Path) -> None:
    mails = Correspondence(world.desk.address, seed=2)
    asked = [mails.question().letter for _ in range(10)]
    world.desk.start()
    ballast = _fill(small_disk)
    world.deliver(*asked)
    until(lambda: world.desk.logged("trouble", mailbox="main"), "the disk is full")
    assert len(world.account.holds("INBOX")) == len(asked)
    ballast.unlink()
    until(lambda: len(world.refs()) == len(asked), "all is handled")
    world.settle()
    assert all(world.acknowledgements(letter.author) == 1 for letter in asked)


def test_a_disk_that_gets_full_while_mails_leave_repeats_none_and_keeps_none_back(
    world: World, small_disk: Path
) -> None:
    """The mail server took a mail that the store can't mark as sent: it is marked as soon as there is room."""
    mails = Correspondence(world.desk.address, seed=3)
    asked = [mails.question().letter for _ in range(40)]
    world.deliver(*asked)
    world.desk.start()
    until(lambda: world.desk.logged("sent"), "mails leave")
    ballast = _fill(small_disk)
    until(lambda: world.desk.logged("store"), "the disk is full")
    ballast.unlink()
    until(lambda: len(world.refs()) == len(asked), "all is handled")
    world.settle()
    assert all(world.acknowledgements(letter.author) == 1 for letter in asked)


def _fill(folder: Path) -> Path:
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1_000_000, 4096):
            with suppress(OSError):
                while file.write(bytes(size)) == size:
                    pass
    assert ballast.stat().st_size < ROOM, "the disk never got full"
    return ballast
