"""What the operator decides, read once at start: environment variables and ``careflow.toml``.

Every name starts with ``CAREFLOW_``; an unknown one stops the start, because a misspelt setting is
a setting that silently does not hold. Names under ``CAREFLOW_TEST_`` belong to the tests. Any
setting may be given as ``NAME_FILE``, a file that holds the value. Modules receive values from
``composition``, never this object.
"""

from __future__ import annotations

import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from careflow.errors import BadInputError

PREFIX = "CAREFLOW_"
TEST_PREFIX = "CAREFLOW_TEST_"
CONFIG_FILE = "careflow.toml"
MASTER_KEY_BYTES = 32

ENGINES = ("local", "lambda", "gemini", "openai")
"""AI engines that can be named, in no order."""

Cipher = Literal["aegis", "sqlcipher"]
DatabaseKind = Literal["sqlite", "mongodb"]


_PASSWORD = re.compile(r"(://[^/@:]*:)[^/]*(@)")
"""Where an address holds a password."""


class SettingsError(BadInputError):
    """A setting is unknown, missing or cannot be used; the platform does not start."""

    code: ClassVar[str] = "settings-unusable"


class Settings(BaseModel):
    """Every setting of the platform; the field name is the setting's name in lower case."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database_url: str = Field(
        "sqlite:///careflow-data/careflow.db",
        description="Where documents are kept: sqlite:///path, mongodb:// or mongodb+srv://.",
        repr=False,  # it may hold a password
    )
    database_cipher: Cipher = Field(
        "aegis", description="Cipher of the embedded database: aegis, or sqlcipher (AES-CBC, HMAC)."
    )
    files_url: str = Field("file:careflow-data/files", description="Where uploads are kept.")
    key_file: Path = Field(
        Path("careflow-keys/master.key"),
        description="Where the master key lies; made on first start, never in the data folder.",
    )
    master_key: SecretStr | None = Field(
        None, description="The master key itself as 64 hexadecimal digits, instead of a key file."
    )
    organisation: str = Field(
        "clinic", pattern=r"^[a-z0-9-]{1,40}$", description="Identifier of the organisation."
    )
    clinic_name: str = Field("Clinic", description="The name people read.")
    clinic_zone: str | None = Field(
        None, description="IANA time zone of the clinic, such as America/New_York; required."
    )
    public_url: str | None = Field(
        None,
        pattern=r"^https?://[^/]+$",
        description="Scheme and host that people's browsers use; what each asked, where not given.",
    )
    jobs: Literal["embedded", "celery"] = Field(
        "embedded",
        description="What runs background work: embedded (this process), or celery (careflow"
        " worker, told by a broker; needs MongoDB).",
    )
    broker_url: str | None = Field(
        None,
        pattern=r"^(redis|rediss|redis\+socket)://",
        description="The broker, for celery: redis://, rediss:// or redis+socket://. It carries ids"
        " of jobs alone, and may lose them.",
        repr=False,  # it may hold a password
    )
    worker_processes: int = Field(
        2, ge=1, le=64, description="Jobs that one careflow worker does at once."
    )
    worker_memory_mb: int = Field(
        600,
        ge=100,
        description="Memory, in MiB, above which a worker's process is replaced after its job: with"
        " 2 processes a host of 4 GB keeps half for the API and the system.",
    )
    worker_jobs: int = Field(
        500, ge=1, description="Jobs after which a worker's process is replaced."
    )
    worker_niceness: int = Field(
        10, ge=0, le=19, description="How far workers yield the CPU to the API: 0 not, 19 always."
    )
    ai_engines: str = Field(
        "local",
        pattern=r"^(local|lambda|gemini|openai)(,(local|lambda|gemini|openai))*$",
        description="AI engines in order of preference: local, lambda, gemini, openai.",
    )
    ai_policy: Path | None = Field(
        None,
        description="TOML file of the clinic's AI policy: what may leave, limits, budgets, prices."
        " Without it nothing of a real patient leaves.",
    )
    evaluation_data: Path | None = Field(
        None,
        description="Folder of the sets that careflow ai evaluate measures on; without it,"
        " shared/data in or beside the working folder.",
    )
    gemini_mode: Literal["vertex", "paid", "free"] = Field(
        "free",
        description="How Gemini is reached: vertex (Google Cloud, where an agreement can be had),"
        " paid, or free (synthetic data only).",
    )
    gemini_api_key: SecretStr | None = Field(None, description="Key of the Gemini API.")
    gemini_base_url: str | None = Field(None, description="Another address than Google's own.")
    gemini_project: str | None = Field(None, description="Google Cloud project, for vertex.")
    gemini_location: str | None = Field(None, description="Google Cloud location, for vertex.")
    gemini_models: str = Field(
        "", description="Models by role where not the defaults: fast=…,standard=…,best=…."
    )
    openai_base_url: str | None = Field(
        None, description="Address, up to /v1, of a server that speaks OpenAI's chat protocol."
    )
    openai_api_key: SecretStr | None = Field(None, description="Its key, if it wants one.")
    openai_models: str = Field("", description="Its models by role: fast=…,standard=…,best=….")
    lambda_function: str | None = Field(
        None,
        min_length=1,
        description="Name or ARN of the AWS Lambda function that runs the local methods; keys and"
        " region are found as AWS's own tools find them.",
    )
    lambda_region: str | None = Field(None, description="Its region, where the ARN does not tell.")
    lambda_endpoint_url: str | None = Field(None, description="Another address than AWS's own.")
    architecture: str = Field(
        "embedded",
        pattern=r"^[a-z0-9-]{1,40}$",
        description="Architecture of the planner that this runs in; told at /api/health/ready.",
    )
    release: str | None = Field(
        None,
        pattern=r"^[0-9a-f]{12,64}$",
        description="Digest of the release bundle that this runs from, told at /api/health/ready.",
    )
    drain_s: float = Field(
        0,
        ge=0,
        le=3,
        description="Seconds between saying that it is not ready, when told to stop, and taking no"
        " more connections: what a load balancer needs to see it.",
    )
    mail_host: str | None = Field(
        None,
        min_length=1,
        description="Mail server (SMTP) that messages to patients leave by; without one they are"
        " kept and shown as not sent.",
    )
    mail_port: int = Field(587, ge=1, le=65535, description="Its port.")
    mail_security: Literal["starttls", "tls", "none"] = Field(
        "starttls",
        description="How the connection is secured: starttls, tls from the first byte, or none"
        " (only for a server on this machine).",
    )
    mail_user: str | None = Field(None, description="Its user, if it wants one.")
    mail_password: SecretStr | None = Field(None, description="Its password, if it wants one.")
    mail_sender: str | None = Field(
        None,
        pattern=r"^[^@\s<>]+@[^@\s<>]+$",
        description="Address that messages come from; needed with a mail server.",
    )
    sms_account: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9]+$",
        description="Account SID at Twilio, for text messages; without one they are kept and shown"
        " as not sent.",
    )
    sms_token: SecretStr | None = Field(None, description="Its auth token.")
    sms_sender: str | None = Field(
        None,
        description="Telephone number (E.164) or messaging service (MG…) that text messages come"
        " from.",
    )
    sms_base_url: str = Field(
        "https://api.twilio.com",
        pattern=r"^https?://[^/]+$",
        description="Another address than Twilio's own.",
    )
    require_second_factor: bool = Field(
        default=True, description="Whether staff must have a second factor to do anything."
    )
    own_patients_only: bool = Field(
        default=False,
        description="Whether nurses and clinicians see only patients in their care: as general"
        " practitioner, in the care team, or with an encounter or visit.",
    )
    upload_limit_mb: int = Field(20, ge=1, le=200, description="Largest upload, in MiB.")
    tesseract: str = Field("tesseract", description="The program that reads scans.")
    whisper_model: Path | None = Field(
        None,
        description="Folder with a Whisper model for CTranslate2, which writes recordings down.",
    )

    models: Path | None = Field(
        None,
        description="Folder of the operator's own models: NAME.onnx, each with its card NAME.toml"
        " (needs careflow[onnx]).",
    )

    @field_validator("clinic_zone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                ZoneInfo(value)
            except (ZoneInfoNotFoundError, ValueError, OSError) as error:
                msg = f"{value!r} is not an IANA time zone"
                raise ValueError(msg) from error
        return value

    @property
    def engine_names(self) -> tuple[str, ...]:
        """Return the AI engines in order, each once."""
        return tuple(dict.fromkeys(self.ai_engines.split(",")))

    @property
    def database_kind(self) -> DatabaseKind:
        """Return which kind of database the address names."""
        if self.database_url.startswith(("mongodb://", "mongodb+srv://")):
            return "mongodb"
        return "sqlite"

    def database_path(self) -> Path:
        """Return the file of the embedded database.

        As in SQLAlchemy's addresses, three slashes begin a relative path and four an absolute one.
        """
        if not self.database_url.startswith("sqlite:///"):
            raise SettingsError("CAREFLOW_DATABASE_URL must look like sqlite:///path.")
        return Path(self.database_url.removeprefix("sqlite:///"))

    def files_path(self) -> Path:
        """Return the folder of uploads: ``file:///absolute`` or ``file:relative`` (RFC 8089)."""
        if not self.files_url.startswith("file:"):
            raise SettingsError("CAREFLOW_FILES_URL must look like file:///path.")
        path = self.files_url.removeprefix("file:")
        return Path("/" + path.lstrip("/") if path.startswith("//") else path)

    def zone(self) -> ZoneInfo:
        """Return the clinic's zone; a missing one is an error, never UTC."""
        if self.clinic_zone is None:
            raise SettingsError("Set CAREFLOW_CLINIC_ZONE to the clinic's IANA time zone.")
        return ZoneInfo(self.clinic_zone)


