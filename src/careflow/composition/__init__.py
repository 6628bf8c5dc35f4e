"""The only file that picks adapters: settings in, platform out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from careflow import clock as wall
from careflow import ids
from careflow.ai.drafts import Drafts
from careflow.ai.gateway import Gateway
from careflow.ai.histories import Histories
from careflow.ai.later import Later
from careflow.ai.messages.pool import Pool
from careflow.ai.messages.sorting import Sorter
from careflow.ai.oversight.look import Oversight
from careflow.ai.privacy.chart_record import ChartRecords
from careflow.ai.privacy.known import Known
from careflow.ai.read_document import DocumentReader
from careflow.ai.review import Reviews
from careflow.ai.task_drafts.looks import Looks
from careflow.ai.task_drafts.review import TaskReviews
from careflow.audit.file import AuditFile
from careflow.audit.trail import Trail
from careflow.clock import Clock
from careflow.composition.background import Background, build_background, check_background
from careflow.composition.engines import Ai, build_ai, local_gateway
from careflow.composition.merging import build_merging
from careflow.composition.online import build_visitor_desk, code_sender
from careflow.composition.telling import Messages, build_messages, build_ways, mail_alone
from careflow.composition.visits import Visits, build_booking, build_visits
from careflow.database.documents import Documents
from careflow.database.scope import organisation_scope
from careflow.database.sqlite import open_audit_file, open_documents
from careflow.database.work import Work
from careflow.files.disk import DiskFiles
from careflow.files.store import Files
from careflow.identity.actor import Actor, Role
from careflow.identity.assembly import Identity, build_identity
from careflow.identity.passwords import COST_DEFAULT
from careflow.ids import Mint
from careflow.jobs.every import Every
from careflow.jobs.job import Handler, Job
from careflow.jobs.queue import JobQueue
from careflow.keys import derive
from careflow.records.chart import Charts
from careflow.records.clinic import claim_database
from careflow.records.day import Days
from careflow.records.directory import Directory
from careflow.records.inbox import Inbox
from careflow.records.intake.reviewing import IntakeReviews
from careflow.records.merging.merging import Merging
from careflow.records.owners import Owners
from careflow.records.portal import Portals
from careflow.records.registration.registering import Registration
from careflow.records.reindexing import bring_index_up_to_date
from careflow.records.store import Records
from careflow.scheduling.visitors.booking import VisitorDesk
from careflow.settings import Settings, SettingsError, master_key

SEAL_JOB = "audit.seal"
SEAL_EVERY = timedelta(minutes=1)
"""How long an audit entry may be durable and not yet chained."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What the operator chose, as the platform tells it of itself.

    Attributes:
        release: Digest of the bundle it runs from, where it runs from one.
    """

    architecture: str
    database: str
    release: str | None


@dataclass(frozen=True, slots=True)
class Platform:
    """Everything that runs, built once; edges take what they need from it.

    Attributes:
        clinic_name: The name people read.
        operator: Who acts when an operator uses the command line.
        origin: Scheme and host as people's browsers see them, where that is settled.
        engines: Names of the AI engines, in order.
        ai: What they are made of, to be let go of at the end.
    """

    organisation: str
    clinic_name: str
    zone: ZoneInfo
    origin: str | None
    synthetic: bool
    clock: Clock
    mint: Mint
    documents: Documents
    audit_file: AuditFile
    files: Files
    trail: Trail
    identity: Identity
    records: Records
    directory: Directory
    registration: Registration
    merging: Merging
    charts: Charts
    days: Days
    portals: Portals
    inbox: Inbox
    gateway: Gateway
    histories: Histories
    oversight: Oversight
    reviews: Reviews
    task_reviews: TaskReviews
    later: Later
    messages: Pool
    visits: Visits
    messaging: Messages
    online: VisitorDesk
    intake: IntakeReviews
    queue: JobQueue
    background: Background
    operator: Actor
    engines: tuple[str, ...]
    ai: Ai
    shape: Shape

    async def start(self) -> None:
        """Begin running background work."""
        await self.background.start()

    async def close(self) -> None:
        """Finish what was accepted and release everything."""
        await self.background.stop()
        await self.ai.close()
        await self.documents.close()
        await self.audit_file.close()

    async def check(self) -> None:
        """Read the database, so that "ready" is not a guess."""
        await self.documents.read("clinic", "clinic", organisation_scope(self.organisation))

    async def names_of(self, actors: Collection[str]) -> Mapping[str, str]:
        """Return the names that people read, for accounts among these actors."""
        accounts = {account.id: account.name for account in await self.identity.accounts.listed()}
        return {actor: accounts[actor] for actor in actors if actor in accounts}


@dataclass(frozen=True, slots=True)
class _Stores:
    documents: Documents
    audit_file: AuditFile
    files: Files
    trail: Trail
    key: bytes


async def open_platform(
    settings: Settings,
    *,
    synthetic: bool = False,
    clock: Clock = wall.now,
    mint: Mint = ids.mint,
    password_cost: int = COST_DEFAULT,
) -> Platform:
    """Open the stores that the settings name and build every room over them.

    Raises:
        careflow.settings.SettingsError: A setting cannot be used.
        careflow.records.clinic.ClinicMismatchError: The data belong to another clinic.
        careflow.errors.CareFlowError: The database cannot be opened; the sentence says why.
    """
    world = _World(settings.zone(), clock, mint)
    check_background(settings)
    stores = await _open_stores(settings, clock)
    try:
        await claim_database(stores.documents, settings.organisation, synthetic=synthetic)
        await bring_index_up_to_date(stores.documents, settings.organisation)
        return _build(settings, stores, world, synthetic=synthetic, password_cost=password_cost)
    except BaseException:
        await stores.documents.close()
        await stores.audit_file.close()
        raise


@asynccontextmanager
async def gateway_for_batches(settings: Settings) -> AsyncIterator[Gateway]:
    """Yield the AI gateway alone, over the engines that the settings name.

    A database is opened only where an engine asks a model: quota and budget are counted there.
    """
    if settings.engine_names == ("local",):
        yield local_gateway(settings)
        return
    stores = await _open_stores(settings, wall.now)
    try:
        built = build_ai(settings, stores.documents, stores.key, clock=wall.now, mint=ids.mint)
        yield built.gateway
        await built.close()
    finally:
        await stores.documents.close()
        await stores.audit_file.close()


async def chart_known_to_ai(settings: Settings, patient: str) -> Known:
    """Return what the privacy gateway knows of a patient by their chart."""
    stores = await _open_stores(settings, wall.now)
    try:
        return await ChartRecords(stores.documents, clock=wall.now).known(
            patient, settings.organisation
        )
    finally:
        await stores.documents.close()
        await stores.audit_file.close()


async def _open_stores(settings: Settings, clock: Clock) -> _Stores:
    key = master_key(settings)
    opening = _open_mongodb if settings.database_kind == "mongodb" else _open_sqlite
    documents, audit_file = await opening(settings, key, clock)
    trail = Trail(
        documents,
        audit_file,
        organisation=settings.organisation,
        master_key=key,
        head_path=_head_path(settings),
        is_shared=settings.database_kind == "mongodb",
        clock=clock,
    )
    files = DiskFiles(settings.files_path(), key, clock=clock)
    return _Stores(documents, audit_file, files, trail, key)


async def _open_sqlite(settings: Settings, key: bytes, clock: Clock) -> tuple[Documents, AuditFile]:
    """Open the two files of the embedded database."""
    path = settings.database_path()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    documents = await open_documents(
        path, key=derive(key, "database"), clock=clock, cipher=settings.database_cipher
    )
    audit_file = await open_audit_file(
        path.with_name("audit.db"),
        key=derive(key, "audit file"),
        clock=clock,
        cipher=settings.database_cipher,
    )
    return documents, audit_file


async def _open_mongodb(
    settings: Settings, key: bytes, clock: Clock
) -> tuple[Documents, AuditFile]:
    """Open the database and its collection of reads; the driver is imported only here."""
    try:
        from careflow.database import mongo
    except ModuleNotFoundError as error:
        raise SettingsError(
            "CAREFLOW_DATABASE_URL names MongoDB, whose driver is not installed: add"
            " careflow[mongo]."
        ) from error
    url, own = settings.database_url, derive(key, "database")
    documents = await mongo.open_documents(url, key=own, clock=clock)
    try:
        audit_file = await mongo.open_audit_file(
            url, key=own, organisation=settings.organisation, clock=clock
        )
    except BaseException:
        await documents.close()
        raise
    return documents, audit_file


def _head_path(settings: Settings) -> Path:
    """Return where the chain's head is kept: beside the key, outside the data folder."""
    return settings.key_file.absolute().with_name("audit.head")


