"""Ways to run the function: a container, AWS Lambda, a systemd service."""
