"""The forms in which a check's answer is given."""