def about_ai() -> dict[str, str]:
    """Return the environment's settings about AI engines, for the synthetic clinic.

    Naming an address or a key of Gemini is enough there: it is asked before the local engine.
    """
    starts = tuple(PREFIX + name for name in ("AI_", "GEMINI_", "LAMBDA_", "OPENAI_"))
    found = {name: value for name, value in os.environ.items() if name.startswith(starts)}  # noqa: TID251 - the one place that may read it.
    if f"{PREFIX}AI_ENGINES" not in found and any("GEMINI_" in name for name in found):
        found[f"{PREFIX}AI_ENGINES"] = "gemini,local"
    return found


@dataclass(frozen=True, slots=True)
class Handed:
    """What the process that started this one handed over, by systemd's protocols.

    Attributes:
        sockets: How many listening sockets lie open, from descriptor 3 on.
        notify: Address of the datagram socket that wants to hear of readiness, if any does.
    """

    sockets: int
    notify: str | None


def handed_over() -> Handed:
    """Return what systemd, or what stands in for it, handed to this very process."""
    is_ours = os.environ.get("LISTEN_PID", "") == str(os.getpid())  # noqa: TID251 - the one place that may read it.
    sockets = os.environ.get("LISTEN_FDS", "0") if is_ours else "0"  # noqa: TID251
    notify = os.environ.get("NOTIFY_SOCKET") or None  # noqa: TID251
    return Handed(int(sockets) if sockets.isdigit() else 0, notify)


