"""Reads one user again and again over one kept connection with Python's own http.client; prints the seconds it took."""

import http.client
import json
import sys
import time

host, port, path, count, authorization, agent = sys.argv[1:]
headers = {"Authorization": authorization, "Accept": "application/json", "User-Agent": agent}
started = time.perf_counter()
connection = http.client.HTTPConnection(host, int(port))
for _ in range(int(count)):
    connection.request("GET", path, headers=headers)
    reply = connection.getresponse()
    body = reply.read()
    if reply.status != 200:
        sys.exit(f"the console answered {reply.status}")
    user = json.loads(body)
print(time.perf_counter() - started)
