"""fhir-pyrate: searches, pages and reads into data frames (it does not write); prints what it saw.

Usage: ``python with_fhir_pyrate.py BASE TOKEN``.
"""

import json
import sys

import requests
from fhir_pyrate import Pirate

base, token = sys.argv[1:]
session = requests.Session()
session.headers["Authorization"] = f"Bearer {token}"
for number in range(7):
    name = [{"family": "Pyrate", "given": [f"N{number}"]}]
    sent = {"resourceType": "Patient", "name": name, "birthDate": "1980-05-06"}
    session.post(f"{base}/Patient", json=sent).raise_for_status()
pirate = Pirate(
    base_url=base,
    auth=session,
    disable_multiprocessing_requests=True,
    disable_multiprocessing_build=True,
)
asked = {"family": "Pyrate", "_count": 3, "_sort": "given"}
frame = pirate.steal_bundles_to_dataframe(
    resource_type="Patient",
    request_params=asked,
    fhir_paths=["id", ("given", "name[0].given[0]"), ("born", "birthDate")],
)
flat = pirate.steal_bundles_to_dataframe(resource_type="Patient", request_params=asked)
one = pirate.steal_bundles_to_dataframe(
    resource_type="Patient",
    request_params={"_id": frame["id"][0]},
    fhir_paths=[("family", "name[0].family")],
)
total = pirate.get_bundle_total("Patient", {"family": "Pyrate", "_total": "accurate"})
print(
    json.dumps(
        {
            "paged": list(frame["given"]),
            "born": sorted(set(frame["born"])),
            "counted": total,
            "read": one["family"][0],
            "flat": len(flat),
        }
    )
)
