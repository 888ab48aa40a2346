"""Checks the domains that are named, and waits whenever it is asked to."""

import json
import sys
import time
from urllib.error import HTTPError
from urllib.request import Request, urlopen

CHECK = "https://check.example.org/api/v1/check"


def check(domain):
    body = json.dumps({"domain": domain}).encode()
    request = Request(CHECK, body, {"Content-Type": "application/json"})
    while True:
        try:
            with urlopen(request, timeout=40) as response:
                return json.load(response)
        except HTTPError as error:
            wait = error.headers["Retry-After"]
            if wait is None:
                return json.load(error)
            time.sleep(int(wait))


for domain in sys.argv[1:]:
    answer = check(domain)
    if "outcome" in answer:
        print(domain, answer["outcome"], answer["problems"][0]["id"])
    else:
        print(domain, answer["title"], answer.get("reason", ""))
