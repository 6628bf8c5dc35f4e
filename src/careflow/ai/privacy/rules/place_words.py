"""The words of places: what facilities end in, what points to a place, what is never one."""

from __future__ import annotations

from careflow.ai.privacy.rules.listed import listed

FACILITY = listed("""
hospital hospitals clinic clinics infirmary hospice sanatorium sanitarium polyclinic dispensary
center centre ctr healthcare practice pharmacy university college school academy elementary church
parish synagogue mosque temple monastery convent institute manor lodge villa terrace nursing rehab
rehabilitation medical med health associates group partners laboratory laboratories imaging
radiology diagnostics surgicenter campus pavilion memorial general regional methodist presbyterian
baptist lutheran mercy facility home house prison jail penitentiary shelter barracks foundation
corporation corp inc llc company industries plant factory mill bank library hotel motel inn
restaurant cafe market store mall airport station mine farm ranch orchard vineyard estates
apartments residences residence commons gardens village court towers heights county township
borough district reservation clinica hospitalario hospitalaria hosp complejo ambulatorio
consultorio residencia colegio instituto universidad physicians orthopedics pediatrics oncology
cardiology dermatology dental surgery urgentcare homecare care services service trust system
network ward unit wing floor suite tower building
""")
SOFT_FACILITY = listed("""
medical med health associates group partners general memorial regional home house service services
care system network unit ward wing floor suite court village gardens heights commons plant mill
bank store market station farm mine building tower nursing rehab imaging radiology laboratory
surgery dental oncology cardiology dermatology pediatrics orthopedics mercy terrace temple
district company corp inc llc library practice trust county foundation
""")
GENERIC = listed("""
general local regional community outpatient inpatient emergency urgent primary family internal
wellness public private teaching academic tertiary acute long short term skilled assisted living
day night adult senior behavioral mental physical occupational speech home health care medical
nursing hospital clinic center centre university school rehab rehabilitation service services unit
department dept the our this her his their a an intensive coronary critical special referring
outside another nearby free walk-in tele virtual womens women's mens men's children's childrens
children women men patient patients student pre post
""")
DEPARTMENTS = listed("""
operating therapy psychiatry room theatre theater catheterization cath anesthesia plastic post
emergency icu ed er or ccu micu sicu nicu picu pacu cardiac surgical surgery medicine medical pain
wound diabetes diabetic anticoagulation coumadin heart failure stroke cancer breast spine sleep
asthma allergy allergies travel fertility infertility ivf dialysis infusion burn trauma cystic
fibrosis memory movement headache epilepsy transplant liver renal kidney lung chest ear nose
throat eye vision hearing foot hand joint bone obesity weight bariatric nutrition palliative
hospice maternity labor delivery prenatal antenatal postnatal neonatal newborn pediatric
paediatric adolescent geriatric elderly fall falls blood donor lab laboratory imaging radiology
pathology pharmacy endoscopy lipid hypertension thyroid hiv std sti immunization vaccine
vaccination flu covid methadone suboxone addiction detox substance abuse recovery psych
psychiatric counseling crisis smoking cessation device pacemaker icd hypertensive coagulation
hemophilia pulmonary respiratory vascular neuro orthopedic ortho gi ent ob gyn obgyn gu prostate
urodynamics continence voice swallow genetic genetics tumor board clinical preop preoperative
telemetry tele observation step stepdown post-op day same ambulatory follow-up followup new return
well child baby stable intensive control disease diseases prevention national american world state
federal social security aging food drug administration association society college commission
practice guideline guidelines comprehensive excellence best standard quality current standardized
global european international history past present mental status exam group plan insurance support
peer twin blue cross shield life nerve root primary care
""")
NAMED_HOSPITALS = listed("""
general memorial methodist presbyterian baptist lutheran adventist mercy
""")
CONNECTORS = listed("of the and for at de la del las los y & in on")
AT_WORDS = listed("""
at in from near outside to by for en desde around attends visited
""")
PLACED_VERBS = listed("""
seen treated admitted hospitalized hospitalised operated transferred evaluated consulted diagnosed
visited visiting referred presented discharged examined followed performed done underwent lives
live living lived resides residing resident residence moved relocated native stays staying stayed
works working worked employed employee employment job retired teaches teacher student studies
studying attends attended attending enrolled volunteer volunteers born raised grew travelled
traveled trip drove driving flew returned visit clinic appointment implanted delivered
hospitalization hospitalisation surgery records fell collapsed crash accident mva collision
incarcerated jailed stationed deployed camping hiking vacation vacationing home house apartment
procedure biopsy scheduled receiving received got patient sent brought taken flown presenting
residente vive natural procedente trabaja nacido ingresado ingresada trasladado trasladada
derivado derivada atendido atendida valorado valorada vecino remitido remitida
""")
FROM_VERBS = listed("""
came is was moved back transferred referred originally patient man woman male female lady
gentleman here lives living resides old pt specialist doctor clinic facility nurse farmer teacher
from currently now just recently lo m f yo paciente
""")
BRANDS = listed("""
ucla ucsf ucsd usc nyu mgh bidmc bwh chla upmc uab unc uva uic osu ohsu mskcc hup vamc vumc dhmc
musc utsw uhn hca kaiser permanente geisinger ochsner intermountain johns-hopkins cedars-sinai
baylor vanderbilt northwestern emory cedars brigham bellevue lurie nemours stanford montefiore
maimonides northwell hopkins wellstar uchealth
""") | frozenset(
    {
        "cedar sinai",
        "johns hopkins",
        "mayo clinic",
        "cleveland clinic",
        "mass general",
        "mass gen",
        "mount sinai",
        "mt sinai",
        "cedars sinai",
        "md anderson",
        "sloan kettering",
        "beth israel",
        "duke university",
        "duke health",
        "duke medical",
        "ny presbyterian",
        "sf general",
        "la general",
        "cedar crest",
        "texas health",
        "penn medicine",
        "yale new",
        "tufts medical",
        "rush university",
        "henry ford",
        "walter reed",
        "bethesda naval",
        "veterans affairs",
        "boston medical",
        "kaiser permanente",
        "la paz",
        "reina sofia",
        "gregorio maranon",
    }
)
NOT_PLACES = listed("""
icu ed er or ccu micu sicu nicu picu pacu ct mri dr mr mrs ms pt he she they it we i seen admitted
transferred discharged presented patient visit visited referred treated date monday tuesday
wednesday thursday friday saturday sunday january february march april june july august september
october november december mrn dob phone fax attending diagnosis history name re dear hpi chief
complaint plan assessment md rn np do pa-c phd
""")
KINDS_OF_PLACE = listed("""
clinic office hospital facility branch campus downtown er ed
""")
LANDFORMS = listed("""
falls springs creek ridge hollow grove heights junction bay harbor harbour beach lake lakes valley
crossing mills rapids fork bluff bluffs canyon cove island pines oaks meadows hills hill glen dale
green woods wood field fields bridge brook river point landing summit prairie forest flats gap
""")
WHOLE_PLACES = listed("""
ward camp lake fort port mount cape isle island rancho village casa barrio colonia pueblo finca
""")
