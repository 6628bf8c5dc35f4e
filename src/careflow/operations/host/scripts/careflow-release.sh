#!/bin/sh
# careflow-release ADDRESS SHA256: takes a release in beside the one that runs, and rolls over to it.
# ADDRESS is a file, https://… or s3://bucket/key (with the instance's own role).
# Refused, with nothing changed, where the bytes are not those of the digest.
set -eu
[ $# = 2 ] || { echo "careflow-release ADDRESS SHA256" >&2; exit 2; }
address=$1 digest=$2
programs=/opt/careflow config=/etc/careflow
short=$(printf %.12s "$digest")
release=$programs/releases/$short
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
case $address in
/*) cp "$address" "$work/bundle" ;;
https://*) curl -fsSL -m 600 --retry 5 -o "$work/bundle" "$address" ;;
s3://*)
    region=$(python3 -c 'import json; print(json.load(open("/etc/careflow/host.json"))["region"])')
    imds=http://169.254.169.254/latest
    token=$(curl -fsS -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' $imds/api/token)
    url=$imds/meta-data/iam/security-credentials/
    role=$(curl -fsS -H "X-aws-ec2-metadata-token: $token" $url)
    keys=$(curl -fsS -H "X-aws-ec2-metadata-token: $token" "$url$role")
    place=${address#s3://} bucket=${address#s3://}
    bucket=${bucket%%/*} place=${place#*/}
    printf %s "$keys" | python3 -c 'import json,sys; k=json.load(sys.stdin)
print("user = \"%s:%s\"\nheader = \"X-Amz-Security-Token: %s\""
      % (k["AccessKeyId"], k["SecretAccessKey"], k["Token"]))' |
        curl -fsS -m 600 --retry 5 --config - --aws-sigv4 "aws:amz:$region:s3" \
            -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' \
            -o "$work/bundle" "https://$bucket.s3.$region.amazonaws.com/$place"
    ;;
*) echo "careflow-release: $address is no address of a release." >&2; exit 2 ;;
esac
echo "$digest  $work/bundle" | sha256sum --check --status || {
    echo "careflow-release: the bundle's digest differs from $digest: nothing was changed." >&2
    exit 2
}
if [ ! -f "$release/release.env" ]; then
    rm -rf "$release"
    mkdir -p "$work/wheels"
    tar -xzf "$work/bundle" -C "$work/wheels" --no-same-owner --no-same-permissions
    python3 -m venv "$release"
    "$release/bin/python" -m pip install --quiet --no-index --find-links "$work/wheels/wheels" \
        --no-deps "$work"/wheels/wheels/*.whl
    "$release/bin/python" -m compileall -q "$release/lib" || true
    echo "CAREFLOW_RELEASE=$short" >"$release/release.env"
fi
"$release/bin/careflow" deploy host --description $config/host.json --to /
[ ! -f $config/own-certificate ] || /usr/local/lib/careflow/make-certificate
systemd-sysusers /usr/lib/sysusers.d/careflow.conf
systemd-tmpfiles --create /usr/lib/tmpfiles.d/careflow.conf
systemctl daemon-reload
systemctl enable --quiet --now careflow-api.socket careflow-backup.timer
for unit in careflow-secrets careflow-redis; do
    [ ! -f /etc/systemd/system/$unit.service ] || systemctl enable --quiet --now $unit.service
done
"$release/bin/careflow" deploy roll "$short"
nginx -t -q
systemctl enable --quiet nginx.service
systemctl reload-or-restart nginx.service
