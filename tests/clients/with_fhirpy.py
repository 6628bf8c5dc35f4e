"""fhirpy (Beda Software): create, read, update, search and page, both ways; prints what it saw.

Usage: ``python with_fhirpy.py BASE TOKEN``.
"""

import asyncio
import json
import sys

from fhirpy import AsyncFHIRClient, SyncFHIRClient
from fhirpy.base.exceptions import ResourceNotFound

base, token = sys.argv[1:]
credentials = {"authorization": f"Bearer {token}"}
NAME = {"family": "Fhirpy"}


async def ask():
    client = AsyncFHIRClient(base, **credentials)
    made = []
    for number in range(7):
        patient = client.resource("Patient", name=[{**NAME, "given": [f"N{number}"]}])
        await patient.save()
        made.append(patient.id)
    patients = client.resources("Patient")
    paged = await patients.search(family="Fhirpy").sort("given").limit(3).fetch_all()
    # count() asks with a parameter of one vendor, which is refused unless the asker is lenient.
    lenient = {**credentials, "extra_headers": {"Prefer": "handling=lenient"}}
    counting = AsyncFHIRClient(base, **lenient).resources("Patient")
    counted = await counting.search(family="Fhirpy").count()
    read = await client.reference("Patient", made[0]).to_resource()
    read["gender"] = "female"
    await read.save()
    first = await patients.search(family="Fhirpy", gender="female").first()
    return made, [each.get_by_path(["name", 0, "given", 0]) for each in paged], counted, first


made, paged, counted, first = asyncio.run(ask())
client = SyncFHIRClient(base, **credentials)
patient = client.reference("Patient", made[-1]).to_resource()
patient.delete()
try:
    client.reference("Patient", made[-1]).to_resource()
    gone = False
except ResourceNotFound:
    gone = True
print(
    json.dumps(
        {
            "made": made,
            "paged": paged,
            "counted": counted,
            "read": patient["name"][0]["family"],
            "updated": first["meta"]["versionId"],
            "found": [first.id],
            "gone": gone,
        }
    )
)
