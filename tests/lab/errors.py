"""What the lab reports when it cannot work here."""


class LabError(Exception):
    """One line that says what is missing or in the way."""