@dataclass(frozen=True, slots=True)
class _World:
    """What every room is given: the clinic's zone, the time, identifiers."""

    zone: ZoneInfo
    clock: Clock
    mint: Mint


def _build(
    settings: Settings,
    stores: _Stores,
    world: _World,
    *,
    synthetic: bool,
    password_cost: int,
) -> Platform:
    documents, clock, mint, zone = stores.documents, world.clock, world.mint, world.zone
    organisation = settings.organisation
    identity = build_identity(
        documents,
        master_key=stores.key,
        organisation=organisation,
        clock=clock,
        mint=mint,
        require_second_factor=settings.require_second_factor,
        own_patients_only=settings.own_patients_only,
        issuer=settings.clinic_name,
        password_cost=password_cost,
        demo=synthetic,
        origin=settings.public_url,
    )
    directory = Directory(documents)
    histories = Histories(documents, directory, clock, zone)
    ai = build_ai(
        settings,
        documents,
        stores.key,
        clock=clock,
        mint=mint,
        patients=histories,
        synthetic=synthetic,
    )
    gateway = ai.gateway
    inbox = Inbox(
        documents=documents,
        files=stores.files,
        directory=directory,
        clock=clock,
        mint=mint,
        zone=zone,
        paint=gateway.reader.page_image,
        limit=settings.upload_limit_mb * 1024 * 1024,
    )
    booking = build_booking(documents, organisation, clock, mint)
    owners = Owners({"Appointment": booking})
    records = Records(documents, clock=clock, mint=mint, owners=owners)
    charts = Charts(documents, directory, clock, zone)
    reading = DocumentReader(inbox, gateway, gateway.reader, clock, mint)
    task_reviews = TaskReviews(
        Drafts(documents), directory, records, Looks(documents, clock), clock, mint
    )
    later = Later(documents, gateway, histories, task_reviews, inbox, clock, mint)
    visits = build_visits(records, booking, mint)
    ways = build_ways(settings, synthetic=synthetic)
    messaging = build_messages(
        settings,
        records,
        visits,
        stores.key,
        ways=ways,
        clock=clock,
        mint=mint,
        synthetic=synthetic,
    )
    registration = Registration(documents, records, organisation, clock, mint)
    queue = JobQueue(
        documents,
        {
            **reading.handlers(),
            **later.handlers(),
            **visits.handlers(),
            **messaging.handlers(),
            SEAL_JOB: _sealing(stores.trail),
        },
        organisation=organisation,
        clock=clock,
        worker=mint(),
        every=[Every(SEAL_JOB, SEAL_EVERY)],
    )
    return Platform(
        organisation=organisation,
        clinic_name=settings.clinic_name,
        zone=zone,
        origin=settings.public_url,
        synthetic=synthetic,
        clock=clock,
        mint=mint,
        documents=documents,
        audit_file=stores.audit_file,
        files=stores.files,
        trail=stores.trail,
        identity=identity,
        records=records,
        directory=directory,
        registration=registration,
        merging=build_merging(records, identity.accounts, organisation, clock, mint),
        charts=charts,
        days=Days(documents, directory, clock, zone),
        portals=Portals(documents, directory, clock, zone),
        inbox=inbox,
        gateway=gateway,
        histories=histories,
        oversight=ai.oversight,
        reviews=Reviews(Drafts(documents), inbox, charts, records, clock, mint, zone),
        task_reviews=task_reviews,
        later=later,
        messages=Pool(documents, records, directory, Sorter(gateway), clock),
        visits=visits,
        messaging=messaging,
        online=build_visitor_desk(
            visits.desk,
            visits.holding,
            registration,
            code_sender(mail_alone(ways, mint), clinic=settings.clinic_name, synthetic=synthetic),
        ),
        intake=IntakeReviews(documents, directory, records, clock),
        queue=queue,
        background=build_background(settings, documents, queue, clock=clock, holder=mint()),
        operator=_operator(organisation),
        engines=tuple(engine.name for engine in gateway.engines),
        ai=ai,
        shape=Shape(settings.architecture, settings.database_kind, settings.release),
    )


def _sealing(trail: Trail) -> Handler:
    async def seal(_: Job, work: Work) -> Mapping[str, Any]:
        return await trail.seal(work)

    return seal


def _operator(organisation: str) -> Actor:
    """Return who acts when the command line does; whoever runs it has the key file anyway."""
    return Actor("operator", "Operator", Role.ADMIN, organisation, session="")
