"""Flask writes JSON with orjson: UTF-8 as it is, not as escapes."""

from typing import Any

import orjson
from flask.json.provider import JSONProvider


class OrjsonProvider(JSONProvider):
    """JSON by orjson. Bodies of reports are not read here but by ``intake.api.json_body``."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """Return the object as JSON."""
        return orjson.dumps(obj).decode()

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Return what the JSON says."""
        return orjson.loads(s)
