"""Unlocks every locked user of a role, one after the other: the job as an administrator writes it with requests."""

import os
import sys

import requests

URL = os.environ["RUNBOOK_CONSOLE_URL"]
ROLE = sys.argv[1]

session = requests.Session()
session.auth = (os.environ["RUNBOOK_CONSOLE_USER"], os.environ["RUNBOOK_CONSOLE_PASSWORD"])
session.verify = os.environ.get("RUNBOOK_CONSOLE_CA", True)

locked = []
page, pages = 0, 1
while page < pages:
    params = {"page": page, "size": 500, "sort": "id,ASC"}
    reply = session.get(f"{URL}/api/3/users", params=params, timeout=30)
    reply.raise_for_status()
    body = reply.json()
    locked += [user for user in body["resources"] if user["role"]["id"] == ROLE and user["locked"]]
    page, pages = page + 1, body["page"]["totalPages"]

unlocked = []
for user in locked:
    if not user["enabled"]:
        continue
    session.delete(f"{URL}/api/3/users/{user['id']}/lock", timeout=30).raise_for_status()
    unlocked.append(user["login"])
print(f"unlocked {len(unlocked)} users")
