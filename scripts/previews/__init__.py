"""What ``scripts/preview`` does to a built site."""
