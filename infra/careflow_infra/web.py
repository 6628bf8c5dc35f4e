"""CloudFront before everything: the web application from its bucket, ``/api/*`` from the boxes."""

from __future__ import annotations

from aws_cdk import Aws, Duration, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from careflow.operations.stacks.deployment import Deployment
from careflow_infra.keys import ClinicKey

_TO_THE_PAGE = """function handler(event) {
  var request = event.request;
  if (!/\\.[a-z0-9]+$/i.test(request.uri)) { request.uri = '/index.html'; }
  return request;
}"""
"""Every address that names no file is a screen of the one page."""
_CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data: blob:; object-src 'none'; base-uri 'none';"
    " frame-ancestors 'none'; form-action 'self'"
)
_PATIENCE = Duration.seconds(60)
_KEPT_OPEN = Duration.seconds(5)
_YEARS_OF_HSTS = Duration.days(730)


def make_web(
    scope: Construct,
    deployment: Deployment,
    key: ClinicKey,
    bucket: s3.Bucket,
    hidden: ec2.Instance | None,
) -> cloudfront.Distribution:
    """Make the distribution; nothing under ``/api/`` is ever kept at an edge.

    A hidden box has no public address: CloudFront reaches it inside its network.
    """
    made = cloudfront.Distribution(
        scope,
        "Edge",
        comment=f"CareFlowAI {deployment.name}",
        domain_names=[deployment.domain],
        certificate=acm.Certificate.from_certificate_arn(
            scope, "Certificate", deployment.certificate
        ),
        minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
        http_version=cloudfront.HttpVersion.HTTP2_AND_3,
        price_class=cloudfront.PriceClass.PRICE_CLASS_100,
        default_root_object="index.html",
        default_behavior=_pages(scope, bucket),
        additional_behaviors={"/api/*": _api(_origin(deployment, hidden))},
    )
    _log(made, key)
    return made


def _pages(scope: Construct, bucket: s3.Bucket) -> cloudfront.BehaviorOptions:
    return cloudfront.BehaviorOptions(
        origin=origins.S3BucketOrigin.with_origin_access_control(bucket),
        viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
        compress=True,
        response_headers_policy=_headers(scope),
        function_associations=[
            cloudfront.FunctionAssociation(
                event_type=cloudfront.FunctionEventType.VIEWER_REQUEST,
                function=cloudfront.Function(
                    scope,
                    "ToThePage",
                    code=cloudfront.FunctionCode.from_inline(_TO_THE_PAGE),
                    runtime=cloudfront.FunctionRuntime.JS_2_0,
                ),
            )
        ],
    )


def _origin(deployment: Deployment, hidden: ec2.Instance | None) -> cloudfront.OriginBase:
    if hidden is None:
        return origins.HttpOrigin(
            deployment.origin,
            protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
            origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
            read_timeout=_PATIENCE,
            keepalive_timeout=_KEPT_OPEN,
        )
    return origins.VpcOrigin.with_ec2_instance(
        hidden,
        domain_name=deployment.origin,
        protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
        origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
        read_timeout=_PATIENCE,
        keepalive_timeout=_KEPT_OPEN,
    )


def _api(origin: cloudfront.OriginBase) -> cloudfront.BehaviorOptions:
    return cloudfront.BehaviorOptions(
        origin=origin,
        viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
        allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
        cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
        origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER,
        compress=False,
    )


def _headers(scope: Construct) -> cloudfront.ResponseHeadersPolicy:
    return cloudfront.ResponseHeadersPolicy(
        scope,
        "Headers",
        security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
            content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                content_security_policy=_CSP, override=True
            ),
            content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
            frame_options=cloudfront.ResponseHeadersFrameOptions(
                frame_option=cloudfront.HeadersFrameOption.DENY, override=True
            ),
            referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                referrer_policy=cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=True
            ),
            strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                access_control_max_age=_YEARS_OF_HSTS, include_subdomains=True, override=True
            ),
        ),
    )


def _log(made: cloudfront.Distribution, key: ClinicKey) -> None:
    """Send who asked for what to a group of logs; no bucket with access lists is needed."""
    scope = Stack.of(made)
    arn = f"arn:{Aws.PARTITION}:cloudfront::{Aws.ACCOUNT_ID}:distribution/{made.distribution_id}"
    name = f"{scope.stack_name}-web"
    source = logs.CfnDeliverySource(
        scope, "WebLogSource", name=name, log_type="ACCESS_LOGS", resource_arn=arn
    )
    target = logs.CfnDeliveryDestination(
        scope,
        "WebLogTarget",
        name=name,
        destination_resource_arn=key.log_group(scope, "WebLog", keep=True).log_group_arn,
    )
    delivery = logs.CfnDelivery(
        scope,
        "WebLogDelivery",
        delivery_source_name=name,
        delivery_destination_arn=target.attr_arn,
    )
    delivery.add_dependency(source)
