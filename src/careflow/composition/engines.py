"""Which AI engines there are, by the settings; an engine's client is imported only if named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast, get_args

from careflow.ai.attesting import Attestations
from careflow.ai.engine import Engine
from careflow.ai.engines.local import METHODS, LocalEngine, Method
from careflow.ai.engines.prompted import PromptedEngine
from careflow.ai.gateway import Gateway, Patients
from careflow.ai.governor.govern import Governor
from careflow.ai.governor.ledger import Ledger
from careflow.ai.governor.memory import Memory
from careflow.ai.governor.prices import Prices
from careflow.ai.governor.quota import Limits
from careflow.ai.leaving import Privacy
from careflow.ai.model import Model, Role
from careflow.ai.oversight.look import Oversight
from careflow.ai.own_models.answering import Classifying, Predicting
from careflow.ai.own_models.folder import OwnModels, models_in
from careflow.ai.policy import Policy, Route, gemini_route
from careflow.ai.policy_file import OperatorsPolicy, read_policy
from careflow.ai.reader import IsolatedReader
from careflow.ai.reading.recogniser import find_recogniser
from careflow.ai.runs import Runs
from careflow.ai.speech.listening import Listener, why_deaf
from careflow.ai.switches import Switchboard
from careflow.ai.tasks.labelling import PREDICTION, TEXT_CLASSIFICATION
from careflow.ai.tasks.media import AUDIO_TRANSCRIPTION
from careflow.clock import Clock
from careflow.database.documents import Documents
from careflow.ids import Mint
from careflow.keys import derive
from careflow.settings import Settings, SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from careflow.ai.engines.aws_lambda import LambdaEngine

UNPAID = Limits(requests_minute=15, tokens_minute=250_000)
"""What unpaid Gemini allowed in 2026-09 (reports in public issue trackers; Google publishes no
table). How many a day its refusals tell."""

_ASKING = ("gemini", "openai")
"""Engines that ask a model."""

_GEMINI_MEDIA = ("image", "audio", "video")
_OPENAI_MEDIA = ("image", "audio")


def local_gateway(settings: Settings, *, synthetic: bool = False) -> Gateway:
    """Return the gateway over the local engine alone; no database is opened."""
    return _gateway(
        settings, [_local(settings)], read_policy(settings.ai_policy), synthetic=synthetic
    )


@dataclass(frozen=True, slots=True)
class Ai:
    """The AI gateway, what people who answer for it look at, and the models it asks."""

    gateway: Gateway
    oversight: Oversight
    models: tuple[Model, ...]
    function: LambdaEngine | None = None

    async def close(self) -> None:
        """Let go of connections."""
        for model in self.models:
            await model.close()
        if self.function is not None:
            await self.function.close()


def build_ai(
    settings: Settings,
    documents: Documents,
    key: bytes,
    *,
    clock: Clock,
    mint: Mint,
    patients: Patients | None = None,
    synthetic: bool = False,
) -> Ai:
    """Build the gateway over the engines that the settings name, in their order.

    Raises:
        SettingsError: An engine is named and cannot be made.
        careflow.ai.policy_file.PolicyFileError: The policy cannot be used.
    """
    policy = read_policy(settings.ai_policy)
    organisation = settings.organisation
    ledger = Ledger(
        documents, clock=clock, limits=_limits(settings, policy), budgets=policy.budgets
    )
    governor = Governor(
        ledger,
        Memory(documents, master_key=key, clock=clock),
        clock,
        mint,
        prices={
            "gemini": Prices(policy.rates, is_free=settings.gemini_mode == "free"),
            "openai": Prices(policy.rates),
        },
    )
    secret = derive(key, "ai marks")
    asking = [
        _prompted(name, settings, governor, secret)
        for name in settings.engine_names
        if name in _ASKING
    ]
    function = _function(settings, clock) if "lambda" in settings.engine_names else None
    by_name: dict[str, Engine] = {"local": _local(settings), **{one.name: one for one in asking}}
    if function is not None:
        by_name[function.name] = function
    switches = Switchboard(documents, organisation=organisation, clock=clock)
    runs = Runs(documents, organisation)
    gateway = replace(
        _gateway(
            settings,
            [by_name[name] for name in settings.engine_names],
            policy,
            synthetic=synthetic,
        ),
        privacy=_border(settings, key, documents, clock) if asking or function else None,
        switches=switches,
        runs=runs,
        attestations=Attestations(documents, organisation=organisation, clock=clock),
        patients=patients,
        clinic=settings.clinic_name,
        clock=clock,
    )
    models = [one.model.engine + "/" + id for one in asking for id in _ids(one.model)]
    oversight = Oversight(documents, gateway, ledger, runs, switches, models, organisation, clock)
    return Ai(gateway, oversight, tuple(one.model for one in asking), function)


def _local(settings: Settings) -> LocalEngine:
    """Return the local engine, which listens to recordings where it can."""
    name, model = AUDIO_TRANSCRIPTION.name, settings.whisper_model
    reason = why_deaf(model)
    own = models_in(settings.models)
    methods = {**METHODS, **_by_own(own)}
    missing = {} if PREDICTION.name in methods else {PREDICTION.name: _NO_OWN}
    if model is None or reason is not None:
        return LocalEngine(methods, {**missing, name: reason or ""}, own.refused)
    return LocalEngine({**methods, name: Listener(model)}, missing, own.refused)


_NO_OWN = "CAREFLOW_MODELS names no folder with a model that predicts"


def _by_own(own: OwnModels) -> Mapping[str, Method]:
    """Return the methods that the operator's own models serve."""
    kinds = {
        task: {name: one for name, one in own.served.items() if one.card.task == task}
        for task in (PREDICTION.name, TEXT_CLASSIFICATION.name)
    }
    methods: dict[str, Method] = {}
    if predicting := kinds[PREDICTION.name]:
        methods[PREDICTION.name] = Predicting(predicting)
    if sorting := kinds[TEXT_CLASSIFICATION.name]:
        ours = METHODS[TEXT_CLASSIFICATION.name]
        methods[TEXT_CLASSIFICATION.name] = Classifying(sorting, ours)
    return methods


