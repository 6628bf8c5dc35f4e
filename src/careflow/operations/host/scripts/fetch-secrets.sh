#!/bin/sh
# Fetches each secret that host.json names from Secrets Manager, with the instance's own role, into a
# folder in memory. Nothing is printed; one that cannot be had stops the start.
set -eu
umask 077
host=$1 into=$2
imds=http://169.254.169.254/latest
token=$(curl -fsS -m 5 --retry 5 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' $imds/api/token)
role_url=$imds/meta-data/iam/security-credentials/
role=$(curl -fsS -m 5 -H "X-aws-ec2-metadata-token: $token" "$role_url")
keys=$(curl -fsS -m 5 -H "X-aws-ec2-metadata-token: $token" "$role_url$role")
said() { printf %s "$1" | python3 -c 'import json,sys; print(json.load(sys.stdin)[sys.argv[1]])' "$2"; }
region=$(said "$(cat "$host")" region)
# The keys go to curl on its standard input, where no other process sees them.
python3 -c 'import json,sys
for name, arn in sorted(json.load(open(sys.argv[1]))["secrets"].items()): print(name, arn)' "$host" |
    while read -r name arn; do
        answer=$(printf 'user = "%s:%s"\nheader = "X-Amz-Security-Token: %s"\n' \
            "$(said "$keys" AccessKeyId)" "$(said "$keys" SecretAccessKey)" "$(said "$keys" Token)" |
            curl -fsS -m 20 --retry 5 --config - --aws-sigv4 "aws:amz:$region:secretsmanager" \
                -H 'Content-Type: application/x-amz-json-1.1' \
                -H 'X-Amz-Target: secretsmanager.GetSecretValue' \
                --data "{\"SecretId\":\"$arn\"}" "https://secretsmanager.$region.amazonaws.com/")
        printf %s "$answer" | python3 -c 'import json,sys
sys.stdout.write(json.load(sys.stdin)["SecretString"])' >"$into/.$name"
        mv "$into/.$name" "$into/$name"
    done
