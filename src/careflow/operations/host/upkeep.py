"""What keeps a host sound without anyone: updates, turned logs, Redis's bounds, CloudWatch."""

from __future__ import annotations

import json

from careflow.operations.host.description import Host
from careflow.operations.host.layout import Layout


def redis_conf(layout: Layout) -> str:
    """Return Redis's configuration: a socket alone, bounded, forgetting nothing silently."""
    folder = layout.redis.rsplit("/", 1)[0]
    return f"""\
port 0
unixsocket {layout.redis}
unixsocketperm 770
dir {layout.state + "-redis"}
pidfile {folder}/redis.pid
daemonize no
supervised no
logfile ""
maxmemory 192mb
maxmemory-policy noeviction
appendonly yes
appendfsync everysec
save ""
"""


def updates(host: Host) -> str:
    """Return what ``unattended-upgrades`` is told: security fixes, and when to start anew."""
    return f"""\
APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
Unattended-Upgrade::Remove-Unused-Dependencies "true";
Unattended-Upgrade::Automatic-Reboot "true";
Unattended-Upgrade::Automatic-Reboot-Time "{host.reboot_at}";
"""


def turned_logs(layout: Layout) -> str:
    """Return logrotate's part for the proxy; the journal bounds itself."""
    return f"""\
{layout.proxy_log}/*.log {{
    daily
    rotate 14
    maxsize 100M
    missingok
    notifempty
    compress
    delaycompress
    create 0640 {layout.proxy_user} adm
    sharedscripts
    postrotate
        [ ! -f {layout.proxy_pid} ] || kill -USR1 $(cat {layout.proxy_pid})
    endscript
}}
"""


def journal() -> str:
    """Return the journal's bounds."""
    return "[Journal]\nStorage=persistent\nSystemMaxUse=1G\nMaxRetentionSec=90day\n"


def cloudwatch(host: Host, layout: Layout) -> str:
    """Return the CloudWatch agent's configuration: memory and disk, which EC2 does not see."""
    log = f"{layout.proxy_log}/access.log"
    return json.dumps(
        {
            "agent": {"metrics_collection_interval": 60, "run_as_user": "cwagent"},
            "metrics": {
                "namespace": "CareFlowAI",
                "append_dimensions": {"InstanceId": "${aws:InstanceId}"},
                "aggregation_dimensions": [["InstanceId"]],
                "metrics_collected": {
                    "mem": {"measurement": ["mem_used_percent"]},
                    "disk": {"measurement": ["used_percent"], "resources": ["/"]},
                    "swap": {"measurement": ["swap_used_percent"]},
                },
            },
            "logs": {
                "logs_collected": {
                    "files": {
                        "collect_list": [
                            {
                                "file_path": log,
                                "log_group_name": host.log_group,
                                "log_stream_name": "{instance_id}/proxy",
                            }
                        ]
                    }
                }
            },
        },
        indent=2,
    )
