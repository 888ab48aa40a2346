"""What is taken from npm, and how to run it."""
