"""What an operator's server does with a mail: its habits, its walk, and what comes of it."""
