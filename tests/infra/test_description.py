"""A deployment's description: what it makes, and what is refused before anything is touched."""

from __future__ import annotations

import copy
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from careflow.errors import CareFlowError
from careflow.operations.stacks.changes import deployed_bill, refuse_over_budget
from careflow.operations.stacks.deployment import Deployment
from careflow.operations.stacks.description import deployment_of, read_deployment
from careflow.operations.stacks.refusals import OverBudgetError
from careflow.planner.architectures import ARCHITECTURES

EXAMPLE = Path(__file__).parents[2] / "infra" / "example.toml"
TODAY = date(2026, 11, 24)
DEPLOYED = [one.name for one in ARCHITECTURES if one.deploys]


@pytest.fixture
def raw() -> dict[str, Any]:
    return tomllib.loads(EXAMPLE.read_text("utf-8"))


def described(raw: dict[str, Any], **changed: object) -> Deployment:
    return deployment_of({**copy.deepcopy(raw), **changed}, TODAY)


@pytest.mark.parametrize("name", DEPLOYED)
def test_one_example_describes_every_architecture(name: str) -> None:
    made = read_deployment(EXAMPLE, TODAY, name)
    architecture = made.shape.architecture
    assert architecture.name == name
    assert len(made.regions) == len(made.stacks) == architecture.regions
    assert all(bool(one.certificate) == (architecture.group is not None) for one in made.regions)


def test_the_floor_for_patient_data_is_the_default(raw: dict[str, Any]) -> None:
    assert described(raw).shape.tier == "m10"
    assert described(raw, size={"hipaa": False}).shape.tier == "m0"


def test_the_guides_machines_come_with_its_catalogue(raw: dict[str, Any]) -> None:
    basic = {**raw, "architecture": "basic"}
    assert described(basic).shape.instance == "t3.micro"
    assert described(basic, size={"catalog": "guide"}).shape.instance == "t2.micro"


REFUSED = [
    ({"domain": ""}, "deploy-missing-domain"),
    ({"domain": "clinic"}, "deploy-missing-domain"),
    ({"domain": "https://clinic.example.org"}, "deploy-missing-domain"),
    ({"certificate": ""}, "deploy-missing-certificate"),
    ({"certificate": "arn:aws:acm:eu-west-1:123456789012:certificate/1"},
     "deploy-missing-certificate"),
    ({"system": "Ubuntu 18.04"}, "deploy-image-past-its-end"),
    ({"database": "mongodb://db.example.org/careflow"}, "deploy-database-without-tls"),
    ({"database": "mongodb+srv://db.example.org/?tls=false"}, "deploy-database-without-tls"),
    ({"database": "mongodb+srv://db.example.org/?tlsInsecure=true"},
     "deploy-database-without-tls"),
    ({"database": "mongodb://db.example.org/?ssl=true&tlsAllowInvalidHostnames=true"},
     "deploy-database-without-tls"),
    ({"database": "mongodb+srv://anna:secret@db.example.org/"}, "deploy-database-without-tls"),
    ({"database": "sqlite:///careflow.db"}, "deploy-database-without-tls"),
    ({"architecture": "mainframe"}, "planner-unknown-architecture"),
    ({"architecture": "traditional"}, "deploy-bad-description"),
    ({"name": "Clinic!"}, "deploy-bad-description"),
    ({"domian": "clinic.example.org"}, "deploy-bad-description"),
    ({"hosted_zone": "zone"}, "deploy-bad-description"),
    ({"alerts": "nobody"}, "deploy-bad-description"),
    ({"bundle": {"address": "s3://clinic/careflow.tar.gz"}}, "deploy-bad-description"),
    ({"bundle": {"address": "s3://clinic/careflow.tar.gz", "sha256": "12"}},
     "deploy-bad-description"),
    ({"regions": []}, "deploy-bad-description"),
    ({"regions": [{"name": "us-east-1", "image": "latest"}]}, "deploy-bad-description"),
    ({"regions": [{"name": "eu-west-1", "image": "ami-00000000000000001"}]},
     "deploy-bad-description"),
    ({"regions": [{"name": "us-west-2", "image": "ami-00000000000000001"}]},
     "planner-unknown-region"),
    ({"settings": {"CAREFLOW_GEMINI_API_KEY": "k"}}, "deploy-bad-description"),
    ({"settings": {"PATH": "/"}}, "deploy-bad-description"),
    ({"size": {"instance": "m5.large"}}, "deploy-bad-description"),
    ({"size": {"disk_gb": 8}}, "deploy-bad-description"),
    ({"size": {"tier": "m99"}}, "deploy-bad-description"),
    ({"workload": {"users": "many"}}, "deploy-bad-description"),
    ({"regions": ["us-east-1"]}, "deploy-bad-description"),
    ({"workload": {"users": -1}}, "planner-impossible-workload"),
    ({"budget": "much"}, "deploy-bad-description"),
    ({"budget": float("nan")}, "deploy-bad-description"),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "code"), REFUSED)
def test_what_cannot_be_deployed_is_refused_in_a_sentence(
    raw: dict[str, Any], changed: dict[str, object], code: str
) -> None:
    with pytest.raises(CareFlowError) as refused:
        described(raw, **changed)
    assert refused.value.code == code
    assert refused.value.message.rstrip().endswith(".")
    assert "secret@" not in refused.value.message


def test_a_load_balancer_needs_its_own_certificate(raw: dict[str, Any]) -> None:
    raw["regions"][0].pop("certificate")
    assert described(raw).regions[0].certificate == ""
    with pytest.raises(CareFlowError, match="certificate") as refused:
        described(raw, architecture="high-availability")
    assert refused.value.code == "deploy-missing-certificate"


def test_a_system_is_refused_from_the_day_it_ends(raw: dict[str, Any]) -> None:
    deployment_of(raw, date(2029, 3, 31))
    with pytest.raises(CareFlowError, match=r"Ubuntu 24\.04 ended on 2029-04-01"):
        deployment_of(raw, date(2029, 4, 1))


def test_a_month_above_the_budget_is_refused_to_the_cent(raw: dict[str, Any]) -> None:
    total = deployed_bill(described(raw)).total.high
    refuse_over_budget(described(raw, budget=str(total)))
    with pytest.raises(OverBudgetError, match=str(total)):
        refuse_over_budget(described(raw, budget=str(total - Decimal("0.01"))))


def test_a_file_that_is_not_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "clinic.toml").write_text("name = ", "utf-8")
    with pytest.raises(CareFlowError, match=r"clinic\.toml is not TOML"):
        read_deployment(tmp_path / "clinic.toml", TODAY)
