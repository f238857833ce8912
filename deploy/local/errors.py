"""What a launch can fail of is told in one line that says what to do about it."""


class LaunchError(Exception):
    """The suite cannot be started, or a part of it ended; the message is one line and names the cure."""
