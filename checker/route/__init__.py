"""Where a mail goes: mail servers, TLSA records, and what MTA-STS says of them."""
