"""Documents in a MongoDB replica set, through PyMongo's asynchronous API.

See :mod:`careflow.database.mongo.schema` for the layout, and
:mod:`careflow.database.mongo.commits` for how a commit becomes one transaction.
"""

from careflow.database.mongo.addresses import BadAddressError
from careflow.database.mongo.audit_file import MongoAuditFile, open_audit_file
from careflow.database.mongo.documents import MongoDocuments, open_documents
from careflow.database.mongo.failures import RefusedError, UnreachableError, UnsuitableServerError

__all__ = [
    "BadAddressError",
    "MongoAuditFile",
    "MongoDocuments",
    "RefusedError",
    "UnreachableError",
    "UnsuitableServerError",
    "open_audit_file",
    "open_documents",
]
