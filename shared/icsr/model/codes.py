"""A coded element takes its values from a list that ICH or a standards body maintains (guide v5.03, section 3.2).

A list holds each allowed code with its meaning in words, for screens and messages; MedDRA and UCUM beyond ICH's
constrained units are checked elsewhere, against the licensed dictionary or by form only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class CodeList:
    """The codes one or more elements may hold; `values` maps each code to its meaning."""

    name: str
    values: Mapping[str, str]


def _bare(name: str, codes: str) -> CodeList:
    return CodeList(name, {code: code for code in codes.split()})


# What XML 1.0 can carry in no way, not even escaped.
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

MEDDRA_VERSION = r"\d{1,2}\.\d"
MEDDRA_CODE = r"\d{8}"
SAFETY_REPORT_ID = r"[A-Z]{2}-.+-.+"
NUMBER = r"\d+(\.\d+)?"
WHOLE_NUMBER = r"\d+"

TRUE_ONLY = CodeList("true, or nullFlavor NI", {"true": "yes"})

# ISO 3166-1 alpha-2; ICH adds EU, an exceptional reservation of that standard, for what concerns the European Union.
COUNTRIES = _bare(
    "ISO 3166-1 alpha-2 country codes, and EU",
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET EU FI FJ FK FM FO
    FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM
    JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ
    MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE
    RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT
    TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
    """,
)

AGE_UNITS = CodeList(
    "UCUM units of age",
    {"{decade}": "decades", "a": "years", "mo": "months", "wk": "weeks", "d": "days", "h": "hours"},
)

# ICH's constrained list of units of time (1.26).
TIME_UNITS = CodeList(
    "ICH constrained UCUM units of time",
    {
        "a": "years",
        "mo": "months",
        "wk": "weeks",
        "d": "days",
        "h": "hours",
        "min": "minutes",
        "s": "seconds",
        "Ms": "megaseconds",
        "ks": "kiloseconds",
        "ms": "milliseconds",
        "us": "microseconds",
        "ns": "nanoseconds",
        "ps": "picoseconds",
    },
)
INTERVAL_UNITS = CodeList(
    "units of the interval between doses",
    {**TIME_UNITS.values, "{cyclical}": "cyclical", "{asnecessary}": "as necessary", "{total}": "in total"},
)
GESTATION_UNITS = CodeList(
    "UCUM units of gestation",
    {"mo": "months", "wk": "weeks", "d": "days", "{trimester}": "trimester"},
)

SEXES = CodeList("sexes", {"1": "male", "2": "female"})

# ICH's constrained list of dose units (1.25), with {DF} for a dosage form that UCUM has no unit for.
DOSE_UNITS = _bare(
    "ICH constrained UCUM dose units",
    """
    kg g mg ug ng pg mg/kg ug/kg mg/mL mg/m2 ug/m2 L mL uL Bq GBq MBq kBq Ci mCi uCi nCi mol mmol umol
    [iU] k[iU] M[iU] [iU]/kg meq % [drp] {DF}
    """,
)

# ISO 639-2 alpha-3, both the bibliographic and the terminology forms.
LANGUAGES = _bare(
    "ISO 639-2 alpha-3 language codes",
    """
    aar abk ace ach ada ady afa afh afr ain aka akk alb ale alg alt amh ang anp apa ara arc arg arm arn arp art
    arw asm ast ath aus ava ave awa aym aze bad bai bak bal bam ban baq bas bat bej bel bem ben ber bho bih bik
    bin bis bla bnt bod bos bra bre btk bua bug bul bur byn cad cai car cat cau ceb cel ces cha chb che chg chi
    chk chm chn cho chp chr chu chv chy cmc cnr cop cor cos cpe cpf cpp cre crh crp csb cus cym cze dak dan dar
    day del den deu dgr din div doi dra dsb dua dum dut dyu dzo efi egy eka ell elx eng enm epo est eus ewe ewo
    fan fao fas fat fij fil fin fiu fon fra fre frm fro frr frs fry ful fur gaa gay gba gem geo ger gez gil gla
    gle glg glv gmh goh gon gor got grb grc gre grn gsw guj gwi hai hat hau haw heb her hil him hin hit hmn hmo
    hrv hsb hun hup hye iba ibo ice ido iii ijo iku ile ilo ina inc ind ine inh ipk ira iro isl ita jav jbo jpn
    jpr jrb kaa kab kac kal kam kan kar kas kat kau kaw kaz kbd kha khi khm kho kik kin kir kmb kok kom kon kor
    kos kpe krc krl kro kru kua kum kur kut lad lah lam lao lat lav lez lim lin lit lol loz ltz lua lub lug lui
    lun luo lus mac mad mag mah mai mak mal man mao map mar mas may mdf mdr men mga mic min mis mkd mkh mlg mlt
    mnc mni mno moh mon mos mri msa mul mun mus mwl mwr mya myn myv nah nai nap nau nav nbl nde ndo nds nep new
    nia nic niu nld nno nob nog non nor nqo nso nub nwc nya nym nyn nyo nzi oci oji ori orm osa oss ota oto paa
    pag pal pam pan pap pau peo per phi phn pli pol pon por pra pro pus que raj rap rar roa roh rom ron
    rum run rup rus sad sag sah sai sal sam san sas sat scn sco sel sem sga sgn shn sid sin sio sit sla slk slo
    slv sma sme smi smj smn smo sms sna snd snk sog som son sot spa sqi srd srn srp srr ssa ssw suk sun sus sux
    swa swe syc syr tah tai tam tat tel tem ter tet tgk tgl tha tib tig tir tiv tkl tlh tli tmh tog ton tpi tsi
    tsn tso tuk tum tup tur tut tvl twi tyv udm uga uig ukr umb und urd uzb vai ven vie vol vot wak wal war was
    wel wen wln wol xal xho yao yap yid yor ypk zap zbl zen zgh zha zho znd zul zun zxx zza
    """,
)
