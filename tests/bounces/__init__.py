"""Reports of real mail servers about mail that they could not deliver to the lab."""
