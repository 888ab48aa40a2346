"""Real mail servers send real mail to the lab, and the checker has to have foretold it."""
