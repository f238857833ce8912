"""A reference file is read once, checked, and refused by its name with what it should be."""


class ReferenceFileError(Exception):
    """A reference file is missing or wrong; the message names it and says what it should be."""
