"""What every template holds and may never hold, read from the committed snapshots."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from careflow.operations.stacks.billed import bill_gaps
from careflow.operations.stacks.changes import changes, cost_change
from careflow.operations.stacks.deployment import Deployment
from careflow.operations.stacks.description import read_deployment
from careflow.operations.stacks.refusals import DescriptionError
from careflow.operations.stacks.templates import Resource, Template, read_templates, resources
from careflow.operations.stacks.told import told
from careflow.planner.architectures import ARCHITECTURES

INFRA = Path(__file__).parents[2] / "infra"
DEPLOYED = tuple(one.name for one in ARCHITECTURES if one.deploys)
FLEETS = ("high-availability", "multi-region")
BOXES = tuple(name for name in DEPLOYED if name not in FLEETS)
every_architecture = pytest.mark.parametrize("name", DEPLOYED)
SIX_YEARS_DAYS = 2192


def deployment(name: str) -> Deployment:
    return read_deployment(INFRA / "example.toml", date(2026, 11, 24), name)


def stacks(name: str) -> dict[str, Template]:
    return read_templates(INFRA / "snapshots" / name)


def parts(name: str, kind: str) -> list[Resource]:
    return [r for t in stacks(name).values() for r in resources(t) if r.type == f"AWS::{kind}"]


def statements(part: Resource, document: str) -> Iterator[dict[str, Any]]:
    yield from part.properties[document]["Statement"]


@every_architecture
def test_every_part_that_costs_is_a_line_of_the_bill_and_the_reverse(name: str) -> None:
    assert bill_gaps(stacks(name).values(), deployment(name).shape) == ()


@pytest.mark.parametrize(
    ("kind", "item"),
    [
        ("EC2::NatGateway", "nat.hour"),
        ("EC2::EIP", "ec2.public_ipv4"),
        ("KMS::Key", "kms.key"),
        ("CloudWatch::Alarm", "cloudwatch.alarm"),
        ("WAFv2::WebACL", "waf.acl"),
        ("Backup::BackupSelection", "ebs.snapshot"),
        ("ElasticLoadBalancingV2::LoadBalancer", "alb.hour"),
        ("Route53::HealthCheck", "route53.health_check"),
    ],
)
def test_a_forgotten_part_is_named_with_its_line(kind: str, item: str) -> None:
    made = copy.deepcopy(stacks("high-availability"))
    gone = parts("high-availability", kind)[0].id
    del made["clinic"]["Resources"][gone]
    assert any(item in gap for gap in bill_gaps(made.values(), deployment(FLEETS[0]).shape))


def test_a_part_that_nobody_priced_is_named() -> None:
    made = copy.deepcopy(stacks("production"))
    made["clinic"]["Resources"]["Extra"] = {"Type": "AWS::RDS::DBInstance", "Properties": {}}
    (gap,) = bill_gaps(made.values(), deployment("production").shape)
    assert "AWS::RDS::DBInstance" in gap


def test_another_size_than_the_plans_is_named() -> None:
    made = copy.deepcopy(stacks("production"))
    for one in made["clinic"]["Resources"].values():
        if one["Type"] == "AWS::EC2::Instance":
            one["Properties"]["InstanceType"] = "t3.large"
            one["Properties"]["BlockDeviceMappings"][0]["Ebs"]["VolumeSize"] = 100
    gaps = " ".join(bill_gaps(made.values(), deployment("production").shape))
    assert "t3.large" in gaps
    assert "100" in gaps


@pytest.mark.parametrize("name", FLEETS)
def test_a_fleet_has_two_to_ten_boxes_over_three_zones_and_no_desired_number(name: str) -> None:
    for group in parts(name, "AutoScaling::AutoScalingGroup"):
        assert (group.properties["MinSize"], group.properties["MaxSize"]) == ("2", "10")
        assert len(group.properties["VPCZoneIdentifier"]) == 3
        assert "DesiredCapacity" not in group.properties
    targets = {
        one.properties["TargetTrackingConfiguration"]["PredefinedMetricSpecification"][
            "PredefinedMetricType"
        ]
        for one in parts(name, "AutoScaling::ScalingPolicy")
    }
    assert targets == {"ASGAverageCPUUtilization", "ALBRequestCountPerTarget"}


@every_architecture
def test_only_cloudfront_and_our_own_doors_come_in_and_no_port_is_22(name: str) -> None:
    rules = [
        rule
        for group in parts(name, "EC2::SecurityGroup")
        for rule in group.properties.get("SecurityGroupIngress", [])
    ] + [one.properties for one in parts(name, "EC2::SecurityGroupIngress")]
    assert rules
    for rule in rules:
        assert rule["FromPort"] == rule["ToPort"] == 443
        assert "CidrIp" not in rule
        assert "CidrIpv6" not in rule
        assert ("SourcePrefixListId" in rule) or ("SourceSecurityGroupId" in rule)


@every_architecture
def test_boxes_send_to_named_ports_alone(name: str) -> None:
    ports = {
        rule["ToPort"]
        for group in parts(name, "EC2::SecurityGroup")
        for rule in group.properties.get("SecurityGroupEgress", [])
        if rule["CidrIp"] == "0.0.0.0/0"
    }
    assert ports == {80, 443, 27017}


@every_architecture
def test_boxes_ask_for_a_session_before_metadata_and_have_no_key_pair(name: str) -> None:
    machines = [one.properties for one in parts(name, "EC2::Instance")]
    machines += [one.properties["LaunchTemplateData"] for one in parts(name, "EC2::LaunchTemplate")]
    assert machines
    for machine in machines:
        assert machine["MetadataOptions"]["HttpTokens"] == "required"
        assert machine["MetadataOptions"]["HttpPutResponseHopLimit"] == 1
        assert "KeyName" not in machine
        for disk in machine["BlockDeviceMappings"]:
            assert disk["Ebs"]["Encrypted"] is True
            assert "KmsKeyId" in disk["Ebs"]


@every_architecture
def test_what_is_stored_is_encrypted_kept_and_logged_six_years(name: str) -> None:
    for log in parts(name, "Logs::LogGroup"):
        assert log.properties["RetentionInDays"] == SIX_YEARS_DAYS
        assert "KmsKeyId" in log.properties
    for secret in parts(name, "SecretsManager::Secret"):
        assert "KmsKeyId" in secret.properties
        assert "SecretString" not in secret.properties
    for key in parts(name, "KMS::Key"):
        assert key.properties["EnableKeyRotation"] is True
    for vault in parts(name, "Backup::BackupVault"):
        assert "EncryptionKeyArn" in vault.properties
    for topic in parts(name, "SNS::Topic"):
        assert "KmsMasterKeyId" in topic.properties
    kept = {"AWS::KMS::Key", "AWS::Logs::LogGroup", "AWS::S3::Bucket", "AWS::Backup::BackupVault",
            "AWS::SecretsManager::Secret"}  # fmt: skip
    for template in stacks(name).values():
        for raw in template["Resources"].values():
            if raw["Type"] in kept:
                assert raw["DeletionPolicy"] == "Retain", raw["Type"]


@every_architecture
def test_buckets_are_closed_versioned_and_refuse_plain_text(name: str) -> None:
    buckets = parts(name, "S3::Bucket")
    for bucket in buckets:
        assert set(bucket.properties["PublicAccessBlockConfiguration"].values()) == {True}
        assert bucket.properties["VersioningConfiguration"] == {"Status": "Enabled"}
        assert "BucketEncryption" in bucket.properties
        assert "AccessControl" not in bucket.properties
    refusing = [
        one
        for one in parts(name, "S3::BucketPolicy")
        if any(
            s["Effect"] == "Deny"
            and s.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
            for s in statements(one, "PolicyDocument")
        )
    ]
    assert len(refusing) == len(buckets)


@every_architecture
def test_the_web_is_tls_1_2_and_nothing_of_the_api_is_kept_at_an_edge(name: str) -> None:
    (web,) = parts(name, "CloudFront::Distribution")
    told = web.properties["DistributionConfig"]
    assert told["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    (api,) = told["CacheBehaviors"]
    assert api["PathPattern"] == "/api/*"
    assert api["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # CachingDisabled
    assert api["ViewerProtocolPolicy"] == "https-only"
    assert told["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    origins = {("CustomOriginConfig" in one): one for one in told["Origins"]}
    assert origins[True]["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    assert "OriginAccessControlId" in origins[False]
    (headers,) = parts(name, "CloudFront::ResponseHeadersPolicy")
    security = headers.properties["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] > 31_536_000


@pytest.mark.parametrize("name", FLEETS)
def test_a_load_balancer_passes_the_api_alone_over_tls_behind_a_firewall(name: str) -> None:
    for listener in parts(name, "ElasticLoadBalancingV2::Listener"):
        assert listener.properties["Protocol"] == "HTTPS"
        assert "TLS13-1-2" in listener.properties["SslPolicy"]
        assert listener.properties["DefaultActions"][0]["Type"] == "fixed-response"
    for rule in parts(name, "ElasticLoadBalancingV2::ListenerRule"):
        (condition,) = rule.properties["Conditions"]
        assert condition["PathPatternConfig"]["Values"] == ["/api/*"]
    for targets in parts(name, "ElasticLoadBalancingV2::TargetGroup"):
        assert targets.properties["HealthCheckPath"] == "/api/health/ready"
        assert targets.properties["Protocol"] == "HTTPS"
    regions = len(deployment(name).regions)
    assert len(parts(name, "WAFv2::WebACLAssociation")) == regions


def test_one_region_writes_and_the_nearest_well_one_answers() -> None:
    records = [
        one.properties
        for one in parts("multi-region", "Route53::RecordSet")
        if one.properties["Name"].startswith("origin.")
    ]
    assert {one["Region"] for one in records} == {"us-east-1", "us-west-2"}
    assert all("HealthCheckId" in one for one in records)
    assert len(parts("multi-region", "CloudFront::Distribution")) == 1
    second = stacks("multi-region")["clinic-us-west-2"]
    buckets = [one.id for one in resources(second) if one.type == "AWS::S3::Bucket"]
    assert len(buckets) == 1, "files live where the writes are"
    assert buckets[0].startswith("AccessLogs")


@every_architecture
def test_no_template_holds_a_secret_or_a_password(name: str) -> None:
    text = json.dumps(list(stacks(name).values()))
    for word in ("mongodb", "AKIA", "BEGIN PRIVATE", "password="):
        assert word not in text


@every_architecture
def test_a_box_reads_secrets_of_its_own_installation_alone(name: str) -> None:
    found = [
        s
        for policy in parts(name, "IAM::Policy")
        for s in statements(policy, "PolicyDocument")
        if "secretsmanager:GetSecretValue" in s["Action"]
    ]
    assert found
    for statement in found:
        tag = {"secretsmanager:ResourceTag/careflow:installation": "clinic"}
        assert statement["Condition"] == {"StringEquals": tag}
    for secret in parts(name, "SecretsManager::Secret"):
        assert {"Key": "careflow:installation", "Value": "clinic"} in secret.properties["Tags"]


def test_from_production_to_gemini_settings_and_one_secret_change_and_nothing_else() -> None:
    found = changes(stacks("production"), stacks("gemini"))
    assert [(one.kind, one.part.type) for one in found] == [
        ("changes", "AWS::SSM::Parameter"),
        ("adds", "AWS::SecretsManager::Secret"),
    ]
    assert "CAREFLOW_AI_ENGINES goes from local to gemini,local" in found[0].text
    assert found[1].text == "Adds a secret (The key of the Gemini API)."
    assert not any(one.endangers for one in found)
    cost = cost_change(deployment("production"), deployment("gemini"))
    labels = {label for label, *_ in cost.lines}
    assert "Secret of Gemini's key" in labels
    assert all("Gemini" in label for label in labels), labels


def test_a_boxs_first_start_holds_no_setting_and_no_secret() -> None:
    texts = set()
    for name in BOXES:
        made = deployment(name)
        texts.add(told(made, made.regions[0]).first)
        assert len(texts) == 1, "no architecture has a first start of its own"
    (text,) = texts
    assert len(text) < 16_384, "what AWS takes"
    assert "CAREFLOW_AI_ENGINES" not in text
    assert "secretsmanager" not in text
    assert deployment("production").digest in text


@pytest.mark.parametrize("name", [one for one in BOXES if one not in {"basic", "self-hosted-ai"}])
def test_among_boxes_of_one_size_the_box_itself_never_changes(name: str) -> None:
    for one in changes(stacks("production"), stacks(name)):
        assert one.part.type != "AWS::EC2::Instance", one.text


def test_no_part_changes_its_type_on_the_way_from_one_architecture_to_another() -> None:
    types: dict[tuple[str, str], set[str]] = {}
    for name in DEPLOYED:
        for stack, template in stacks(name).items():
            for part in resources(template):
                types.setdefault((stack, part.id), set()).add(part.type)
    assert {id: kinds for id, kinds in types.items() if len(kinds) > 1} == {}


def test_a_bigger_box_is_said_to_stop_and_start() -> None:
    (box,) = (one for one in changes(stacks("basic"), stacks("production"))
              if one.part.type == "AWS::EC2::Instance")  # fmt: skip
    assert box.text.endswith("The box stops and starts.")
    assert not box.endangers


def test_what_would_lose_state_is_marked() -> None:
    before = stacks("production")
    after = copy.deepcopy(before)
    made = after["clinic"]["Resources"]
    gone = parts("production", "KMS::Key")[0].id
    del made[gone]
    box = parts("production", "EC2::Instance")[0].id
    made[box]["Properties"]["ImageId"] = "ami-00000000000000009"
    found = {one.part.id: one for one in changes(before, after)}
    assert found[gone].endangers
    assert found[gone].kind == "removes"
    assert found[box].endangers
    assert found[box].kind == "replaces"


def test_what_awss_own_tools_wrote_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "clinic.json").write_text(
        json.dumps({"TemplateBody": stacks("production")["clinic"], "StagesAvailable": []}), "utf-8"
    )
    assert read_templates(tmp_path) == stacks("production")


@pytest.mark.parametrize("text", ["{", "[]", '{"Parameters": {}}'])
def test_what_is_no_template_is_named(text: str, tmp_path: Path) -> None:
    with pytest.raises(DescriptionError, match="holds no template"):
        read_templates(tmp_path)
    (tmp_path / "clinic.json").write_text(text, "utf-8")
    with pytest.raises(DescriptionError, match=r"clinic\.json is not a template"):
        read_templates(tmp_path)


def test_the_same_twice_changes_nothing() -> None:
    assert changes(stacks("multi-region"), stacks("multi-region")) == ()
