"""The first start of a machine: packages, the description, the release by its digest; no more."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib.resources import files

from careflow.operations.host.description import HostRefusedError

LIMIT_BYTES = 16 * 1024
"""EC2 takes no more."""
PACKAGES = (
    "chrony", "curl", "logrotate", "nginx-light", "openssl", "python3", "python3-venv",
    "redis-server", "tesseract-ocr", "unattended-upgrades",
)  # fmt: skip
_DIGEST = re.compile(r"[0-9a-f]{64}")
_BUNDLE = re.compile(r"(https://|s3://|/)[\w./:@%+=-]+")
_PARAMETER = re.compile(r"/[\w./-]+")
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
_HOST = "/etc/careflow/host.json"
_RELEASE = "/usr/local/sbin/careflow-release"
_AGENT = "https://amazoncloudwatch-agent-{0}.s3.{0}.amazonaws.com/ubuntu/amd64/latest"


@dataclass(frozen=True, slots=True)
class Boot:
    """What the first start is told.

    Attributes:
        bundle: ``s3://bucket/key``, ``https://…``, or a path on the machine.
        digest: SHA-256 of the bundle, 64 hexadecimal digits.
        region: AWS's; ``None`` for a machine elsewhere.
        parameter: Where Parameter Store keeps the host's description; ``None`` where
            ``/etc/careflow/host.json`` lies there already.
    """

    bundle: str
    digest: str
    region: str | None = None
    parameter: str | None = None

    def __post_init__(self) -> None:
        if not _DIGEST.fullmatch(self.digest):
            raise HostRefusedError("Name the bundle's digest: 64 hexadecimal digits of SHA-256.")
        if not _BUNDLE.fullmatch(self.bundle):
            raise HostRefusedError("Name the bundle as s3://bucket/key, https://… or a path.")
        if self.parameter is not None and (
            not _PARAMETER.fullmatch(self.parameter) or not _REGION.fullmatch(self.region or "")
        ):
            raise HostRefusedError("Name the parameter as /path, and the region it is kept in.")


def user_data(boot: Boot) -> str:
    """Return the cloud-config; the same for the same boot, and it holds no secret."""
    config = {
        "package_update": True,
        "packages": list(PACKAGES),
        "write_files": [
            {"path": _RELEASE, "permissions": "0755", "content": script("careflow-release")}
        ],
        "runcmd": [*_description(boot), [_RELEASE, boot.bundle, boot.digest]],
    }
    text = "#cloud-config\n" + json.dumps(config, indent=1) + "\n"
    if len(text.encode()) > LIMIT_BYTES:
        raise HostRefusedError("What the machine is told at its first start is over 16 KB.")
    return text


def script(name: str) -> str:
    """Return one of the host's scripts."""
    return files("careflow.operations.host").joinpath("scripts", f"{name}.sh").read_text("utf-8")


def _description(boot: Boot) -> list[list[str]]:
    """Return commands that fetch the host's description, and AWS's agents' part."""
    fetch = ["mkdir", "-p", "/etc/careflow"]
    if boot.parameter is None:
        return [fetch]
    return [
        fetch,
        ["sh", "-c", _FETCH.format(region=boot.region, parameter=boot.parameter, host=_HOST)],
        ["sh", "-c", _MONITOR.format(address=_AGENT.format(boot.region))],
    ]


_FETCH = """\
set -eu
umask 077
imds=http://169.254.169.254/latest
token=$(curl -fsS --retry 5 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' $imds/api/token)
url=$imds/meta-data/iam/security-credentials/
role=$(curl -fsS -H "X-aws-ec2-metadata-token: $token" $url)
curl -fsS -H "X-aws-ec2-metadata-token: $token" $url$role | python3 -c 'import json,sys
k=json.load(sys.stdin)
print("user = \\"%s:%s\\"\\nheader = \\"X-Amz-Security-Token: %s\\""
      % (k["AccessKeyId"], k["SecretAccessKey"], k["Token"]))' |
curl -fsS --retry 5 --config - --aws-sigv4 aws:amz:{region}:ssm \
 -H 'Content-Type: application/x-amz-json-1.1' -H 'X-Amz-Target: AmazonSSM.GetParameter' \
 --data '{{"Name":"{parameter}"}}' https://ssm.{region}.amazonaws.com/ | python3 -c 'import json,sys
sys.stdout.write(json.load(sys.stdin)["Parameter"]["Value"])' >{host}
test -s {host}
"""
_MONITOR = """\
set -eu
cd /root
curl -fsS -m 300 -O {address}/amazon-cloudwatch-agent.deb
dpkg -i amazon-cloudwatch-agent.deb
systemctl enable amazon-cloudwatch-agent
"""
