"""Real senders say their ClientHellos, and ours are held against them."""
