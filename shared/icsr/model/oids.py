"""A code means something only together with the root of its list (guide v5.03, section 3.2, tables 1 to 8)."""

from __future__ import annotations

import re

# What the schema takes for a root or a code system (datatypes-base.xsd, uid): an OID, a UUID or a name of HL7's own.
UID = re.compile(
    r"[0-2](\.(0|[1-9]\d*))*|[\dA-Za-z]{8}(-[\dA-Za-z]{4}){3}-[\dA-Za-z]{12}|[A-Za-z][A-Za-z\d-]*", re.ASCII
)

# Short names for use in places; those that end in a colon are beginnings.
OID_ROOTS = {
    "ich:": "2.16.840.1.113883.3.989.2.1.",
    "fda:": "2.16.840.1.113883.3.989.5.1.2.",
    "eu:": "2.16.840.1.113883.3.989.5.1.1.",
    "meddra": "2.16.840.1.113883.6.163",
    "ncit": "2.16.840.1.113883.3.26.1.1",
    "country": "1.0.3166.1.2.2",
    "sex": "1.0.5218",
    "route": "0.4.0.127.0.16.1.1.2.6",
    "dose-form": "0.4.0.127.0.16.1.1.2.1",
    "hl7-interaction": "2.16.840.1.113883.1.6",
    "hl7-trigger": "2.16.840.1.113883.1.18",
    "hl7-act": "2.16.840.1.113883.5.4",
    "hl7-role": "2.16.840.1.113883.5.111",
    "hl7-interpretation": "2.16.840.1.113883.5.83",
}


def oid(name: str) -> str:
    """Write out a short name of `OID_ROOTS`; anything else is returned as it is."""
    if name in OID_ROOTS:
        return OID_ROOTS[name]
    prefix = name[: name.find(":") + 1]
    return OID_ROOTS[prefix] + name[len(prefix) :] if prefix in OID_ROOTS else name
