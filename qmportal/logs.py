"""What is logged and how: events with ids, never a name, an address or a token."""

from __future__ import annotations

import logging.config
import re
import sys
from collections.abc import Mapping
from typing import Any

import structlog

from booking.failures import trace

# What stands behind these in an address opens somebody's booking, login or calendar.
SECRET_PATHS = re.compile(r"(/buchung/|/privat/|/reset/key/)[^/\s\"']+")
# The web server's words about a request that it cannot read: who sent it, and what.
UNREADABLE = re.compile(r"(Invalid request) from ip=\S+: ([^:'\"]*).*", re.DOTALL)


class Line(structlog.stdlib.ProcessorFormatter):
    """Writes one line, with the kind of an error wherever its words would stand: they may name people."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; the record stays as it is, for other handlers."""
        told = logging.makeLogRecord(record.__dict__)
        told.args = _without_words(record.args)
        return str(super().format(told))


def _without_words(arguments: Any) -> Any:
    """Return the arguments of a record; Celery's of a failed task are a mapping with the error's text."""
    if isinstance(arguments, Mapping):
        return {
            key: str(value).partition("(")[0] if key == "exc" else value for key, value in arguments.items()
        }
    return tuple(
        type(value).__name__ if isinstance(value, BaseException) else value for value in arguments or ()
    )


def hide_secrets(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Cut the key out of every address in a log line, and whoever sent an unreadable request."""
    text = SECRET_PATHS.sub(r"\1…", str(event.get("event", "")))
    event["event"] = UNREADABLE.sub(r"\1: \2", text)
    return event


def tell_where(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Say of an error where it happened, not its words: those of a database quote the row, and so people."""
    failure = event.pop("exc_info", None)
    error = sys.exc_info()[1] if failure is True else failure[1] if isinstance(failure, tuple) else failure
    if isinstance(error, BaseException):
        event["exception"] = trace(error)
    return event


def configure(options: dict[str, Any]) -> None:
    """Set up logging for `LOG_FORMAT` (`console` or `json`) and `LOG_LEVEL`; both kinds write to stderr."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
    ]
    renderer = (
        structlog.processors.JSONRenderer()
        if options["format"] == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    formatter = {
        "()": Line,
        "foreign_pre_chain": shared,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            tell_where,
            renderer,
        ],
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"line": formatter},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["stderr"], "level": options["level"]},
            "loggers": {
                # Answers such as 404 and 409 are everyday life; only failures of our own are worth a line.
                "django.request": {"level": "ERROR", "propagate": True},
                "django.security": {"level": "ERROR", "propagate": True},
                # Each saved page would write ten lines about the search index; its history stands in Wagtail.
                "django_tasks": {"level": "WARNING", "propagate": True},
                "wagtail": {"level": "WARNING", "propagate": True},
                # It names the key of whoever logs in.
                "fido2": {"level": "WARNING", "propagate": True},
                # The file-system broker has no host, which kombu warns about at every connection.
                "kombu.connection": {"level": "ERROR", "propagate": True},
            },
        }
    )
