"""fhirclient (SMART on FHIR): create, read, update, search and page; prints what it saw.

Usage: ``python with_fhirclient.py BASE TOKEN``.
"""

import json
import sys

from fhirclient.auth import FHIROAuth2Auth
from fhirclient.models.fhirdate import FHIRDate
from fhirclient.models.humanname import HumanName
from fhirclient.models.patient import Patient
from fhirclient.server import FHIRServer

base, token = sys.argv[1:]
server = FHIRServer(None, base)
version = server.capabilityStatement.fhirVersion
server.auth = FHIROAuth2Auth(state={"access_token": token})

made = []
for number in range(7):
    patient = Patient()
    patient.name = [HumanName({"family": "Fhirclient", "given": [f"N{number}"]})]
    patient.birthDate = FHIRDate("1980-05-06")
    made.append(patient.create(server)["id"])
read = Patient.read(made[0], server)
read.gender = "female"
updated = read.update(server)
found = Patient.where({"family": "Fhirclient", "_count": "3", "_sort": "given"})
paged = [each.name[0].given[0] for each in found.perform_resources_iter(server)]
by_date = Patient.where({"birthdate": "1980-05-06", "gender": "female"})
print(
    json.dumps(
        {
            "version": version,
            "made": made,
            "read": read.name[0].family,
            "updated": updated["meta"]["versionId"],
            "paged": paged,
            "found": [each.id for each in by_date.perform_resources_iter(server)],
        }
    )
)
