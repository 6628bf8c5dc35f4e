"""What a host is told: plain data that an operator, or a stack, writes down."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, ClassVar

from careflow.errors import BadInputError
from careflow.settings import PREFIX, Settings

OWN_CERTIFICATE = "own"
"""In place of a path: the host makes one that nobody vouches for, for a load balancer before it."""
PROXY_SECRETS = ("certificate", "certificate-key")
"""Secrets that the proxy reads; every other is a setting of the platform."""
_DOMAIN = re.compile(r"(?=.{4,200}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_PATH = re.compile(r"/[\w./@+-]+")
_WORD = re.compile(r"[\w./:@+=-]+")
_HIDDEN = {"master_key", "gemini_api_key", "openai_api_key", "database_url", "broker_url"}


class HostRefusedError(BadInputError):
    """A host cannot be rendered from this; nothing was written."""

    code: ClassVar[str] = "host-refused"


@dataclass(frozen=True, slots=True)
class Host:
    """A host.

    Attributes:
        certificate: Path of the certificate's chain, or ``own``.
        settings: The platform's settings by their full names; never a secret.
        secrets: Secret to the file it lies in, or, with a region, its ARN in Secrets Manager.
        proxies: Networks whose word about the client's address is taken.
        workers: Processes beside the API that a broker tells of jobs; 0 where the API does them.
        api_memory_mb: What the API may take; at twice as much both colours fit during a release.
        region: AWS's, where the host is there.
        log_group: CloudWatch's, where logs and figures go to.
        reboot_at: When updates may start the host anew, by its own clock.
    """

    domain: str
    certificate: str
    certificate_key: str
    settings: Mapping[str, str]
    secrets: Mapping[str, str] = field(default_factory=dict)
    architecture: str = "production"
    proxies: tuple[str, ...] = ()
    workers: int = 0
    redis: bool = False
    api_memory_mb: int = 700
    worker_memory_mb: int = 1500
    region: str | None = None
    log_group: str | None = None
    reboot_at: str = "04:00"

    def __post_init__(self) -> None:
        if not _DOMAIN.fullmatch(self.domain):
            raise HostRefusedError("Name the host's domain, such as clinic.example.org.")
        if not self.certificate or (self.certificate != OWN_CERTIFICATE and not self._has_paths()):
            raise HostRefusedError(
                "Name the certificate and its key as absolute paths: the host speaks TLS alone."
            )
        for name in self.settings:
            _check_setting(name)
        words = [*self.settings.values(), *self.secrets.values(), *self.secrets, self.architecture]
        words += [self.region or "-", self.log_group or "-", self.reboot_at]
        if any(not _WORD.fullmatch(w) for w in words if w not in self.settings.values()) or any(
            ord(character) < 0x20 for word in words for character in word
        ):
            raise HostRefusedError("A value for the host holds a character that units cannot take.")
        for network in self.proxies:
            _check_network(network)
        if self.workers and not self.redis and "broker-url" not in self.secrets:
            raise HostRefusedError("Workers need a broker: ask for redis, or name broker-url.")

    def _has_paths(self) -> bool:
        return all(_PATH.fullmatch(path) for path in (self.certificate, self.certificate_key))

    @property
    def has_own_certificate(self) -> bool:
        """Whether the host makes its certificate itself."""
        return self.certificate == OWN_CERTIFICATE

    @property
    def credentials(self) -> list[str]:
        """Return the names of secrets that are settings of the platform."""
        return sorted(set(self.secrets) - set(PROXY_SECRETS))


def _check_setting(name: str) -> None:
    known = name.removeprefix(PREFIX).lower()
    is_known = bool({known, known.removesuffix("_file")} & Settings.model_fields.keys())
    if not name.startswith(PREFIX) or not is_known:
        raise HostRefusedError(f"{name} is not a setting: remove it or correct the spelling.")
    if known in _HIDDEN - {"database_url", "broker_url"}:
        raise HostRefusedError(f"{name} is a secret: give it as one, not as a setting.")


def _check_network(network: str) -> None:
    try:
        ipaddress.ip_network(network)
    except ValueError as error:
        raise HostRefusedError(f"{network} is not a network, such as 10.0.0.0/16.") from error


def host_json(host: Host) -> str:
    """Return a host as the text that ``host_of`` reads."""
    return json.dumps(asdict(host), indent=1, sort_keys=True)


def host_of(text: str | bytes) -> Host:
    """Return the host of a text.

    Raises:
        HostRefusedError: It is no such text, or the host cannot be rendered from it.
    """
    try:
        raw: dict[str, Any] = json.loads(text)
        unknown = sorted(set(raw) - {each.name for each in fields(Host)})
        if unknown:
            raise HostRefusedError(f"A host has no {unknown[0]!r}: correct the spelling.")
        return Host(**{**raw, "proxies": tuple(raw.get("proxies", ()))})
    except (ValueError, TypeError, AttributeError) as error:
        raise HostRefusedError(
            "The description of the host is not JSON with domain, certificate, certificate_key and"
            " settings."
        ) from error
