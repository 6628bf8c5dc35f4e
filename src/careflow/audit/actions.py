"""The names an audit entry may carry: ``room:subject:act``, each act with what it says.

A room's acts are listed here once, so that a search for an act finds every entry of it; the subject
is free within its grammar (a resource type in lower case, a task, ``chart``). To audit something
new, add its act.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

ACTS: Mapping[str, Mapping[str, str]] = {
    "records": {
        "read": "saw it",
        "vread": "saw an earlier version",
        "history": "saw its versions",
        "search": "looked for it and saw what was found",
        "everything": "saw a whole chart, or a page of it",
        "create": "added it",
        "update": "changed it",
        "patch": "changed a part of it",
        "delete": "deleted it",
        "batch": "sent a batch of interactions",
        "transaction": "sent a bundle stored whole or not at all",
        "import": "loaded it from outside",
        "export": "took a copy out",
        "upload": "sent a document to the inbox",
        "match": "said whose document it is",
        "discard": "took a document out of the inbox",
        "file": "filed it to a chart",
        "merge": "gave a record up to another that is the same person's",
        "part": "parted two records that were merged",
    },
    "ai": {
        "run": "asked a task for an answer",
        "read": "saw a draft",
        "draft": "had a draft made",
        "edit": "checked or corrected a draft",
        "accept": "signed a draft into the record",
        "reject": "turned a draft down",
        "disable": "switched a task or an engine off",
        "enable": "switched a task or an engine on",
        "report": "said what was wrong with an answer",
        "attest": "answered for sending patients' data to an engine",
    },
    "identity": {
        "start": "signed in",
        "end": "signed out",
        "refresh": "went on with a session",
        "refuse": "was not let in",
        "reuse": "showed a token that was already used",
        "revoke": "ended someone's session",
        "read": "saw it",
        "create": "added it",
        "update": "changed it",
        "enrol": "began to enrol it",
        "confirm": "confirmed it",
        "remove": "removed it",
        "disable": "switched it off",
        "enable": "switched it on",
        "role": "gave another role",
        "open": "opened a record outside their care in an emergency",
        "review": "reviewed it",
    },
    "audit": {
        "read": "saw the trail",
        "verify": "checked the trail",
        "join": "a machine that had no head of the chain checked it and keeps one from now on",
    },
    "scheduling": {
        "update": "changed what the clinic plans with",
        "leave": "entered leave and settled the visits it strands",
        "restore": "took settlements of leave back",
        "offer": "offered a freed time to somebody who waits",
        "accept": "took an offered time",
        "decline": "turned an offered time down",
    },
    "jobs": {"read": "saw a job"},
    "demo": {"create": "made the synthetic clinic"},
}

_NAME = re.compile(r"([a-z]+):([a-z][a-z0-9-]*):([a-z]+)")


@lru_cache(maxsize=1024)
def check(action: str) -> None:
    """Raise ValueError, a programming error, unless the name is in the vocabulary."""
    parts = _NAME.fullmatch(action)
    if parts is None or parts[3] not in ACTS.get(parts[1], {}):
        msg = f"{action!r} is not a name in careflow.audit.actions."
        raise ValueError(msg)
