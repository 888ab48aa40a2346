"""One address: the conversation with it, and what was seen there. Nothing of who asked, or why."""