def _border(settings: Settings, key: bytes, documents: Documents, clock: Clock) -> Privacy:
    """Build the privacy gateway: its rules and lists are loaded only where a model is asked."""
    from careflow.ai.privacy.border import Border
    from careflow.ai.privacy.chart_record import ChartRecords

    recogniser = find_recogniser(settings.tesseract)
    return Border(key, ChartRecords(documents, clock=clock), recogniser)


def _ids(model: Model) -> list[str]:
    return list(dict.fromkeys(model.id_of(role) for role in get_args(Role)))


def _gateway(
    settings: Settings, engines: Sequence[Engine], policy: OperatorsPolicy, *, synthetic: bool
) -> Gateway:
    return Gateway(
        engines,
        IsolatedReader(find_recogniser(settings.tesseract)),
        data="synthetic" if synthetic else "identifiable",
        policy=Policy(policy.rules, policy.allows_devices, settings.clinic_zone or ""),
    )


def _prompted(name: str, settings: Settings, governor: Governor, secret: bytes) -> PromptedEngine:
    if name == "gemini":
        route, media = gemini_route(settings.gemini_mode), _GEMINI_MEDIA
        return PromptedEngine(_gemini(settings), governor, route, secret, media)
    return PromptedEngine(_openai(settings), governor, Route("openai"), secret, _OPENAI_MEDIA)


def _gemini(settings: Settings) -> Model:
    try:
        from careflow.ai.engines.gemini import GeminiModel
    except ModuleNotFoundError as error:
        raise SettingsError(_MISSING.format(engine="gemini", extra="gemini")) from error
    key = settings.gemini_api_key
    if key is None and settings.gemini_mode != "vertex" and settings.gemini_base_url is None:
        raise SettingsError("CAREFLOW_AI_ENGINES names gemini: set CAREFLOW_GEMINI_API_KEY.")
    no_key = "none" if settings.gemini_base_url else None
    return GeminiModel(
        settings.gemini_mode,
        api_key=key.get_secret_value() if key else no_key,
        base_url=settings.gemini_base_url,
        project=settings.gemini_project,
        location=settings.gemini_location,
        models=models_of(settings.gemini_models, "CAREFLOW_GEMINI_MODELS"),
    )


def _openai(settings: Settings) -> Model:
    try:
        from careflow.ai.engines.openai import OpenAIModel
    except ModuleNotFoundError as error:
        raise SettingsError(_MISSING.format(engine="openai", extra="openai")) from error
    if settings.openai_base_url is None:
        raise SettingsError("CAREFLOW_AI_ENGINES names openai: set CAREFLOW_OPENAI_BASE_URL.")
    models = models_of(settings.openai_models, "CAREFLOW_OPENAI_MODELS")
    if "standard" not in models:
        raise SettingsError("CAREFLOW_OPENAI_MODELS must name a model, as in standard=my-model.")
    roles = dict.fromkeys(get_args(Role), models["standard"])
    key = settings.openai_api_key
    return OpenAIModel(
        settings.openai_base_url,
        models={**roles, **models},
        api_key=key.get_secret_value() if key else None,
    )


def _function(settings: Settings, clock: Clock) -> LambdaEngine:
    try:
        from careflow.ai.engines.aws_lambda import LambdaEngine
    except ModuleNotFoundError as error:
        raise SettingsError(_MISSING.format(engine="lambda", extra="aws")) from error
    if settings.lambda_function is None:
        raise SettingsError("CAREFLOW_AI_ENGINES names lambda: set CAREFLOW_LAMBDA_FUNCTION.")
    return LambdaEngine(
        settings.lambda_function,
        tasks=METHODS,
        clock=clock,
        region=settings.lambda_region,
        endpoint_url=settings.lambda_endpoint_url,
    )


_MISSING = (
    "CAREFLOW_AI_ENGINES names {engine}, whose client is not installed: add careflow[{extra}]."
)


def models_of(text: str, name: str) -> Mapping[Role, str]:
    """Read ``fast=one,standard=two``; a name alone is the standard model.

    Raises:
        SettingsError: A role is none.
    """
    models: dict[Role, str] = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        role, equals, model = part.partition("=")
        if not equals:
            role, model = "standard", part
        if role not in get_args(Role) or not model:
            raise SettingsError(f"{name} is written fast=…,standard=…,best=….")
        models[cast("Role", role)] = model
    return models


def _limits(settings: Settings, policy: OperatorsPolicy) -> Mapping[str, Limits]:
    if settings.gemini_mode != "free" or "gemini" not in settings.engine_names:
        return policy.limits
    from careflow.ai.engines.gemini import MODELS

    named = models_of(settings.gemini_models, "CAREFLOW_GEMINI_MODELS")
    unpaid = {f"gemini/{model}": UNPAID for model in {**MODELS, **named}.values()}
    return {**unpaid, **policy.limits}
