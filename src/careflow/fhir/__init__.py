"""The FHIR R4 standard without I/O: definitions, validation, search extraction and grammar.

``resource.parse`` reads and checks, ``resource.stamp`` makes the bytes to store,
``extract.entries`` says what searches find a resource by, ``search.parse_search`` reads a query,
``outcome`` tells errors. All of it works from ``definitions/r4.jsonl``, which
``tools/compile_fhir.py`` makes of HL7's package; structs, checks and extractors are built from it,
type by type, on first use.
"""
