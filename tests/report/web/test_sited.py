"""The pages of our own site are counted under their topics, though the addresses of answers hold none."""

import pickle

import pytest

from mailflow.report.web.sited import Sited

PLACE = Sited({"minimum-wage-x1": "wages"})


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/en/q/minimum-wage-x1/", ("en", "wages")),
        ("/fr/q/minimum-wage-x1/v1/", ("fr", "wages")),
        ("/en/q/unknown/", ("en", "")),
        ("/zh-Hant/topics/osh/", ("zh-Hant", "osh")),
        ("/en/search/", ("en", "")),
        ("/en/pages/about/", ("en", "")),
        ("/en/", ("en", "")),
        ("/", ("", "")),
        ("/en/wages/", ("en", "wages")),  # of another site
    ],
)
def test_language_and_topic_of_a_page(path, found):
    assert PLACE(path) == found


def test_processes_can_have_it():
    assert pickle.loads(pickle.dumps(PLACE)) == PLACE
