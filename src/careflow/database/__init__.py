"""The narrow waist: everything an organisation owns is a versioned document of some kind.

Rooms above speak to :class:`~careflow.database.documents.Documents` and stage what they change on a
:class:`~careflow.database.work.Work`; the edge that began the work commits it, all or nothing.
Adapters (``sqlite``) are chosen in ``composition`` alone.
"""
