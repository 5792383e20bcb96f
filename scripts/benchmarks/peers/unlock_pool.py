"""The same with a pool of 16 threads that share a session with as many connections, for the pages too."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import requests
from requests.adapters import HTTPAdapter

URL = os.environ["RUNBOOK_CONSOLE_URL"]
ROLE = sys.argv[1]
THREADS = 16

session = requests.Session()
session.auth = (os.environ["RUNBOOK_CONSOLE_USER"], os.environ["RUNBOOK_CONSOLE_PASSWORD"])
session.verify = os.environ.get("RUNBOOK_CONSOLE_CA", True)
for scheme in ("http://", "https://"):
    session.mount(scheme, HTTPAdapter(pool_connections=1, pool_maxsize=THREADS))


def fetch(page):
    params = {"page": page, "size": 500, "sort": "id,ASC"}
    reply = session.get(f"{URL}/api/3/users", params=params, timeout=30)
    reply.raise_for_status()
    body = reply.json()
    users = [user for user in body["resources"] if user["role"]["id"] == ROLE and user["locked"]]
    return users, body["page"]["totalPages"]


def unlock(user):
    session.delete(f"{URL}/api/3/users/{user['id']}/lock", timeout=30).raise_for_status()
    return user["login"]


with ThreadPoolExecutor(THREADS) as pool:
    locked, pages = fetch(0)
    for users, _ in pool.map(fetch, range(1, pages)):
        locked += users
    unlocked = list(pool.map(unlock, [user for user in locked if user["enabled"]]))
print(f"unlocked {len(unlocked)} users")
