"""A combination product has device parts, and FDA asks what became of each (FDA regional guide, FDA.G.k.12.r)."""

# ruff: noqa: RUF009 - the calls in the class bodies declare dataclass fields, and run once on import

from __future__ import annotations

from dataclasses import dataclass

from shared.icsr.declare import code, flag, many, text
from shared.icsr.element import CONDITIONAL, Code, Flag, Text
from shared.icsr.model.codes import COUNTRIES, CodeList

_MADE = "partProduct/asManufacturedProduct"
_MAKER = _MADE + "/manufacturerOrganization"
_TRAIT = "subjectOf/characteristic[code={}]/value[@xsi:type={}]"
_TRAITS = _MADE + "/subjectOf*/characteristic[code={}@ncit]"


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowUpType:
    """FDA.G.k.12.r.2.r: why the report on the device follows an earlier one."""

    code: Code = code(
        "FDA.G.k.12.r.2.r",
        "If follow-up, what type?",
        "value[@xsi:type=CE][@codeSystem=fda:1.1.5]/@code",
        1,
        CodeList(
            "types of device follow-up",
            {
                "1": "correction",
                "2": "additional information",
                "3": "response to FDA request",
                "4": "device evaluation",
            },
        ),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceProblem:
    """FDA.G.k.12.r.3.r: what was wrong with the device, from FDA's list."""

    code: Code = text(
        "FDA.G.k.12.r.3.r",
        "Device problem code",
        "value[@xsi:type=CE][@codeSystem=ncit]/@code",
        7,
        CONDITIONAL,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class RemedialAction:
    """FDA.G.k.12.r.11.r: what was done about it."""

    code: Code = code(
        "FDA.G.k.12.r.11.r",
        "Remedial action initiated",
        "value[@xsi:type=CE][@codeSystem=fda:1.1.3]/@code",
        1,
        CodeList(
            "remedial actions",
            {
                "1": "recall",
                "2": "repair",
                "3": "replacement",
                "4": "relabeling",
                "5": "notification",
                "6": "inspection",
                "7": "patient monitoring",
                "8": "modification or adjustment",
                "9": "other",
            },
        ),
        CONDITIONAL,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Device:
    """FDA.G.k.12.r: one device part of a combination product."""

    malfunction: Flag = flag(
        "FDA.G.k.12.r.1", "Malfunction", f"{_MADE}/{_TRAIT.format('C54026@ncit', 'BL')}/@value", CONDITIONAL
    )
    follow_up_types: tuple[FollowUpType, ...] = many(
        FollowUpType, "FDA.G.k.12.r.2.r", "If follow-up, what type?", _TRAITS.format("C54592")
    )
    problems: tuple[DeviceProblem, ...] = many(
        DeviceProblem, "FDA.G.k.12.r.3.r", "Device problem code", _TRAITS.format("C54451")
    )
    brand_name: Text = text("FDA.G.k.12.r.4", "Device brand name", "partProduct/name[1]/text()", 80, CONDITIONAL, "NI")
    common_name: Text = text(
        "FDA.G.k.12.r.5", "Common device name", "partProduct/name[2]/text()", 80, CONDITIONAL, "NI"
    )
    product_code: Code = text(
        "FDA.G.k.12.r.6", "Device product code", "partProduct/code[@codeSystem=ncit]/@code", 10, CONDITIONAL
    )
    manufacturer: Text = text("FDA.G.k.12.r.7.1a", "Device manufacturer name", _MAKER + "/name/text()", 100)
    manufacturer_address: Text = text(
        "FDA.G.k.12.r.7.1b", "Device manufacturer address", _MAKER + "/addr/streetAddressLine/text()", 100
    )
    manufacturer_city: Text = text("FDA.G.k.12.r.7.1c", "Device manufacturer city", _MAKER + "/addr/city/text()", 35)
    manufacturer_state: Text = text("FDA.G.k.12.r.7.1d", "Device manufacturer state", _MAKER + "/addr/state/text()", 40)
    manufacturer_country: Text = text(
        "FDA.G.k.12.r.7.1e", "Device manufacturer country", _MAKER + "/addr/country/text()", 2, codes=COUNTRIES
    )
    usage: Code = code(
        "FDA.G.k.12.r.8",
        "Device usage",
        f"{_MADE}/{_TRAIT.format('C54595@ich:1.19', 'CE')}[@codeSystem=fda:1.1.4]/@code",
        1,
        CodeList("device usages", {"1": "initial use of device", "2": "reuse", "3": "unknown"}),
    )
    lot_number: Text = text(
        "FDA.G.k.12.r.9",
        "Device lot number",
        "partProduct/instanceOfKind/productInstanceInstance/lotNumberText/text()",
        100,
    )
    operator: Code = code(
        "FDA.G.k.12.r.10",
        "Operator of the device",
        _MADE + "/subjectOf[~characteristic/code/@codeSystem=fda:1.1.6]"
        "/characteristic/code[@codeSystem=fda:1.1.6]/@code",
        1,
        CodeList("device operators", {"1": "health professional", "2": "lay user / patient", "3": "other"}),
    )
    remedial_actions: tuple[RemedialAction, ...] = many(
        RemedialAction, "FDA.G.k.12.r.11.r", "Remedial action initiated", _TRAITS.format("C54594")
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class CombinationProduct:
    """FDA.G.k.10.1 and FDA.G.k.12: what FDA asks of a drug that comes with a device."""

    category: Code = text(
        "FDA.G.k.10.1",
        "FDA specialized product category",
        "asManufacturedProduct/subjectOf/characteristic[code=C94031@ncit]/value[@xsi:type=CE][@codeSystem=ncit]/@code",
        10,
    )
    devices: tuple[Device, ...] = many(Device, "FDA.G.k.12.r", "Device", "part*")
