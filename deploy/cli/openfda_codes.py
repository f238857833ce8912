"""ICH E2B(R2) says in numbers what a report of today says in words; these are the tables (openFDA: drug event fields).

A code that is not here is left out and counted, never guessed.
"""

from shared.contracts.code_lists import (
    ActionTaken,
    AgeGroup,
    AgeUnit,
    Criterion,
    DrugRole,
    Outcome,
    Qualification,
    ReportType,
    SenderType,
    Sex,
)

Table = dict[str, str]

REPORT_TYPE: Table = {
    "1": ReportType.SPONTANEOUS,
    "2": ReportType.STUDY,
    "3": ReportType.OTHER,
    "4": ReportType.UNKNOWN,
}  # A.1.4
SENDER_TYPE: Table = {
    "1": SenderType.PHARMACEUTICAL_COMPANY,
    "2": SenderType.REGULATORY_AUTHORITY,
    "3": SenderType.HEALTH_PROFESSIONAL,
    "4": SenderType.REGIONAL_CENTRE,
    "5": SenderType.WHO_CENTRE,
    "6": SenderType.OTHER,
}  # A.3.1.1
QUALIFICATION: Table = {
    "1": Qualification.PHYSICIAN,
    "2": Qualification.PHARMACIST,
    "3": Qualification.OTHER_HEALTH_PROFESSIONAL,
    "4": Qualification.LAWYER,
    "5": Qualification.CONSUMER,
}  # A.2.1.4
SEX: Table = {"1": Sex.MALE, "2": Sex.FEMALE}  # B.1.5; openFDA adds 0, unknown, which says nothing
AGE_UNIT: Table = {
    "800": AgeUnit.DECADE,
    "801": AgeUnit.YEAR,
    "802": AgeUnit.MONTH,
    "803": AgeUnit.WEEK,
    "804": AgeUnit.DAY,
    "805": AgeUnit.HOUR,
}  # B.1.2.2
AGE_GROUP: Table = {
    "1": AgeGroup.NEONATE,
    "2": AgeGroup.INFANT,
    "3": AgeGroup.CHILD,
    "4": AgeGroup.ADOLESCENT,
    "5": AgeGroup.ADULT,
    "6": AgeGroup.ELDERLY,
}  # B.1.2.3
ROLE: Table = {"1": DrugRole.SUSPECT, "2": DrugRole.CONCOMITANT, "3": DrugRole.INTERACTING}  # B.4.k.1
ACTION: Table = {
    "1": ActionTaken.WITHDRAWN,
    "2": ActionTaken.DOSE_REDUCED,
    "3": ActionTaken.DOSE_INCREASED,
    "4": ActionTaken.DOSE_NOT_CHANGED,
    "5": ActionTaken.UNKNOWN,
    "6": ActionTaken.NOT_APPLICABLE,
}  # B.4.k.16
OUTCOME: Table = {
    "1": Outcome.RECOVERED,
    "2": Outcome.RECOVERING,
    "3": Outcome.NOT_RECOVERED,
    "4": Outcome.RECOVERED_WITH_SEQUELAE,
    "5": Outcome.FATAL,
    "6": Outcome.UNKNOWN,
}  # B.2.i.8
CRITERIA: Table = {
    "seriousnessdeath": Criterion.DEATH,
    "seriousnesslifethreatening": Criterion.LIFE_THREATENING,
    "seriousnesshospitalization": Criterion.HOSPITALISATION,
    "seriousnessdisabling": Criterion.DISABILITY,
    "seriousnesscongenitalanomali": Criterion.CONGENITAL_ANOMALY,
    "seriousnessother": Criterion.OTHER_MEDICALLY_IMPORTANT,
}  # A.1.5.2, openFDA's spelling
_UNITS = """
kg g mg ug ng pg mg/kg ug/kg mg/m2 ug/m2 L mL uL Bq GBq MBq kBq Ci mCi uCi nCi mol mmol umol
[iU] k[iU] M[iU] [iU]/kg meq % [drp] {DF}
"""
# B.4.k.5.2, in UCUM as E2B(R3) G.k.4.r.1b has it
DOSE_UNIT: Table = {f"{number:03d}": unit for number, unit in enumerate(_UNITS.split(), 1)}
_ROUTES = """
Auricular (otic)|Buccal|Cutaneous|Dental|Endocervical|Endosinusial|Endotracheal|Epidural|Extra-amniotic|Hemodialysis|
Intra corpus cavernosum|Intra-amniotic|Intra-arterial|Intra-articular|Intra-uterine|Intracardiac|Intracavernous|
Intracerebral|Intracervical|Intracisternal|Intracorneal|Intracoronary|Intradermal|Intradiscal (intraspinal)|
Intrahepatic|Intralesional|Intralymphatic|Intramedullar (bone marrow)|Intrameningeal|Intramuscular|Intraocular|
Intrapericardial|Intraperitoneal|Intrapleural|Intrasynovial|Intratumor|Intrathecal|Intrathoracic|Intratracheal|
Intravenous bolus|Intravenous drip|Intravenous (not otherwise specified)|Intravesical|Iontophoresis|Nasal|
Occlusive dressing technique|Ophthalmic|Oral|Oropharingeal|Other|Parenteral|Periarticular|Perineural|Rectal|
Respiratory (inhalation)|Retrobulbar|Subconjunctival|Subcutaneous|Subdermal|Sublingual|Topical|Transdermal|
Transmammary|Transplacental|Unknown|Urethral|Vaginal
"""
ROUTE: Table = {f"{number:03d}": words.strip() for number, words in enumerate(_ROUTES.split("|"), 1)}  # B.4.k.8
