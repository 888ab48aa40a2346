"""Keeps the function of no use to an attacker, and fair to visitors and mail servers."""
