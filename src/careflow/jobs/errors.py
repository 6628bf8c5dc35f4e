"""What can become of a job, besides being done."""

from __future__ import annotations

from typing import ClassVar

from careflow.errors import (
    CareFlowError,
    ConflictError,
    NotFoundError,
    UnavailableError,
    UnprocessableError,
)


class JobMissingError(NotFoundError):
    """No such job that the asker may see."""

    code: ClassVar[str] = "jobs-missing"

    def __init__(self) -> None:
        super().__init__("There is no such job.")


class UnknownHandlerError(UnprocessableError):
    """Nothing here knows how to do a job of this name."""

    code: ClassVar[str] = "jobs-unknown-handler"

    def __init__(self) -> None:
        super().__init__("Nothing here knows how to do this job: it was queued by another version.")


class JobTimedOutError(UnavailableError):
    """A handler took longer than jobs may."""

    code: ClassVar[str] = "jobs-timed-out"

    def __init__(self) -> None:
        super().__init__("The job took too long and was stopped.")


class WorkerLostError(UnavailableError):
    """A worker took the job and was not heard of again, as often as it may be tried."""

    code: ClassVar[str] = "jobs-worker-lost"

    def __init__(self) -> None:
        super().__init__("The job was begun several times and never came to an end.")


class HandlerBrokenError(CareFlowError):
    """A handler failed with something that is no fact of the domain: a bug."""

    code: ClassVar[str] = "jobs-handler-broken"

    def __init__(self) -> None:
        super().__init__("The job failed for a reason that is ours: see the log.")


class JobNotFailedError(ConflictError):
    """Only a job that failed for good can be queued again."""

    code: ClassVar[str] = "jobs-not-failed"

    def __init__(self) -> None:
        super().__init__("This job has not failed: only a failed job can be tried again.")


class BrokerUnavailableError(UnavailableError):
    """The broker takes no messages now; the jobs wait in the store, and nothing is lost."""

    code: ClassVar[str] = "jobs-broker-unavailable"

    def __init__(self) -> None:
        super().__init__("The broker of jobs cannot be reached: start it, and jobs go on.")
