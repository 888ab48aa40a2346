"""Real mail servers, set up wrongly and then as the pages show it, and what a check says."""
