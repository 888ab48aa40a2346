"""Reads the logs of mail servers: whom the mail did not reach, and whom a new policy would lose.

Pure but for the files that it reads; a module for each mail server behind one seam, ``Part``.
"""
