"""Which medicines must not meet, and which a patient may react to: dated, cited tables.

``checked`` answers for a whole list. Rules stand between classes, so that a member that no table
lists counts as well; a medicine that no table knows is named, never passed over.
"""

from careflow.knowledge.interactions.check import (
    Alert,
    Checked,
    Pair,
    Source,
    checked,
    sources,
)

__all__ = ["Alert", "Checked", "Pair", "Source", "checked", "sources"]
