"""The words that point to a name or a place, and those that never are one."""

from __future__ import annotations

from careflow.ai.privacy.rules.listed import listed

TITLES = listed("""
mr mrs ms miss mx dr drs doctor prof professor sir madam rev reverend fr father sister pastor
rabbi imam deacon judge officer detective sgt sergeant capt captain lt lieutenant col colonel cpl
pvt senator dra sra srta don dona senor senora sr senorita dame hon nurse
""")
CREDENTIALS = listed("""
md do rn np pa pa-c np-c fnp-c fnp-bc pac phd lpn pharmd dds dmd facp facs facc faap pt dpt ot otr
lcsw msw dpm crna bsn msn aprn fnp cnp cnm cns dc od psyd rph rd rdn ms mph mba ma bs mbbs frcp
frcs mrcp lmft cna emt rrt slp ccc dnp jd esq lvn cma lcpc lpc bcps facog faan jr sr ii iii iv ret
usn usaf
""")
LABELS = listed("""
patient pt name attending provider pcp physician ordering referring dictated dictating author
signed signature reviewed witness surgeon assistant anesthesiologist anesthetist consultant
contact kin nok guardian poa proxy cc re attn attention from to caregiver interpreter technologist
tech radiologist pathologist therapist pharmacist resident fellow intern scribe transcriptionist
transcribed client member insured subscriber guarantor beneficiary alias aka maiden preferred
nickname surname lastname firstname forename by cosigned co-signed verified approved entered
recorded prepared completed operator examiner interviewer doctor md informant historian pref
initials spouse counselor manager worker coordinator supervisor employer given middle last first
cardiologist oncologist hospitalist internist intensivist practitioner gp clinician prescriber
nombre apellidos apellido medico doctora remitido responsable firmado paciente enfermera tutor
contacto atendido facultativo especialista psychiatrist neurologist nephrologist obstetrician
midwife doula dentist optometrist pediatrician endocrinologist urologist
""")
ROLES = listed("""
nurse physician surgeon attending resident intern fellow cardiologist oncologist neurologist
nephrologist pulmonologist gastroenterologist urologist hospitalist internist intensivist
psychiatrist psychologist pediatrician dermatologist endocrinologist rheumatologist therapist
pharmacist dietitian nutritionist midwife doula chaplain interpreter paramedic technician tech
aide caregiver worker manager coordinator assistant counselor attorney lawyer teacher coach
employer boss supervisor landlord roommate coworker patient pt client lady gentleman named called
alias nicknamed np pa rn crna lpn cna emt md phlebotomist sonographer
""")
RELATIONS = listed("""
wife husband spouse partner son daughter mother father mom mum dad brother sister aunt uncle niece
nephew cousin grandson granddaughter grandmother grandfather grandma grandpa friend neighbor
neighbour fiance fiancee girlfriend boyfriend stepson stepdaughter stepmother stepfather twin
sibling child baby caregiver guardian in-law mother-in-law father-in-law son-in-law
daughter-in-law sister-in-law brother-in-law ex-wife ex-husband great-aunt granddaughters sons
daughters brothers sisters roommate named called nicknamed alias aka esposa esposo marido mujer
hijo hija madre padre hermano hermana tio tia abuelo abuela sobrino sobrina cunado cunada novio
novia pareja vecino vecina cuidador cuidadora llamado llamada carer children kids siblings parents
dtr llamo soy fob mob gf bf dau
""")
GREETINGS = listed("""
dear hi hello hey thx tks ty sincerely regards thanks thank yours respectfully cheers truly
estimado estimada hola atentamente saludos wishes cordially love best gracias
""")
CUES = listed("""
by with per from told and spoke called paged notified informed asked contacted saw met seen
introduced advised texted emailed consulted reached named assisted relieved updated that male
female man woman boy girl gentleman lady when because but said says if while though who whose like
about against of at old m f yo yom yof thanked witnessed lives alongside helped
""")
LINKS = listed("""
is was by por name named called id nurse provider physician clinico w
""")
NAME_VERBS = listed("""
was is has had reports reported denies denied states stated presents presented says said came
comes called calls wants wanted needs needed feels felt lives lived works worked told asked asks
understands understood agrees agreed tolerated takes took remains appears appeared complains
complained returns returned went goes fell smokes drinks weighs underwent received does did
continues declined refused admits endorses will
""")
DONE_TO_THINGS = listed("""
applied placed given started stopped held increased decreased administered continued discontinued
removed inserted prescribed ordered used needed required performed obtained noted added changed
switched weaned titrated resumed repeated completed scheduled planned recommended indicated
advised reviewed discussed elevated dosed infused injected attached connected deployed implanted
loaded restarted tapered refilled
""")
DONE_TO_PEOPLE = listed("""
seen admitted discharged diagnosed treated brought transferred evaluated referred counseled
counselled born accompanied tearful alert here able awake oriented asked told informed advised
examined been a an doing feeling taking living working not well unable very calm anxious upset
pleasant cooperative sleeping resting ambulating complaining experiencing having hospitalized
""")
MET = listed("""
spoke spoken discussed met lives living lived talked here along visited consulted shared reviewed
confirmed accompanied came conversation call meeting visit stay stays staying speak speaking
discussion care friend daughter son wife husband mother father born
""")
DEPARTMENT_HEADS = listed("""
mouth protocol pharmacy nursing surgery ultrasound family staff neuro ortho cards renal security
police transport request order orders report reports history exam records chart phone email mail
fax policy guidelines standard
""")
PARTICLES = listed("""
de la las los del van von der den ter ten bin ibn al el da dos di du le st san mac abu y e della
ben
""")
AFTER_EPONYM = listed("""
correlation coefficient chi consensus bowel cardiomyopathy ii iii iv conference agreement
preparation shoulder disease diseases syndrome syndromes sign signs test tests catheter catheters
palsy criteria criterion score scores scale scales class classification grade grading angle
fracture fractures lesion lesions node nodes nodule nodules cyst cysts tumor tumors tumour
procedure procedures technique method position positioning maneuver maneuvers manoeuvre reflex
phenomenon esophagus oesophagus contracture contractures hernia incision lymphoma sarcoma chorea
ataxia stage staging triad law point line lines view views stain staining bodies body cell cells
drain drains tube tubes clamp forceps retractor needle nail plate screw anemia anaemia thyroiditis
nephropathy arteritis encephalopathy aphasia dementia murmur pulse respiration respirations
breathing ulcer gangrene index formula equation rule rules virus infection agar fever stenosis
block bundle fibers tract duct ducts gland glands canal ring rings flap graft repair shunt
operation anomaly deformity nephritis monitor waves curve effect layer space spaces fat pad
membrane ligament tendon tendinopathy kyphosis diverticulum diverticula patch ophthalmopathy
orbitopathy purpura melanoma carcinoma disorder trait antigen pouch fascia suture sutures wire
wires splint brace boot dressing bandage bag valve stent filter port circle system inventory
questionnaire exam examination assessment protocol study trial guideline guidelines diet exercise
exercises wort lymphadenopathy crisis spots spot lung limp gait tremor facies nails joint foot
hand knee elbow finger toe spasm pupil paralysis malformation ear amputation approach osteotomy
arthroplasty elixir solution jelly collar walker ball coma risk calculator type toxin
""")
BEFORE_EPONYM = listed("""
signo enfermedad sindrome prueba test escala maniobra sonda tecnica clasificacion criterios tumor
fractura saco linea ganglio fenomeno metodo puntuacion reflejo triada indice formula arco angulo
nodulo nodulos cuerpos celulas posicion pinza aguja cateter valvula mal ley hernia contractura
tendon musculo trompa trompas glandula conducto espacio fascia ligamento quiste delirio medio
""")
NOT_NAMES = listed("""
the a an and or of in on at to for with by from as is was are be been has have had he she it they
we i you his her hers their our your my me him them this that these those there here no not yes if
then than but so who what when where why how all any both each few more most other some such only
own same too very can would should could may might must shall do does did monday tuesday wednesday
thursday friday saturday sunday mon tue wed thu fri sat sun tues thurs january february march
august september october november december feb apr jun jul aug sep sept oct nov dec christmas
easter thanksgiving patient patients pt dr mr mrs ms miss mom dad date dob age sex male female mrn
ssn acct account phone fax email address street avenue road hospital clinic center centre medical
health unit history exam plan assessment diagnosis note notes report summary discharge admission
labs lab medications medication allergies allergy review systems physical vital signs chief
complaint department service emergency room family social surgical past present illness procedure
impression findings technique indication comparison conclusion recommendation recommendations left
right bilateral upper lower care team insurance medicare medicaid state county city gen neuro abd
ext resp skin heent neck chest heart lungs abdomen extremities university college school church
north south east west new saint st page dear hi hello thanks regards sincerely respectfully yours
thank nurse doctor physician provider name names signed english spanish african american caucasian
hispanic asian mexican latino well normal negative positive stable none unknown denies per mild
moderate severe acute chronic el la los las un una de del en con por para que se su al lo fecha
servicio edad sexo pais nombre apellidos medico domicilio localidad provincia episodio informe
motivo antecedentes historia juicio tratamiento evolucion exploracion diagnostico datos paciente
urgencias unidad universitario clinica centro calle avenida plaza paseo tras ante desde nass nhc
cipa nºcol nocol espana type class grade category phase data group policy member claim study
serial plate
""")
SPANISH_WORDS = listed("""
como donde cuando quien cual este esta estos estas ese esa aquel todo toda otros otras ningun
ninguna hombre mujer varon nino nina anos mes meses semana dia dias hora horas si no tambien
espana francia italia portugal alemania mexico chile peru bolivia nicaragua ecuador venezuela cuba
argentina uruguay paraguay panama guatemala honduras marruecos rumania china nass nhc cipa dni nie
cp tlf tel tfno fax ncol nocol email mail correo electronico lunes martes miercoles jueves viernes
sabado domingo enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre
diciembre cirugia medicina radiologia cardiologia urologia pediatria oncologia neurologia
ginecologia oftalmologia dermatologia nefrologia geriatria traumatologia anestesiologia
reanimacion farmacia laboratorio general digestivo aparato interna intensivos cuidados dolor
nutricion endocrinologia hematologia neumologia psiquiatria rehabilitacion departamento seccion
area consulta consultas externas caso alta ingreso resumen pruebas complementarias comentarios
actual actualmente presenta refiere acude ingresa paciente firmado atentamente alergias constantes
mg ml
""")
