"""Anonymising: what a machine can propose, and the check that nothing known is left.

`anonymise` proposes, `amended` is for the people who decide, `leaks` and `file_leaks` block, `rare` warns.
"""

from mailflow.publish.anonymise.again import Found, again, identified, said_to_reviewers, same_words, told_by_ticket
from mailflow.publish.anonymise.built import file_leaks
from mailflow.publish.anonymise.detectors import DETECTORS
from mailflow.publish.anonymise.leaks import known_words, leaks
from mailflow.publish.anonymise.names import Named, NameModel, installed_names, missing_names
from mailflow.publish.anonymise.proposing import anonymise
from mailflow.publish.anonymise.rare import events_in, rare, times_in
from mailflow.publish.anonymise.review import amended

__all__ = [
    "DETECTORS",
    "Found",
    "NameModel",
    "Named",
    "again",
    "amended",
    "anonymise",
    "events_in",
    "file_leaks",
    "identified",
    "installed_names",
    "known_words",
    "leaks",
    "missing_names",
    "rare",
    "said_to_reviewers",
    "same_words",
    "times_in",
    "told_by_ticket",
]
