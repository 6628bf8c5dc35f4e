"""Documents in one encrypted file: APSW with SQLite3 Multiple Ciphers, WAL, one writer thread.

See :mod:`careflow.database.sqlite.schema` for the layout and why it is so.
"""

from careflow.database.failures import (
    ClosedError,
    NewerDatabaseError,
    WriteFailedError,
    WrongKeyError,
)
from careflow.database.sqlite.audit_file import SqliteAuditFile, open_audit_file
from careflow.database.sqlite.connection import Cipher, NotADatabaseError
from careflow.database.sqlite.documents import SqliteDocuments, open_documents

__all__ = [
    "Cipher",
    "ClosedError",
    "NewerDatabaseError",
    "NotADatabaseError",
    "SqliteAuditFile",
    "SqliteDocuments",
    "WriteFailedError",
    "WrongKeyError",
    "open_audit_file",
    "open_documents",
]
