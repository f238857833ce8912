"""Every source's opinion on a drug and a reaction is told; none takes another's place (ICH E2B(R3), G.k.9.i.2.r).

Both the sponsor's and the investigator's are given where they differ (Regulation (EU) 536/2014, Annex III, 4). What was
received goes on as it was received, in its words and codes, with a person's correction beside it: it is what somebody
else judged. Only what was not received is added.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import msgspec

from reporting.domain.overlay import onward_id, placed_id
from reporting.domain.values import Findings
from shared.contracts import clinical, codes
from shared.contracts.code_lists import CausalityResult, CausalitySource, DrugRole
from shared.contracts.opinions import folded, received
from shared.icsr.elements.g_matrix import Assessment, DrugReaction
from shared.icsr.model.message import Drug

_RESULTS = {CausalityResult.RELATED: "Related", CausalityResult.NOT_RELATED: "Not related"}
# FDA's words for an IND's reports, and its method, by which it knows them from others (R0085 to R0087).
_IND_RESULTS = {CausalityResult.RELATED: "Suspected", CausalityResult.NOT_RELATED: "Not Suspected"}
_IND_METHOD = "FDA"
_SUSPECTED = {codes.ROLES[DrugRole.SUSPECT], codes.ROLES[DrugRole.INTERACTING], None}


@dataclass(frozen=True, slots=True)
class Entry:
    """A drug of the case and of the message, and the names under which it was judged."""

    place: int
    drug: Drug
    names: frozenset[str]

    @property
    def name(self) -> str:
        """Entries of one name are one product: it is judged once."""
        return folded(str(self.drug.name or self.place))


def entry_of(place: int, stated: clinical.Drug, known: Drug | None, drug: Drug) -> Entry:
    """``known`` is the drug as it was received, perhaps under another name."""
    names = (stated.name, str(known.name) if known else None, *stated.substances)
    return Entry(place, drug, frozenset(folded(each) for each in names if each))


def reaction_id(reaction: clinical.Reaction, place: int) -> str | None:
    """Return the id by which a drug's entry names a reaction (G.k.9.i.1); one that nobody judged needs none."""
    return onward_id(reaction.received_id) or (placed_id("reaction", place) if reaction.causality else None)


def judged(
    content: clinical.CaseContent, entries: Sequence[Entry], pre_market: bool, found: Findings
) -> tuple[Drug, ...]:
    """Return the drugs with the opinions of the case that were not received; of a drug that is none of them, in H.4."""
    drugs = {each.place: each.drug for each in entries}
    known = {(entry.name, *opinion) for entry in entries for opinion in _received(entry.drug)}
    for i, reaction in enumerate(content.reactions):
        reaction_ = str(reaction_id(reaction, i))
        for given in reaction.causality:
            meant = _meant(given, entries)
            opinion = msgspec.structs.replace(given, drug=None)
            if not meant:
                found.remark(_in_words(given, reaction, i))
            for entry in meant:
                if (entry.name, reaction_, opinion) not in known:
                    drugs[entry.place] = _with(drugs[entry.place], entry.place, reaction_, opinion, pre_market)
    return tuple(drugs.values())


def _received(drug: Drug) -> Iterator[tuple[str, clinical.Causality]]:
    for link in drug.reactions:
        for each in link.assessments:
            yield str(link.reaction), received(each, None)


def _meant(given: clinical.Causality, entries: Sequence[Entry]) -> list[Entry]:
    """The drugs that an opinion is of, the first entry of each; without a name it is of every suspect one."""
    named = folded(given.drug)
    fit = [each for each in entries if (named in each.names if named else each.drug.role in _SUSPECTED)]
    return list({each.name: each for each in reversed(fit)}.values())[::-1]


def _with(drug: Drug, place: int, reaction: str, given: clinical.Causality, pre_market: bool) -> Drug:
    links, told = list(drug.reactions), _assessment(given, pre_market)
    at = next((n for n, link in enumerate(links) if link.reaction == reaction), None)
    if at is None:
        links.append(DrugReaction(reaction=reaction, assessments=(told,)))
    else:
        links[at] = replace(links[at], assessments=_placed(links[at].assessments, told, given))
    return replace(drug, id=drug.id or placed_id("drug", place), reactions=tuple(links))


def _placed(assessments: tuple[Assessment, ...], told: Assessment, given: clinical.Causality) -> tuple[Assessment, ...]:
    """The result of the EU's code list does not go to others: what was received of its assessment gets it in words."""
    without = msgspec.structs.replace(given, result=None, result_text=None)
    gap = next((n for n, each in enumerate(assessments) if received(each, None) == without), None)
    if gap is None:
        return (*assessments, told)
    filled = replace(assessments[gap], method=told.method, result=told.result)
    return (*assessments[:gap], filled, *assessments[gap + 1 :])


def _assessment(given: clinical.Causality, pre_market: bool) -> Assessment:
    ours = pre_market and given.source is CausalitySource.SPONSOR
    words = (_IND_RESULTS if ours else _RESULTS)[given.result] if given.result else None
    return Assessment(
        source=given.source.capitalize() if given.source else None,
        method=given.method or (_IND_METHOD if ours else None),
        result=words if ours and words else given.result_text or words,
    )


def _in_words(given: clinical.Causality, reaction: clinical.Reaction, place: int) -> str:
    of = f'reaction "{reaction.verbatim}"' if reaction.verbatim else f"reaction {place + 1}"
    said = given.result_text or (_RESULTS[given.result].lower() if given.result else "no result was stated")
    with_ = f'with "{given.drug}", which is no drug of this case' if given.drug else "with no drug that is suspect"
    return f"Assessed by {given.source or 'a source not stated'}: {of} {with_}: {said}."
