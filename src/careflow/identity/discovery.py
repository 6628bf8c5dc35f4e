"""What programs find out by themselves: where to ask for a token, and what may be asked for.

SMART App Launch 2.2, ``.well-known/smart-configuration`` below the FHIR base address. Nobody signs
in through it yet, so there is no authorization endpoint and no code challenge.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import msgspec

from careflow.identity.assertions import ALGORITHMS
from careflow.identity.oauth import AUTHENTICATION_METHODS, GRANT
from careflow.identity.smart import CONTEXTS, LETTERS

TOKEN_PATH: Final = "/api/auth/token"  # noqa: S105 - an address
WELL_KNOWN: Final = (".well-known", "smart-configuration")
CAPABILITIES: Final = (
    "client-confidential-asymmetric",
    "client-confidential-symmetric",
    "permission-patient",
    "permission-user",
    "permission-v1",
    "permission-v2",
)


@lru_cache(maxsize=16)
def smart_configuration(origin: str) -> bytes:
    """Return the document, for scheme and host as clients see them."""
    return msgspec.json.encode(
        {
            "token_endpoint": f"{origin}{TOKEN_PATH}",
            "token_endpoint_auth_methods_supported": AUTHENTICATION_METHODS,
            "token_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
            "grant_types_supported": [GRANT],
            "response_types_supported": [],
            "code_challenge_methods_supported": [],
            "scopes_supported": [f"{context}/*.{LETTERS}" for context in CONTEXTS],
            "capabilities": CAPABILITIES,
        }
    )
