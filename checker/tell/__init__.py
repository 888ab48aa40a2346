"""An answer told: as JSON, and as lines for a terminal."""
