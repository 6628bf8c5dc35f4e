"""What the driver reports, as the port says it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from pymongo.errors import (
    AutoReconnect,
    ClientBulkWriteException,
    InvalidOperation,
    NetworkTimeout,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
)

from careflow.database.failures import ClosedError, WriteFailedError
from careflow.errors import CareFlowError, UnavailableError

_DUPLICATE_KEY = 11000
_WRITE_CONFLICT = 112
_AUTHENTICATION_FAILED = 18
_TRANSIENT = "TransientTransactionError"


class UnreachableError(UnavailableError):
    """The database server does not answer."""

    code: ClassVar[str] = "database-unreachable"
    retry_after_s: ClassVar[int | None] = 2

    def __init__(self) -> None:
        super().__init__("The database server does not answer: try again in a moment.")


class RefusedError(UnavailableError):
    """The database server refused what was asked."""

    code: ClassVar[str] = "database-refused"


class UnsuitableServerError(UnavailableError):
    """The database server cannot give the guarantees that records need."""

    code: ClassVar[str] = "database-unsuitable-server"


def is_transient(error: PyMongoError) -> bool:
    """Report whether the same transaction, begun anew, may succeed.

    A key that was taken meanwhile is such a case: in the new transaction it is seen from the start.
    """
    if error.has_error_label(_TRANSIENT):
        return True
    if isinstance(error, ClientBulkWriteException):
        inner = error.error
        within = isinstance(inner, PyMongoError) and inner.has_error_label(_TRANSIENT)
        return within or bool(codes_of(error) & {_DUPLICATE_KEY, _WRITE_CONFLICT})
    return False


def codes_of(error: Exception) -> set[int]:
    """Return the server's codes for the single writes of a message that failed."""
    if not isinstance(error, ClientBulkWriteException):
        return set()
    failed: list[Any] = list(error.write_errors or ())
    return {each["code"] for each in failed}


def failure_of(error: PyMongoError) -> CareFlowError:
    """Return the fact that a driver's error stands for."""
    match error:
        case ServerSelectionTimeoutError() | NetworkTimeout() | AutoReconnect():
            return UnreachableError()
        case InvalidOperation():
            return ClosedError()
        case OperationFailure(code=code) if code == _AUTHENTICATION_FAILED:
            return RefusedError("The database refused the user name or the password.")
        case _:
            return RefusedError(f"The database refused what was asked ({_short(error)}).")


def write_failure_of(error: PyMongoError) -> CareFlowError:
    """Return the fact for a change that was not stored."""
    failure = failure_of(error)
    if isinstance(failure, RefusedError):
        return WriteFailedError(f"The database could not take the change ({_short(error)}).")
    return failure


@contextmanager
def explained() -> Iterator[None]:
    """Turn the driver's errors into the port's."""
    try:
        yield
    except PyMongoError as error:
        raise failure_of(error) from error


def _short(error: PyMongoError) -> str:
    """Return the error's kind and number; its text may quote what was to be stored."""
    if isinstance(error, ClientBulkWriteException) and isinstance(error.error, PyMongoError):
        return _short(error.error)
    code = error.code if isinstance(error, OperationFailure) else None
    return type(error).__name__ if code is None else f"{type(error).__name__} {code}"
