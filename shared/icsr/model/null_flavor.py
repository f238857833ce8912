"""ICH lets a sender say why a value is missing: the nullFlavor (implementation guide v5.03, section 3.3.6).

A value, a nullFlavor and an absence are three different statements. In the model they are, in that order, a plain
value, a member of this enumeration and `None`; the enumeration is not a string, so none can pass for another.
"""

from __future__ import annotations

from enum import Enum


class NullFlavor(Enum):
    """Why a value is missing; the member's value is the code in the XML."""

    NI = "NI"  # nothing is known about the value, nor why
    MSK = "MSK"  # known to the sender, withheld (privacy)
    UNK = "UNK"  # a proper value exists, the sender does not know it
    NA = "NA"  # no value can apply here
    ASKU = "ASKU"  # asked for, the source did not know
    NASK = "NASK"  # nobody asked
    NINF = "NINF"  # minus infinity, for open results
    PINF = "PINF"  # plus infinity, for open results
    OTH = "OTH"  # the value is not in the list (FDA's elements only)
    # HL7 has more, which ICH allows nowhere; they are read, so that what a sender said is not lost.
    NAV = "NAV"
    DER = "DER"
    UNC = "UNC"
    INV = "INV"
    QS = "QS"
    TRC = "TRC"
