"""A message that carries a received report is kept with what it left out, and its file says the rest."""

from typing import Any

from reporting.store.documents import MessageDocument
from shared.contracts.carried import carried_elements
from shared.contracts.message_built import MessageBuilt
from shared.icsr.api import read
from shared.icsr.element import lexical
from shared.icsr.rules.carry import NOT_OURS
from tests.integration.reporting.office import Office
from tests.unit.reporting.cases import NOW, approved
from tests.unit.reporting.received import NOT_AFTER_MARKETING, content_of, whole

REPORT = whole()


def test_what_was_received_lies_in_the_outgoing_folder_and_what_was_left_out_in_the_record(office: Office) -> None:
    message = office.built(approved(content_of(REPORT), made_at=NOW))
    office.send()
    [sent] = office.files().values()
    assert sent == message.content
    [report] = [each.report for each in read(sent).messages]
    told = {each.location: each for each in carried_elements(report) if not each.element.refers}
    for each in carried_elements(REPORT):
        if not each.element.refers and each.element.authority != "EU" and each.element.id not in NOT_AFTER_MARKETING:
            assert lexical(told[each.location].value) == lexical(each.value), each.location
    assert message.left_out
    not_so = {"FDA.R0072", "FDA.R0107", "FDA.R0108", "FDA.R0109"}  # no similar device, and not before marketing
    assert {each.rule_id for each in message.left_out} == {NOT_OURS, *not_so}
    row: dict[str, Any] | None = office.database["messages"].find_one({})
    assert row is not None
    MessageDocument._from_son(row).validate()
    assert len(row["left_out"]) == len(message.left_out)
    assert row["outbox"][0]["event"]["data"]["left_out"] == row["left_out"]


def test_the_answer_says_what_was_left_out_again(office: Office) -> None:
    body = approved(content_of(REPORT), made_at=NOW)
    assert office.built(body) == office.built(body)
    [pending] = list(office.messages.outboxes[0].due(office.clock.now()))
    assert len(pending.event.body(MessageBuilt).left_out) == 25  # 20 of the EU
