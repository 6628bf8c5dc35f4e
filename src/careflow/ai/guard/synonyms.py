"""Words and short forms of notes, as official descriptions spell them."""

from __future__ import annotations

import re

from careflow.ai.guard.negations import key_of

_WRITTEN = """
hypertension|htn|high blood pressure|elevated blood pressure|hta|presion alta|hypertensive
hypotension|low blood pressure
diabetes|dm|t2dm|dm2|t1dm|dm1|diabetic|iddm|niddm
hyperlipidemia|hld|high cholesterol|hypercholesterolemia|dyslipidemia|cholesterol
hypothyroidism|underactive thyroid|low thyroid
kidney disease|ckd|renal insufficiency|renal disease|kidney failure|renal failure
kidney injury|aki
pulmonary obstructive|copd|emphysema
heart failure|chf|hf|hfref|hfpef|cardiac failure
gastro-esophageal reflux|gerd|acid reflux|reflux|heartburn
myocardial infarction|mi|stemi|nstemi|heart attack
urinary tract infection|uti|bladder infection|cystitis
upper respiratory infection|uri|common cold|nasopharyngitis
osteoarthritis|oa|degenerative joint disease|djd
atherosclerotic heart|cad|coronary artery disease|ischemic heart
atrial fibrillation|afib|a-fib|af|a fib
venous thrombosis|dvt|blood clot
pulmonary embolism|pe|pulmonary embolus
transient cerebral ischemic|tia|mini-stroke
cerebral infarction|cva|stroke|cerebrovascular
prostatic hyperplasia|bph|enlarged prostate
rheumatoid arthritis|ra
sleep apnea|osa
anxiety|gad|anxious
depressive|mdd|depression|depressed
attention-deficit hyperactivity|adhd
obesity|obese|overweight|bmi
shortness of breath|sob|dyspnea|breathlessness|short of breath
headache|cephalgia|migraine
low back pain|lbp|lumbago|backache|back pain
pneumonia|pna|cap
pharyngitis|sore throat|throat
otitis media|aom|ear infection
anemia|low hemoglobin|anaemia|low iron
nicotine dependence|smoker|smokes|tobacco|cigarettes|smoking
cough|coughing
fever|febrile|pyrexia
nausea|vomiting|emesis
dizziness|dizzy|vertigo|giddiness
dysuria|painful urination|burning urination
tinea pedis|athlete's foot
dermatitis|eczema
conjunctivitis|pink eye
fracture|broken|fx
sprain|sprained
laceration|cut
contusion|bruise
calculus|stone|stones
varicella|chickenpox
zoster|shingles
thrombocytopenia|low platelets
hypokalemia|low potassium
hyperkalemia|high potassium
hyperglycemia|high glucose|high blood sugar|poorly controlled|uncontrolled
hypoglycemia|low glucose|low blood sugar
edema|swelling|swollen
pruritus|itch|itching
malignant neoplasm|cancer|carcinoma
insomnia|trouble sleeping|sleeplessness
neuropathy|neuropathic|polyneuropathy|nerve damage
retinopathy|eye damage
"""
_GROUPS = [line.split("|") for line in _WRITTEN.strip().splitlines()]
_FORMS = {form: group[0] for group in _GROUPS for form in group[1:]}
_FORM = re.compile(
    r"(?<![\w-])(?:"
    + "|".join(sorted(map(re.escape, _FORMS), key=len, reverse=True))
    + r")(?![\w-])"
)


def keys_of_synonyms(text: str) -> frozenset[str]:
    """Return the keys of the words that stand for short and plain forms in a folded text."""
    return frozenset(
        key_of(word) for one in _FORM.finditer(text) for word in _FORMS[one[0]].split()
    )


def spelled_out(text: str) -> str:
    """Return a folded text in which short and plain forms also stand as descriptions have them."""
    return _FORM.sub(lambda one: f"{one[0]} {_FORMS[one[0]]}", text)