@dataclass(frozen=True, slots=True)
class SettingSource:
    """Where a setting's value came from, for ``careflow check-settings``."""

    name: str
    value: str
    source: str
    description: str


def _secret_fields() -> set[str]:
    return {
        name for name, f in Settings.model_fields.items() if SecretStr in get_args(f.annotation)
    }


def _from_environment(environment: Mapping[str, str]) -> dict[str, tuple[Any, str]]:
    found: dict[str, tuple[Any, str]] = {}
    for name, value in environment.items():
        if not name.startswith(PREFIX) or name.startswith(TEST_PREFIX):
            continue
        field = name.removeprefix(PREFIX).lower()
        if field in Settings.model_fields:
            found[field] = (value, name)
        elif field.removesuffix("_file") in Settings.model_fields:
            found[field.removesuffix("_file")] = (_read_secret(name, value), f"{name} ({value})")
        else:
            raise SettingsError(f"{name} is not a setting: remove it or correct the spelling.")
    return found


def _read_secret(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{name} names a file that cannot be read.") from error


def _from_file(path: Path) -> dict[str, tuple[Any, str]]:
    if not path.is_file():
        return {}
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}.") from error
    unknown = sorted(set(content) - set(Settings.model_fields))
    if unknown:
        raise SettingsError(f"{path} holds {unknown[0]!r}, which is not a setting.")
    return {name: (value, str(path)) for name, value in content.items()}


