"""Why a deployment is refused, before anything is touched."""

from __future__ import annotations

from typing import ClassVar

from careflow.errors import BadInputError, ConflictError, UnavailableError


class DescriptionError(BadInputError):
    """The description of a deployment has a part that is missing, misspelt or out of form."""

    code: ClassVar[str] = "deploy-bad-description"


class MissingDomainError(DescriptionError):
    """Nothing names the clinic's domain: without one CloudFront allows TLS 1.0."""

    code: ClassVar[str] = "deploy-missing-domain"


class MissingCertificateError(DescriptionError):
    """A listener would stand without a certificate."""

    code: ClassVar[str] = "deploy-missing-certificate"


class OldImageError(DescriptionError):
    """The machine image's system is past its end, or its end is not known."""

    code: ClassVar[str] = "deploy-image-past-its-end"


class PlainDatabaseError(DescriptionError):
    """The database would be reached without TLS, or its address holds a password."""

    code: ClassVar[str] = "deploy-database-without-tls"


class OverBudgetError(ConflictError):
    """What is described costs more a month than the description allows."""

    code: ClassVar[str] = "deploy-over-budget"


class ToolsMissingError(UnavailableError):
    """The AWS CDK is not installed where ``careflow deploy`` runs."""

    code: ClassVar[str] = "deploy-tools-missing"


class SynthesisError(UnavailableError):
    """The templates could not be made."""

    code: ClassVar[str] = "deploy-synthesis-failed"
