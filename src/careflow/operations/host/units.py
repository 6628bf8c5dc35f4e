"""systemd's units: the API in two colours on one socket, workers, Redis, secrets, backups."""

from __future__ import annotations

from collections.abc import Mapping

from careflow.operations.host.description import Host
from careflow.operations.host.hardening import hardened
from careflow.operations.host.layout import Layout
from careflow.settings import PREFIX

API, SOCKET, HOLDER = "careflow-api@", "careflow-api.socket", "careflow-api.service"
WORKER, REDIS, SECRETS = "careflow-worker@", "careflow-redis.service", "careflow-secrets.service"
_USER = "careflow"


def units(host: Host, layout: Layout) -> dict[str, str]:
    """Return each unit by its file name."""
    made = {
        SOCKET: _socket(layout),
        HOLDER: _holder(),
        f"{API}.service": _api(host, layout),
        "careflow-backup.service": _backup(host, layout),
        "careflow-backup.timer": _backup_timer(),
    }
    if host.workers:
        made[f"{WORKER}.service"] = _worker(host, layout)
    if host.redis:
        made[REDIS] = _redis(layout)
    if host.region and host.secrets:
        made[SECRETS] = _secrets(layout)
    return made


def settings_file(host: Host, layout: Layout) -> str:
    """Return the platform's settings as a file of variables; no secret is among them."""
    given: Mapping[str, str] = {
        f"{PREFIX}ARCHITECTURE": host.architecture,
        f"{PREFIX}KEY_FILE": f"{layout.keys}/master.key",
        f"{PREFIX}DATABASE_URL": f"sqlite:///{layout.state}/careflow.db",
        f"{PREFIX}FILES_URL": f"file://{layout.state}/files",
        f"{PREFIX}PUBLIC_URL": f"https://{host.domain}",
    }
    if host.redis:
        given = {
            **given,
            f"{PREFIX}JOBS": "celery",
            f"{PREFIX}BROKER_URL": f"redis+socket://{layout.redis}",
            f"{PREFIX}WORKER_PROCESSES": str(max(1, host.workers)),
        }
    told = {
        name: value
        for name, value in {**given, **host.settings}.items()
        if name.removeprefix(PREFIX).lower().replace("_", "-") not in host.secrets
    }
    return "".join(f"{name}={_quoted(value)}\n" for name, value in sorted(told.items()))


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")
    return f'"{escaped}"'


def _socket(layout: Layout) -> str:
    return f"""\
[Unit]
Description=CareFlowAI: the socket that both colours serve

[Socket]
ListenStream={layout.api}
SocketUser=root
SocketGroup={layout.proxy_user}
SocketMode=0660
DirectoryMode=0755
Backlog=1024
# Not a colour: systemd would start that one again on traffic that the other is about to take.
Service={HOLDER}

[Install]
WantedBy=sockets.target
"""


def _holder() -> str:
    return f"""\
[Unit]
Description=CareFlowAI: holds the socket while colours come and go

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/true
User={_USER}
{hardened(network=False)}"""


def _service(host: Host, layout: Layout, *, memory_mb: int) -> str:
    """Return what the API, workers and backups have in common."""
    loading = "".join(
        f"{_loading(host.secrets[name])}={name}:{_source(host, layout, name)}\n"
        f"Environment={PREFIX}{name.replace('-', '_').upper()}_FILE=%d/{name}\n"
        for name in host.credentials
    )
    models = f"{PREFIX}MODELS" in host.settings or f"{PREFIX}WHISPER_MODEL" in host.settings
    return f"""\
User={_USER}
Group={_USER}
WorkingDirectory={layout.state}
StateDirectory=careflow careflow-keys
StateDirectoryMode=0700
EnvironmentFile={layout.config}/settings.env
{loading}MemoryMax={memory_mb}M
TasksMax=256
LimitCORE=0
OOMPolicy=stop
{hardened(limits_children=True, jit=models)}"""


