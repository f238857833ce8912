"""What points to a serious event asks for a look; what is denied or long past does not, and nothing is ever lowered."""

from pathlib import Path

import pytest

from shared.contracts.clinical import CaseContent, Patient, Reaction
from shared.contracts.code_lists import Criterion
from tests.builders import a_content, a_reaction, assessed
from triage.domain.cues import Raising, said_in
from triage.domain.determination import Determination
from triage.domain.seriousness import determine
from triage.reference.files import ReferenceFileError, read_raising

RAISING, _ = read_raising({})
SAID = {
    "The patient died at home.": {Criterion.DEATH},
    "She did not die. Autopsy: no.": set(),
    "He was hospitalised for three days.": {Criterion.HOSPITALISATION},
    "He was hospitalized and intubated.": {Criterion.HOSPITALISATION, Criterion.LIFE_THREATENING},
    "He was not hospitalised.": set(),
    "Denies hospitalization.": set(),
    "Hospitalisation was not required.": {Criterion.HOSPITALISATION} - {Criterion.HOSPITALISATION},
    "History of hospitalisation.": set(),
    "No fever. Admitted to intensive care.": {Criterion.HOSPITALISATION},
    "The rash was mild and went away.": set(),
    "A cardiac arrest followed.": {Criterion.LIFE_THREATENING},
    "No cardiac arrest, no admission.": set(),
    "She is in a wheelchair since.": {Criterion.DISABILITY},
    "The child has a congenital heart defect.": {Criterion.CONGENITAL_ANOMALY},
}


@pytest.mark.parametrize("narrative", SAID)
def test_what_a_narrative_says_of_a_criterion(narrative: str) -> None:
    found = said_in(CaseContent(narrative=narrative))
    assert {cue.criterion for cue in found} == SAID[narrative]
    assert all(cue.pointer == "/narrative" and cue.excerpt for cue in found)


def listed(name: str, file: Path) -> Raising:
    """Return what raises by an operator's list, without the weights."""
    return Raising(lists=read_raising({name: file})[0].lists)


def judged(reaction: Reaction, narrative: str | None = None, raising: Raising = RAISING) -> Determination:
    (found,) = determine(CaseContent(reactions=(reaction,), narrative=narrative), raising)
    return found


def test_words_raise_what_is_said_to_be_non_serious_and_show_their_evidence() -> None:
    found = judged(Reaction(verbatim="fainting", serious=False), "She was admitted overnight.")
    assert (found.value, found.rule_id) == ("suspected", "SER-7")
    assert found.facts["said"] == ["hospitalisation at /narrative: She was admitted overnight."]
    assert "/reactions/0/held_non_serious" in found.reason


def test_a_person_may_hold_against_it() -> None:
    found = judged(Reaction(verbatim="fainting", serious=False, held_non_serious=True), "She was admitted overnight.")
    assert (found.value, found.rule_id) == ("non_serious", "SER-10")


def test_weights_speak_only_where_nothing_was_stated() -> None:
    found = judged(Reaction(verbatim="myocardial infarction"))
    assert (found.value, found.rule_id) == ("suspected", "SER-9")
    assert found.reason.startswith("Nothing was stated, and what was reported points to it: ")
    assert "infarct* +" in str(found.facts["weighed"])
    assert found.facts["weights"] == "2"
    assert judged(Reaction(verbatim="zxqv")).value == "not_stated"  # of an unknown word nothing is known
    assert judged(Reaction(verbatim="myocardial infarction", serious=False)).value == "non_serious"
    assert judged(Reaction(verbatim="dry mouth")).value == "not_stated"


def test_a_serious_event_explains_what_the_narrative_says() -> None:
    content = CaseContent(
        reactions=(a_reaction(), Reaction(verbatim="rash", serious=False)), narrative="She was hospitalised."
    )
    assert [found.value for found in determine(content, RAISING)] == ["serious", "non_serious"]


def test_a_listed_event_is_suspected(tmp_path: Path) -> None:
    file = tmp_path / "ime.txt"
    file.write_text("version 28.0\n# terms\nAgranulocytosis\t10001507\n", encoding="utf-8")
    lists = listed("IME", file)
    found = judged(Reaction(verbatim="agranulocytosis", serious=False), raising=lists)
    assert (found.value, found.rule_id, found.facts["lists"]) == ("suspected", "SER-8", ["IME 28.0"])
    assert judged(Reaction(verbatim="cough", serious=False), raising=lists).value == "non_serious"


def test_a_designated_medical_event_is_marked_whether_it_is_called_serious_or_not(tmp_path: Path) -> None:
    file = tmp_path / "dme.txt"
    file.write_text("version 2020\nAgranulocytosis\n", encoding="utf-8")
    lists = listed("DME", file)
    for serious, value in ((True, "serious_criterion_not_stated"), (False, "suspected")):
        found = judged(Reaction(verbatim="agranulocytosis", serious=serious), raising=lists)
        assert (found.value, found.facts["priority"]) == (value, "designated medical event, DME 2020")
    assert "priority" not in judged(Reaction(verbatim="cough"), raising=lists).facts


def test_a_list_without_a_version_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "ime.txt"
    file.write_text("Agranulocytosis\n", encoding="utf-8")
    with pytest.raises(ReferenceFileError, match=r"ime.txt:1: write 'version 28.0' first"):
        read_raising({"IME": file})


def test_what_was_reported_is_never_lowered() -> None:
    for reaction in (a_reaction(), a_reaction(criteria=()), Reaction(verbatim="rash", outcome=None, serious=True)):
        content = CaseContent(reactions=(reaction,), patient=Patient(death_date="2026"), narrative="She was fine.")
        assert determine(content, RAISING) == determine(content)


def test_without_cues_a_case_is_judged_as_before() -> None:
    assert assessed(a_content(narrative="He died.")).determinations == assessed(a_content()).determinations
