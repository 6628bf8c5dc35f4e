"""nginx before the API: TLS, HTTP/2, limits, headers, and typed answers when nobody answers."""

from __future__ import annotations

from careflow.operations.host.description import Host
from careflow.operations.host.layout import Layout
from careflow.settings import PREFIX, Settings

_UPLOAD_MB: int = Settings.model_fields["upload_limit_mb"].default
_CIPHERS = (
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
)


def nginx_conf(host: Host, layout: Layout) -> str:
    """Return the whole ``nginx.conf``."""
    return f"""\
# Rendered by careflow deploy host; change the description of the host instead.
user {layout.proxy_user};
worker_processes auto;
worker_rlimit_nofile 8192;
pid {layout.proxy_pid};
# A line below "crit" quotes the request with its query, and a search names people.
error_log {layout.proxy_log}/error.log crit;

events {{
    worker_connections 2048;
}}

http {{
    types {{
        text/html html;
    }}
    default_type application/octet-stream;
    server_tokens off;
    # Identifiers alone: no query, no referring page.
    log_format plain '$time_iso8601 $remote_addr $request_method $uri $status $body_bytes_sent'
        ' $request_time $upstream_addr $upstream_status $upstream_http_x_request_id';
    access_log {layout.proxy_log}/access.log plain buffer=32k flush=5s;
{_temporary(layout)}
    sendfile on;
    keepalive_timeout 65s;
    client_header_timeout 10s;
    client_body_timeout 30s;
    send_timeout 30s;
    reset_timedout_connection on;
    client_max_body_size {_largest_body_mb(host)}m;
    client_body_buffer_size 64k;
    large_client_header_buffers 4 16k;
{_real_address(host)}
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_ciphers {_CIPHERS};
    ssl_prefer_server_ciphers off;
    ssl_session_cache shared:tls:10m;
    ssl_session_timeout 1d;
    ssl_session_tickets off;

    limit_req_zone $binary_remote_addr zone=each:10m rate=100r/s;
    limit_req_zone $binary_remote_addr zone=sign_in:10m rate=30r/m;
    limit_conn_zone $binary_remote_addr zone=connections:10m;
    limit_req_status 429;
    limit_conn_status 429;

    upstream api {{
{_upstream(layout)}    }}

    server {{
        listen {layout.http_port} default_server;
        listen [::]:{layout.http_port} default_server;
        return 308 https://{host.domain}$request_uri;
    }}
{_others(host, layout)}
    server {{
        listen {_tls_listen(host, layout, "")};
        listen {_tls_listen(host, layout, "[::]:")};
        server_name {host.domain};
        ssl_certificate {_certificate(host, layout, "certificate")};
        ssl_certificate_key {_certificate(host, layout, "certificate-key")};
        add_header Strict-Transport-Security "max-age=63072000" always;
        limit_conn connections 100;

        location / {{
            limit_req zone=each burst=400 nodelay;
{_PROXIED}        }}

        location ~ ^/api/auth/(login|token|refresh)$ {{
            limit_req zone=sign_in burst=30 nodelay;
{_PROXIED}        }}

        location ~ ^/api/jobs/[^/]+/events$ {{
            limit_req zone=each burst=400 nodelay;
            proxy_buffering off;
{_PROXIED.replace("read_timeout 75s", "read_timeout 1h")}        }}
{_said("unavailable", "502 504", 503, "Unavailable", "Nobody answers now: try again in a moment.")}
{_said("too_many", "429", 429, "Too many requests", "Too many requests: wait a little.")}
{_said("too_large", "413", 413, "Too large", "The body is larger than may be sent.")}
    }}
}}
"""


_PROXIED = """\
            proxy_pass http://api;
            proxy_http_version 1.1;
            proxy_set_header Connection close;
            proxy_set_header Host $host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Proto https;
            proxy_connect_timeout 2s;
            proxy_read_timeout 75s;
            # What may have been done is not sent twice; what reached nobody is.
            proxy_next_upstream error timeout;
            proxy_next_upstream_tries 3;
"""


def _largest_body_mb(host: Host) -> int:
    return int(host.settings.get(f"{PREFIX}UPLOAD_LIMIT_MB", _UPLOAD_MB)) + 1


def _temporary(layout: Layout) -> str:
    kinds = {"client_body": "body"} | {kind: kind for kind in ("proxy", "fastcgi", "uwsgi", "scgi")}
    return "".join(
        f"    {kind}_temp_path {layout.proxy_state}/{folder};\n" for kind, folder in kinds.items()
    )


def _real_address(host: Host) -> str:
    if not host.proxies:
        return ""
    trusted = "".join(f"    set_real_ip_from {network};\n" for network in host.proxies)
    return f"{trusted}    real_ip_header X-Forwarded-For;\n"


def _upstream(layout: Layout) -> str:
    if layout.nodes:
        return "".join(
            f"        server {node} max_fails=1 fail_timeout=1s;\n" for node in layout.nodes
        )
    place = f"unix:{layout.api}" if layout.api.startswith("/") else layout.api
    return f"        server {place} max_fails=0;\n"


def _others(host: Host, layout: Layout) -> str:
    """Return what is said to who asks for another name: nothing."""
    if host.has_own_certificate:  # a load balancer names no name
        return ""
    return f"""
    server {{
        listen {layout.https_port} ssl http2 default_server;
        listen [::]:{layout.https_port} ssl http2 default_server;
        ssl_reject_handshake on;
    }}
"""


def _tls_listen(host: Host, layout: Layout, address: str) -> str:
    default = " default_server" if host.has_own_certificate else ""
    return f"{address}{layout.https_port} ssl http2{default}"


def _certificate(host: Host, layout: Layout, name: str) -> str:
    if host.has_own_certificate:
        return f"{layout.config}/{name}.pem"
    return host.certificate if name == "certificate" else host.certificate_key


def _said(place: str, caught: str, status: int, title: str, detail: str) -> str:
    """Return a location that answers as the platform would: RFC 9457, with a stable code."""
    code = f"host-{place.replace('_', '-')}"
    body = (
        f'{{"type":"urn:careflow:error:{code}","title":"{title}","status":{status},'
        f'"detail":"{detail}","code":"{code}"}}'
    )
    later = "" if status == 413 else '            add_header Retry-After "2" always;\n'
    return f"""
        error_page {caught} ={status} @{place};
        location @{place} {{
            internal;
            default_type application/problem+json;
            add_header Strict-Transport-Security "max-age=63072000" always;
            add_header Cache-Control no-store always;
            add_header X-Content-Type-Options nosniff always;
{later}            return {status} '{body}';
        }}"""
