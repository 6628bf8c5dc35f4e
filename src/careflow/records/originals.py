"""The original of a paper as a document of the chart, with or without results read from it."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime

from careflow.clock import instant_text
from careflow.database.documents import Claim
from careflow.identity.actor import Actor
from careflow.records.elements import Json
from careflow.records.paper import Paper


@dataclass(frozen=True, slots=True)
class Original:
    """A paper on its way into a chart.

    Attributes:
        content: Its bytes, for the hash.
        kind: What it is, as a CodeableConcept.
        author: Who wrote it, where that is known.
    """

    paper: Paper
    content: bytes
    patient_id: str
    title: str
    kind: Json
    author: str | None
    signer: Actor
    at: datetime

    def document_reference(self, id: str) -> Json:
        """Return it as a DocumentReference that the signer answers for."""
        authors = {"author": [{"display": self.author}]} if self.author else {}
        return {
            "resourceType": "DocumentReference",
            "id": id,
            "masterIdentifier": {"system": "urn:careflow:sha-256", "value": self.paper.digest},
            "status": "current",
            "docStatus": "final",
            "type": self.kind,
            "subject": {"reference": f"Patient/{self.patient_id}"},
            "date": instant_text(self.at),
            **authors,
            "authenticator": signer_of(self.signer),
            "description": self.title,
            "content": [{"attachment": self.attachment()}],
        }

    def attachment(self) -> Json:
        """Return where its bytes are and how to know them again."""
        # FHIR R4 defines Attachment.hash as SHA-1; the SHA-256 stands in masterIdentifier.
        sha1 = hashlib.sha1(self.content, usedforsecurity=False).digest()
        return {
            "contentType": self.paper.media_type,
            "url": f"/api/documents/{self.paper.id}/content",
            "size": self.paper.size,
            "hash": base64.b64encode(sha1).decode("ascii"),
            "title": self.title,
        }

    def claim(self, holder: str) -> Claim:
        """Return the claim that lets the same file into the charts once."""
        return Claim(self.paper.organisation, f"filed-file:{self.paper.file_key}", holder)


def signer_of(actor: Actor) -> Json:
    """Return who signs as a reference: to their Practitioner, where they have one."""
    reference = (
        {"reference": f"Practitioner/{actor.practitioner_id}"} if actor.practitioner_id else {}
    )
    return {**reference, "display": actor.name}
