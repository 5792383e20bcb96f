"""What calls are answered with, made in the same way each time."""

import json
from pathlib import Path


def _user(number: int) -> dict[str, object]:
    address = f"https://console.example.org/api/3/users/{number}"
    return {
        "authentication": {"external": False, "id": 2, "name": "Builtin Users", "type": "normal"},
        "email": f"user.{number:05}@example.org",
        "enabled": True,
        "id": number,
        "links": [{"href": address, "rel": "self"}, {"href": f"{address}/sites", "rel": "Sites"}],
        "locale": {"default": "en-US", "reports": "en-US"},
        "locked": number % 10 == 0,
        "login": f"user.{number:05}",
        "name": f"User Number {number:05}",
        "role": {
            "allAssetGroups": True,
            "allSites": True,
            "id": "user",
            "name": "User",
            "privileges": ["create-reports", "view-asset-group-asset-data"],
            "superuser": False,
        },
    }


def write(folder: Path) -> None:
    """Writes the files that `Work.reply` names."""
    page = {
        "links": [],
        "page": {"number": 0, "size": 500, "totalPages": 1, "totalResources": 500},
        "resources": [_user(10_000 + number) for number in range(500)],
    }
    for name, value in {"user.json": _user(10_007), "page.json": page}.items():
        (folder / name).write_text(json.dumps(value, separators=(",", ":")))
