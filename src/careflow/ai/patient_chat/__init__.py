"""Patients' questions answered by rules: looked up in their own record, cited, never guessed."""

from careflow.ai.patient_chat.answering import (
    CHAT_METHOD,
    answered_from_record,
    emergency_in,
    urgent_first,
)

__all__ = ["CHAT_METHOD", "answered_from_record", "emergency_in", "urgent_first"]
