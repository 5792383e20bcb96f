"""What a call from Lua costs with lupa: lupa_call.py function|coroutine CALLS

A Lua script calls a function of Python's so often, or yields as often to Python, which answers. Prints the seconds that
one call took. The reply is a table, as the product's is; Python makes it of JSON, as a program does that has asked a
server.
"""

from __future__ import annotations

import json
import sys
import time

from lupa.lua54 import LuaRuntime

REPLY = '{"id":7,"login":"ada","name":"Ada","enabled":true,"locked":false}'


def main() -> None:
    """Measures so many calls in one of the two ways."""
    way, calls = sys.argv[1], int(sys.argv[2])
    lua = LuaRuntime(unpack_returned_tuples=True)
    made = 0

    def get(number: int) -> object:
        nonlocal made
        made += number == 7
        return lua.table_from(json.loads(REPLY))

    if way == "function":
        script = lua.eval("function(get, calls) for _ = 1, calls do get(7) end end")
        started = time.perf_counter()
        script(get, calls)
    else:
        script = lua.eval("function(calls) for _ = 1, calls do coroutine.yield(7) end end").coroutine(calls)
        started = time.perf_counter()
        argument = next(script)
        try:
            while True:
                argument = script.send(get(argument))
        except StopIteration:
            pass
    taken = time.perf_counter() - started
    if made != calls:
        raise SystemExit(f"{made} of {calls} calls were made")
    print(taken / calls)


main()
