"""What can be wrong with the trail."""

from __future__ import annotations

from typing import ClassVar

from careflow.errors import CareFlowError


class ChainDamagedError(CareFlowError):
    """The chain does not go on from where its head says; nothing was sealed."""

    code: ClassVar[str] = "audit-chain-damaged"

    def __init__(self) -> None:
        super().__init__(
            "The audit chain is not what was sealed: run `careflow audit verify` and keep the disk."
        )


class HeadForgedError(ChainDamagedError):
    """The head file was not written with the key."""

    code: ClassVar[str] = "audit-head-forged"