def _gather(environment: Mapping[str, str] | None, file: Path | None) -> dict[str, tuple[Any, str]]:
    if environment is None:
        environment = os.environ  # noqa: TID251 - the one place that may read it.
    return {**_from_file(file or Path(CONFIG_FILE)), **_from_environment(environment)}


def load(
    environment: Mapping[str, str] | None = None, *, file: Path | None = None, **overrides: object
) -> Settings:
    """Read settings from overrides, the environment and the file, in that order of strength.

    Raises:
        SettingsError: A name is unknown or a value unusable; the sentence names it.
    """
    values = {name: value for name, (value, _) in _gather(environment, file).items()}
    try:
        return Settings.model_validate({**values, **overrides})
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"{PREFIX}{place.upper()} cannot be used: {first['msg']}.") from error


def sources(
    environment: Mapping[str, str] | None = None, *, file: Path | None = None
) -> list[SettingSource]:
    """Return every setting with its value (secrets masked) and where it came from."""
    given = _gather(environment, file)
    settings = load(environment, file=file)
    return [
        SettingSource(
            name=PREFIX + name.upper(),
            value="••••" if name in _secret_fields() and name in given else _shown(settings, name),
            source=given[name][1] if name in given else "default",
            description=field.description or "",
        )
        for name, field in Settings.model_fields.items()
    ]


def _shown(settings: Settings, name: str) -> str:
    value = getattr(settings, name)
    return "" if value is None else _PASSWORD.sub(r"\1••••\2", str(value))


def master_key(settings: Settings) -> bytes:
    """Return the master key: from the setting, or from its file, made on first start.

    The file is created with mode 0600 in a folder of mode 0700 and must not lie in the data folder:
    a copy of the data alone must be unreadable.

    Raises:
        SettingsError: The key is not 64 hexadecimal digits, or its file lies with the data.
    """
    if settings.master_key is not None:
        return _parse_key(settings.master_key.get_secret_value(), "CAREFLOW_MASTER_KEY")
    path = settings.key_file.absolute()
    if any(path.is_relative_to(folder) for folder in _data_folders(settings)):
        raise SettingsError("CAREFLOW_KEY_FILE must lie outside the data folder.")
    if not path.exists():
        # A MongoDB database itself refuses a key that is not its own.
        if settings.database_kind == "sqlite" and settings.database_path().exists():
            raise SettingsError(
                f"The key file {path} is missing but the database exists: restore the key file."
            )
        _make_key(path)
    return _parse_key(_read_secret("CAREFLOW_KEY_FILE", str(path)), str(path))


def _data_folders(settings: Settings) -> list[Path]:
    folders = [settings.files_path().absolute()]
    if settings.database_kind == "sqlite":
        folders.append(settings.database_path().absolute().parent)
    return folders


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(MASTER_KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _parse_key(text: str, source: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError as error:
        raise SettingsError(f"{source} must hold 64 hexadecimal digits.") from error
    if len(key) != MASTER_KEY_BYTES:
        raise SettingsError(f"{source} must hold 64 hexadecimal digits.")
    return key