def _loading(place: str) -> str:
    return "LoadCredentialEncrypted" if place.endswith(".cred") else "LoadCredential"


def _source(host: Host, layout: Layout, name: str) -> str:
    return f"{layout.secrets}/{name}" if host.region else host.secrets[name]


def _after(host: Host) -> str:
    needed = SECRETS if host.region and host.secrets else ""
    requires = f"Requires={needed}\n" if needed else ""
    return f"Wants=network-online.target\nAfter={f'network-online.target {needed}'.strip()}\n" + (
        requires
    )


def _api(host: Host, layout: Layout) -> str:
    return f"""\
[Unit]
Description=CareFlowAI, %i
Requires={SOCKET}
{_after(host)}StartLimitIntervalSec=60
StartLimitBurst=5

[Service]
Type=notify
NotifyAccess=main
Sockets={SOCKET}
ExecStart={layout.programs}/%i/bin/careflow serve
EnvironmentFile={layout.programs}/%i/release.env
TimeoutStartSec=60
# It ends by itself in less than ten seconds.
TimeoutStopSec=15
Restart=on-failure
RestartSec=1
{_service(host, layout, memory_mb=host.api_memory_mb)}
[Install]
WantedBy=multi-user.target
"""


def _worker(host: Host, layout: Layout) -> str:
    wanted = f"Wants={REDIS}\nAfter={REDIS}\n" if host.redis else ""
    return f"""\
[Unit]
Description=CareFlowAI, worker of background jobs, %i
{_after(host)}{wanted}
[Service]
Type=exec
ExecStart={layout.programs}/%i/bin/careflow worker
EnvironmentFile={layout.programs}/%i/release.env
KillMode=mixed
TimeoutStopSec=15
Restart=on-failure
RestartSec=2
CPUWeight=50
{_service(host, layout, memory_mb=host.worker_memory_mb)}
[Install]
WantedBy=multi-user.target
"""


def _redis(layout: Layout) -> str:
    return f"""\
[Unit]
Description=CareFlowAI: Redis, on a socket of this host alone

[Service]
Type=exec
ExecStart=/usr/bin/redis-server {layout.config}/redis.conf
User={_USER}
Group={_USER}
RuntimeDirectory=careflow-redis
RuntimeDirectoryMode=0750
StateDirectory=careflow-redis
StateDirectoryMode=0700
TimeoutStopSec=15
Restart=on-failure
MemoryMax=256M
TasksMax=64
LimitCORE=0
{hardened(network=False)}
[Install]
WantedBy=multi-user.target
"""


def _secrets(layout: Layout) -> str:
    return f"""\
[Unit]
Description=CareFlowAI: fetches secrets into memory, for the units' credentials
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart={layout.scripts}/fetch-secrets %d/host.json {layout.secrets}
LoadCredential=host.json:{layout.config}/host.json
# A user of its own: what it fetched, only systemd hands on.
DynamicUser=yes
RuntimeDirectory=careflow-secrets
RuntimeDirectoryMode=0700
RuntimeDirectoryPreserve=yes
MemoryMax=128M
TasksMax=32
LimitCORE=0
{hardened()}
[Install]
WantedBy=multi-user.target
"""


def _backup(host: Host, layout: Layout) -> str:
    return f"""\
[Unit]
Description=CareFlowAI: backup
{_after(host)}
[Service]
Type=oneshot
ExecStart={layout.programs}/current/bin/careflow backup create
TimeoutStartSec=2h
Nice=10
IOSchedulingClass=idle
{_service(host, layout, memory_mb=host.api_memory_mb)}"""


def _backup_timer() -> str:
    return """\
[Unit]
Description=CareFlowAI: a backup each night

[Timer]
OnCalendar=*-*-* 02:00:00
RandomizedDelaySec=30min
Persistent=yes

[Install]
WantedBy=timers.target
"""
