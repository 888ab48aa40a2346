"""Many domains: a list becomes a run, a run answers, and answers a report for the sender's desk."""
