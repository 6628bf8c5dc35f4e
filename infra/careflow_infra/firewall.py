"""The web firewall before a load balancer: what is known to be bad, and who asks too often."""

from __future__ import annotations

from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_wafv2 as waf
from constructs import Construct

from careflow.operations.stacks.deployment import Deployment, Region
from careflow_infra.keys import ClinicKey

_MANAGED = (
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesCommonRuleSet",
)
_BODY_RULE = "SizeRestrictions_BODY"
"""Counted, not blocked: documents are larger than 8 KB, and the platform bounds them itself."""
_MOST_REQUESTS = 3000
"""From one address in five minutes: ten a second, for a whole practice behind one address."""


def make_firewall(
    scope: Construct,
    deployment: Deployment,
    region: Region,
    balancer: elb.ApplicationLoadBalancer,
    key: ClinicKey,
) -> None:
    """Make the firewall of one region, its log, and set it before the load balancer."""
    rules = [_managed(name, place) for place, name in enumerate(_MANAGED)]
    acl = waf.CfnWebACL(
        scope,
        "Firewall",
        scope="REGIONAL",
        default_action=waf.CfnWebACL.DefaultActionProperty(allow={}),
        visibility_config=_seen("Firewall"),
        rules=[*rules, _too_often(len(rules))],
    )
    waf.CfnWebACLAssociation(
        scope,
        "FirewallOfBalancer",
        resource_arn=balancer.load_balancer_arn,
        web_acl_arn=acl.attr_arn,
    )
    log = key.log_group(
        scope,
        "FirewallLog",
        keep=True,
        prefix=f"aws-waf-logs-{deployment.name}-{region.name}",
    )
    waf.CfnLoggingConfiguration(
        scope,
        "FirewallLogging",
        resource_arn=acl.attr_arn,
        log_destination_configs=[log.log_group_arn],
        redacted_fields=[{"singleHeader": {"Name": name}} for name in ("authorization", "cookie")],
    )


def _managed(name: str, place: int) -> waf.CfnWebACL.RuleProperty:
    counted = (
        [
            waf.CfnWebACL.RuleActionOverrideProperty(
                name=_BODY_RULE,
                action_to_use=waf.CfnWebACL.RuleActionProperty(count={}),
            )
        ]
        if name == _MANAGED[-1]
        else None
    )
    return waf.CfnWebACL.RuleProperty(
        name=name,
        priority=place,
        override_action=waf.CfnWebACL.OverrideActionProperty(none={}),
        visibility_config=_seen(name),
        statement=waf.CfnWebACL.StatementProperty(
            managed_rule_group_statement=waf.CfnWebACL.ManagedRuleGroupStatementProperty(
                vendor_name="AWS", name=name, rule_action_overrides=counted
            )
        ),
    )


def _too_often(place: int) -> waf.CfnWebACL.RuleProperty:
    return waf.CfnWebACL.RuleProperty(
        name="TooOften",
        priority=place,
        action=waf.CfnWebACL.RuleActionProperty(block={}),
        visibility_config=_seen("TooOften"),
        statement=waf.CfnWebACL.StatementProperty(
            rate_based_statement=waf.CfnWebACL.RateBasedStatementProperty(
                limit=_MOST_REQUESTS,
                aggregate_key_type="FORWARDED_IP",
                forwarded_ip_config=waf.CfnWebACL.ForwardedIPConfigurationProperty(
                    header_name="X-Forwarded-For", fallback_behavior="MATCH"
                ),
            )
        ),
    )


def _seen(name: str) -> waf.CfnWebACL.VisibilityConfigProperty:
    return waf.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=False
    )
