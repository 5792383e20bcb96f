"""How quick a JSON library of Python's is: json_codec.py json|orjson decode|encode FILE GOES

Prints the seconds that one go took.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any


def main() -> None:
    """Measures so many goes on the text in the file, or on what it stands for."""
    who, task, path, goes = sys.argv[1:]
    text = Path(path).read_bytes()
    if who == "orjson":
        import orjson

        decode, encode = orjson.loads, orjson.dumps
    else:
        decode = json.loads

        def encode(value: Any) -> bytes:
            return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    value = decode(text)
    work, argument = (encode, value) if task == "encode" else (decode, text)
    started = time.perf_counter()
    for _ in range(int(goes)):
        work(argument)
    print((time.perf_counter() - started) / int(goes))


main()
