"""Words that the gate goes by: names that are nothing else, names that are words, no names."""

from __future__ import annotations

from careflow.ai.words import listed

GIVEN_NAMES = listed("""
aaron abigail adrian agnes ahmed aisha alan albert alejandra alejandro alexander alexandra alfonso
alfred alicia alisha allison alyssa amanda amelia amir amy ana anabel andrea andres andrew angela
angelica anita anna annette anthony antonia antonio arturo ashley barbara beatriz benjamin bernard
bernice beth bethany betty beverly brenda brian bridget bruce bryan caleb camila carla carlos carmen
carol carolina caroline carolyn catalina catherine cecilia cesar chad cheryl chloe christina
christine christopher cindy claire claudia connie cristina curtis cynthia daniel daniela danielle
darlene david deborah debra denise dennis derek diana diane diego dolores donald donna dorothy
doris edith eduardo edward eileen elaine eleanor elena elizabeth ellen emilia emily emma enrique
eric erica erin ernesto esteban esther ethan eugene evelyn felicia fernando fiona frances
francisca francisco gabriela gary george gerald geraldine giovanni gladys glenda gloria gonzalo
gregory guadalupe guillermo gustavo hannah harold hassan heather hector helen henry howard ibrahim
ignacio ingrid irene isabel isabella ismael jacob jacqueline jaime james jamie janet janice jasmine
javier jeanette jeffrey jennifer jeremy jerome jesse jessica joanna joanne joaquin joel johanna
jonathan jorge jose joseph joshua josephine joyce juan juana judith judy julia julian julie julio
justin karen karina katherine kathleen kathryn kathy katie kayla keith kenneth kenji kevin kimberly
kristen kristin kyle larry latoya laura lauren laurie leah leonard leonardo leslie leticia lillian
linda lisa lorena lorenzo loretta lori louise lucas lucia lucinda luis luisa lydia lynn malcolm
manuel marcela marcia marcus margaret margarita maria mariana marilyn mario marisol marjorie marlene
marta martha martin matthew maureen megan melanie melinda melissa mercedes michael micheal michele
michelle miguel mildred miriam mohamed mohammed monica monique nadia nancy naomi natalie natasha
nathan nathaniel nicholas nicole nicolas nora norma olga olivia omar oscar pablo pamela patricia
patrick paul paula pauline pedro peggy peter philip phillip phyllis priscilla priya rachel rafael
ralph ramon raul rebecca regina renee ricardo richard robert roberto rodrigo ronald rosario
rosemary roxanne ruben russell ruth ryan sabrina samantha samuel sandra sara sarah sean sergio
shannon sharon shawn sheila shirley silvia simone sofia sonia sophia stacey stacy stanley stephanie
stephen steven susan suzanne sylvia tamara tanya teresa terrence terri theresa tiffany
timothy tina tracy travis tyler valeria valerie vanessa vera veronica vicente viktor
vincent vivian walter wanda wayne wendy william wilma xavier yesenia yolanda yvette yvonne
zachary zoe john mary
""")
"""Given names that are no other word and no part of a term."""

ALSO_WORDS = listed("""
will hope faith grace joy may june april august day long short young old king rich rose lily ivy
mark bill jack pat gene art ray dawn summer autumn winter sky star angel christian white black brown
green gray grey blue baker cook carter miller smith mason hunter fisher parker walker porter potter
turner cooper butler marshall price park parks hill hills wood woods field fields brook brooks stone
rivers lake church bush bell cross hand foot head bone bones heart love lord knight noble best good
sharp small strong wise savage swift rush page sage basil olive pepper rice bean berry cherry crane
drake finch fox wolf lamb ball banks barber bishop chance chase clay cliff curry dean drew
english french flint ford frank gates glass graves grant guy hall holiday house job jewel key lane
law little low major max mercy merit miles mills mint moody moon north west east south pace patience
peace penny person pike piper plum pound power powers pride prince rains read reed reason robin rock
rusty salt sands scarlet self silver singer spears speed spring stark steel street tanner temple
town trip trust valentine van victor violet wade ward waters weeks wells wild worth wright yard
case cases pain stern blood burns fine first last lens light more moore main man marks mass
mild moss mole nail nurse nut pill pope post quick root rust saint sample scales second severe shin
sick skin spine stent stool such swan tall tooth towns tumor vein wall wart week wound do la le de
den der san el al an be so see say shah ng li ma in he she her his has had was were and the for with
not but all any are can out over under with from that this they them then than who how use used due
parkinson alzheimer crohn hodgkin graves hashimoto cushing addison bell raynaud sjogren barrett
huntington paget foley cobb wilson marfan baker heberden bouchard babinski romberg murphy mcburney
tinel phalen lachman trendelenburg glasgow apgar braden wells doppler holter jackson pratt
harbour harbor clinic center centre north bay view valley river ridge oak elm pine maple cedar
""")
"""Names that are common words, too: what counts is how they are written."""

NO_NAMES = listed("""
the a an and or of to in on at for with no not none is was has had he she they his her who this that
patient patients paciente reports denies presents states unknown not none other self family
hospital clinic center centre medical medicine health care general university regional memorial
department unit ward service services office street avenue road lane drive court way row place
doctor dr mr mrs ms md rn np do pa phd nurse physician surgeon provider attending resident
cardiology neurology oncology radiology surgery pediatrics paediatrics psychiatry dermatology
urology nephrology gastroenterology pulmonology endocrinology rheumatology hematology orthopedics
ophthalmology emergency primary internal disease syndrome sign test score scale murmur drain
catheter classification procedure fracture index criteria maneuver manoeuvre reflex law triad
left right bilateral yes no male female man woman boy girl blood pressure pulse name date time age
type one two three calle plaza san santa los las del de la el
monday tuesday wednesday thursday friday saturday sunday united states america american english
spanish french german chinese black white asian hispanic latino african
local community outside nearby rural urban veterans children women emergency level acute long term
medicine surgery oncology pain sleep wound diabetes heart cancer stroke trauma eye dental fertility
january february march april may june july august september october november december
our this my your their another same pediatric nursing skilled assisted group home rehabilitation
""")
"""Words that stand where names stand and are none, and generic parts of names of places."""
