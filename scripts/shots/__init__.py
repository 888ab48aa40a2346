"""Pictures of the check in all its states, for those who change how it looks."""
