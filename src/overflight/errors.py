"""Every error that overflight raises on purpose, in one tree.

::

    OverflightError
    ├── InputError            what the user gave is wrong: one line, exit code 2
    │   ├── UnknownCodeError      a state, aerodrome, type, operator … nobody knows
    │   ├── FlightFileError       FLIGHT.toml: file, line and field are named
    │   ├── MarkingError          a marking that cannot be understood
    │   ├── LawError              a row of law that the schema refuses: file, line, column
    │   ├── TelegramError         a file that cannot be read as a telegram
    │   └── ConflictError         the log has moved on since what the caller read
    ├── StoreError            the desk's store cannot be opened, read or written; nothing was lost
    └── DataError             a shipped or imported data file is damaged or missing

A person sees one line: what is wrong, where, and the mend.
"""

from __future__ import annotations

__all__ = [
    "ConflictError",
    "DataError",
    "FlightFileError",
    "InputError",
    "LawError",
    "MarkingError",
    "OverflightError",
    "StoreError",
    "TelegramError",
    "UnknownCodeError",
]


class OverflightError(Exception):
    """Root of the tree.

    Parameters
    ----------
    what : str
        What is wrong, in a few words, without a full stop.
    where : str, optional
        File, line, column, field or argument.
    mend : str, optional
        What the user can do about it.
    """

    def __init__(self, what: str, *, where: str | None = None, mend: str | None = None) -> None:
        self.what, self.where, self.mend = what, where, mend
        super().__init__(what)

    def __str__(self) -> str:
        line = f"{self.where}: {self.what}" if self.where else self.what
        if self.mend:
            line = f"{line}; {self.mend}"
        return " ".join(line.split())


class InputError(OverflightError):
    """What the user gave is wrong; nothing was changed."""


class UnknownCodeError(InputError):
    """A code or name that no table knows."""


class FlightFileError(InputError):
    """A FLIGHT.toml that cannot be used."""


class MarkingError(InputError):
    """A marking that cannot be understood."""


class LawError(InputError):
    """A row of law that the schema refuses: file, line and column are named."""


class TelegramError(InputError):
    """A file that cannot be read as a telegram."""


class ConflictError(InputError):
    """The log has moved on since what the caller read; nothing was recorded."""


class StoreError(OverflightError):
    """The desk's store cannot be opened, read or written."""


class DataError(OverflightError):
    """A shipped or imported data file is damaged or missing."""
