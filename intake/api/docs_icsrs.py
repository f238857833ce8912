"""What the OpenAPI document says of files of E2B(R3) messages."""

from intake.api.docs_parts import Spec, failures, problem, reference, unauthenticated
from intake.config import ICSR_LIMIT
from intake.domain.icsr.files import MOST_MESSAGES

_REFUSALS = {
    400: "Not XML, hostile (a DOCTYPE, too deep, too much), or no batch of messages. What came is kept for a person.",
    413: f"The file has more bytes than are taken, {ICSR_LIMIT:,} unless set otherwise. What came of it is kept.",
    415: "Content-Type is neither application/xml nor text/xml, or the body is encoded. What came is kept.",
    422: "The wrapper is written to a draft of the guide, so that no message in it can be answered. What came is kept.",
}
_TEXT: Spec = {"type": "string"}
_FILE: Spec = {"type": "string", "description": "An ICH E2B(R3) batch: MCCI_IN200100UV01 with its messages."}
_ACKNOWLEDGEMENT: Spec = {"type": "string", "description": "Its acknowledgement: MCCI_IN200101UV01."}

SCHEMAS: dict[str, Spec] = {
    "File": {
        "type": "object",
        "required": ["file_id", "received_at", "zone", "sponsor", "receipts", "messages"],
        "additionalProperties": False,
        "properties": {
            "file_id": _TEXT,
            "received_at": {**_TEXT, "format": "date-time", "description": "With the receiving site's offset."},
            "zone": {**_TEXT, "description": "IANA zone of the receiving site."},
            "sponsor": {**_TEXT, "description": "The scope of its reports; unassigned where none was usable."},
            "receipts": {"type": "integer", "minimum": 1, "description": "How often these bytes came."},
            "code": {"type": "string", "enum": ["AA", "AE", "AR"], "description": "ACK.A.4; absent until answered."},
            "messages": {"type": "array", "items": reference("Message")},
        },
    },
    "Message": {
        "type": "object",
        "description": "What became of one message: a report, or a refusal that a person looks at.",
        "required": ["number", "code", "repeat"],
        "additionalProperties": False,
        "properties": {
            "number": {"type": "integer", "minimum": 1, "description": "Its place in the file."},
            "code": {"type": "string", "enum": ["CA", "CR"], "description": "ACK.B.r.6."},
            "repeat": {"type": "boolean", "description": "The report was held before."},
            "report_id": _TEXT,
            "status_url": _TEXT,
            "refusal_id": _TEXT,
        },
    },
}


def paths() -> Spec:
    """Return the routes of files."""
    return {"/v1/icsrs": {"post": _post()}, "/v1/icsrs/{file_id}": {"get": _get()}}


def _post() -> Spec:
    sponsor = "Short name of the sponsor in this installation; without one the reports wait as unassigned."
    return {
        "operationId": "postIcsrs",
        "security": [{"key": []}],
        "tags": ["icsrs"],
        "summary": "Send a file of E2B(R3) messages",
        "description": (
            "Each message that tells anything clinical becomes a report (CA), whatever breaks a rule in it: findings "
            f"are told in ACK.B.r.7 and kept as queries. Up to {MOST_MESSAGES:,} messages are taken at once. The same "
            "bytes sent again get the same answer."
        ),
        "parameters": [
            {"name": "sponsor", "in": "query", "required": False, "description": sponsor, "schema": _TEXT},
        ],
        "requestBody": {
            "required": True,
            "content": {"application/xml": {"schema": _FILE}, "text/xml": {"schema": _FILE}},
        },
        "responses": {
            "200": {
                "description": "The file and every message that is accepted are durable.",
                "headers": {
                    "Location": {"description": "Where its status is.", "schema": _TEXT},
                    "Idempotency-Replayed": {
                        "description": "true where these bytes came before.",
                        "schema": {"type": "string", "enum": ["true"]},
                    },
                },
                "content": {"application/xml": {"schema": _ACKNOWLEDGEMENT}},
            },
            **{str(status): problem(words, "RefusedReport") for status, words in _REFUSALS.items()},
            **unauthenticated(),
            **failures("Not every message may have been kept; send the file again."),
        },
    }


def _get() -> Spec:
    words = "The id in the Location of the answer."
    return {
        "operationId": "getFile",
        "security": [{"key": []}],
        "tags": ["icsrs"],
        "summary": "Ask what became of a file",
        "parameters": [{"name": "file_id", "in": "path", "required": True, "description": words, "schema": _TEXT}],
        "responses": {
            "200": {
                "description": "Its messages, never their content.",
                "headers": {"Cache-Control": {"schema": {"type": "string", "enum": ["no-store"]}}},
                "content": {"application/json": {"schema": reference("File")}},
            },
            "404": problem("There is no file with this id."),
            **unauthenticated(),
            **failures("Ask again."),
        },
    }
