"""What went wrong, in sentences: the one place where errors of all kinds become words on stderr and an exit code."""

from __future__ import annotations

import errno
import os
import sys
import traceback

import typer

TRY_LATER = 75  # EX_TEMPFAIL of sysexits.h: a mail server keeps the mail and tries again
INTERRUPTED = 130

_REMEDIES = {
    errno.ENOSPC: "free some space, then try again; nothing that was stored is lost",
    errno.EDQUOT: "free some space, then try again; nothing that was stored is lost",
    errno.EFBIG: "raise the limit of file sizes (ulimit -f); nothing that was stored is lost",
    errno.EACCES: "give the user who runs mailflow access to it",
    errno.EPERM: "give the user who runs mailflow access to it",
    errno.EROFS: "its file system is mounted read-only",
}


def tell(error: Exception, *, debug: bool = False) -> None:
    """On stderr; with --debug the traceback, too."""
    if debug:
        traceback.print_exception(error)
    for sentence in sentences(error):
        print(sentence, file=sys.stderr)


def sentences(error: Exception) -> tuple[str, ...]:
    """One sentence, or all problems of a configuration. Never a word of a mail: unknown errors give only their kind."""
    problems = getattr(error, "problems", ())  # ConfigError
    if problems:
        return tuple(problems)
    if isinstance(error, OSError) and error.strerror:
        return (_of_the_system(error),)
    if _is_ours(error):
        return (getattr(error, "sentence", "") or str(error),)
    return (f"an unexpected fault ({type(error).__name__}): --debug before the command shows where",)


def _of_the_system(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    remedy = _REMEDIES.get(error.errno or 0, "")
    return f"{where}{error.strerror}" + (f": {remedy}" if remedy else "")


def _is_ours(error: Exception) -> bool:
    """Errors whose text was written for people: those of classes of ours, and look-ups by a name that a person gave.

    A LookupError of Python's own is one of its subclasses.
    """
    return type(error).__module__.split(".")[0] == "mailflow" or type(error) is LookupError


def code_of(error: BaseException, *, debug: bool = False) -> int | None:
    """With which code to leave, after saying why; None when the error isn't ours to handle."""
    if isinstance(error, BrokenPipeError):
        _stay_silent()
        return 128 + 13  # as a shell reports SIGPIPE
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    if not isinstance(error, Exception) or isinstance(error, typer.Abort) or hasattr(error, "exit_code"):
        return None  # typer's own: wrong usage, --help, a command's own code
    tell(error, debug=debug)
    return 1


def _stay_silent() -> None:
    """Nobody reads any more: what is still in the buffer goes nowhere when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
