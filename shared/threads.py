"""What must be done before a process has threads.

msgspec (0.22) builds what it knows of a struct type when the type is first converted to; two threads that are first
together crash the process. So whoever converts in a server's threads names the types when its module is imported.
"""

import msgspec


def prepare(*types: object) -> None:
    """Build what msgspec knows of these types, and of every type within them, now."""
    for each in types:
        msgspec.json.Decoder(each)
