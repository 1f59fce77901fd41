"""The doorbell of the outbox: it makes a worker look at once, where the sweep would look within seconds."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from celery import current_app

logger = logging.getLogger(__name__)

DELIVER: Final = "booking.tasks.deliver"
SWEEP: Final = "booking.tasks.sweep"
CARRY_OUT: Final = "booking.tasks.carry_out_absences"
FEW: Final = 10
EXPIRES: Final = 300
SILENCE: Final = 15.0


class Doorbell:
    """Rings through the broker, and leaves a broker that failed in peace for `SILENCE` seconds.

    A frozen broker costs the caller half a second, so that not every booking may find that out for itself.
    """

    def __init__(self) -> None:
        self.silent_until = 0.0

    def ring(self, ids: Sequence[UUID]) -> None:
        """Ask for these mails to be sent soon; for many, or none in particular, ask for all that are due.

        Never raises: what is not rung for now is found by the sweep.
        """
        few = ids if len(ids) <= FEW else ()
        self._try([(DELIVER, str(message_id)) for message_id in few] or [(SWEEP,)])

    def call(self, task: str) -> None:
        """Ask for a task soon that beat rings for anyway. Never raises."""
        self._try([(task,)])

    def _try(self, tasks: Sequence[tuple[str, ...]]) -> None:
        if time.monotonic() < self.silent_until:
            return
        try:
            for task, *arguments in tasks:
                self._send(task, *arguments)
        except Exception as error:  # noqa: BLE001 - whatever a broker throws, the mail is safe and the booking stands
            self.silent_until = time.monotonic() + SILENCE
            logger.warning("The broker is away (%s); mail waits for the sweep", type(error).__name__)

    def _send(self, task: str, *args: str) -> None:
        current_app.send_task(task, args, expires=EXPIRES, retry=False, ignore_result=True)


doorbell = Doorbell()
