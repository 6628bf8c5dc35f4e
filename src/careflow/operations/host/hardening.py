"""What a unit of ours may not do: all that it does not need."""

from __future__ import annotations

_NEVER = """\
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
PrivateDevices=yes
PrivateTmp=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHome=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProtectSystem=strict
ProcSubset=pid
RemoveIPC=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
KeyringMode=private
UMask=0077
SystemCallArchitectures=native
SystemCallErrorNumber=EPERM
"""
_NETWORK = "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6\n"
_SOCKETS_ALONE = "RestrictAddressFamilies=AF_UNIX\nPrivateNetwork=yes\nIPAddressDeny=any\n"


def hardened(*, network: bool = True, limits_children: bool = False, jit: bool = False) -> str:
    """Return the lines of a ``[Service]`` section.

    Args:
        network: It speaks to other machines.
        limits_children: It starts processes with limits of their own, or a lower priority.
        jit: It loads code that is compiled while it runs, as ONNX models are.
    """
    # Processes that read strangers' files are held to limits; that is a call of this group.
    filtered = "~@privileged" if limits_children else "~@privileged @resources"
    calls = f"SystemCallFilter=@system-service\nSystemCallFilter={filtered}\n"
    memory = "" if jit else "MemoryDenyWriteExecute=yes\n"
    # No PrivateUsers: a group of the system must be able to reach the socket.
    return _NEVER + (_NETWORK if network else _SOCKETS_ALONE) + calls + memory
