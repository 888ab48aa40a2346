"""Rows of the lab's table where one sender's server does otherwise than another's."""
