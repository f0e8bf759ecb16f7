"""What scrub raises.

ScrubError
  ConfigError        a setting is unknown or out of range; lists every problem at once
  InputError         an input path does not exist or cannot be used at all
  OutputError        the output folder is in use, full, has foreign files, or no whole result
  WorkerError        worker processes keep dying
  DecisionError      a row of a decisions file does not fit the text it names
  MissingPartError   an optional part (Java, LanguageTool, an extra) is not installed

Every message says what is wrong, where, and what to do about it.
"""

from __future__ import annotations


class ScrubError(Exception):
    """Base of everything scrub raises on purpose."""


class ConfigError(ScrubError):
    """A setting is unknown or out of range."""


class InputError(ScrubError):
    """An input path does not exist or cannot be used."""


class OutputError(ScrubError):
    """The output folder cannot be written."""


class WorkerError(ScrubError):
    """Worker processes were killed, or ran out of memory, more than once."""


class DecisionError(ScrubError):
    """A decision does not fit the text it names."""


class MissingPartError(ScrubError):
    """An optional part is not installed; the message names the command that installs it."""
