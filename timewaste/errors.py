"""What can go wrong in a way the user can mend, and the exit code of each.

Raised anywhere, shown once, in `timewaste.cli`. A wrong *row* is never an exception: it is an `Issue`.
"""

from __future__ import annotations

EXIT_BAR_MISSED = 1
EXIT_USER = 2
EXIT_BUG = 3
EXIT_INTERRUPTED = 130


class TimewasteError(Exception):
    """Something the user can mend: what happened, where, and how to mend it."""

    def __init__(self, what: str, *, where: str = "", mend: str = "") -> None:
        """Keep the three parts apart, so that tests check values and the CLI decides on the layout."""
        self.what, self.where, self.mend = what, where, mend
        super().__init__(what)

    def __str__(self) -> str:
        """One message: where, what, how to mend."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}\n{self.mend}" if self.mend else head


class StudyError(TimewasteError):
    """The folder is not a study, or cannot be used as one."""


class ConfigError(TimewasteError):
    """`timewaste.toml` says something we cannot follow."""


class ReadError(TimewasteError):
    """A log file as a whole cannot be read; `code` is stable, such as `csv/encoding`."""

    def __init__(self, code: str, what: str, *, where: str = "", mend: str = "") -> None:
        """As `TimewasteError`, with the code of the case."""
        self.code = code
        super().__init__(what, where=where, mend=mend)

    def __str__(self) -> str:
        """`[code] where: what`, then how to mend."""
        return f"[{self.code}] {super().__str__()}"


class ModelError(TimewasteError):
    """A model is not well-formed, fails, or breaks what it promises under `Expect`."""


class QueryError(TimewasteError):
    """An ad-hoc query was refused or failed; `words` is what the engine said of it, with the place in the query."""

    words: str = ""


class RefusedFiles(TimewasteError):  # noqa: N818 - several files, each with its own error
    """One or more log files cannot be read; nothing of the load was kept."""

    def __init__(self, errors: list[ReadError]) -> None:
        """Keep every file's own error: the user mends them all in one go."""
        self.errors = errors
        super().__init__("\n\n".join(str(error) for error in errors))
