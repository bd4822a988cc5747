"""The fingerprint of a result's inputs: it changes with any number or name of plan or economy."""

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from planboard.economy import Conversions, Economy
from planboard.economy_folder import folder_hash
from planboard.plan import Plan


def fingerprint(economy: Economy, plan: Plan) -> str:
    """SHA-256 of everything that the result depends on: the plan and every number and name."""
    digest = hashlib.sha256(plan_json(plan))
    for accounts in economy.regions:
        for name in accounts.__dataclass_fields__:
            _feed(digest.update, name, getattr(accounts, name))
    names = [economy.name, str(economy.base_year), economy.coverage, *economy.partners]
    digest.update(json.dumps(names).encode())
    for records in (economy.products, economy.factors, economy.categories, economy.kinds):
        digest.update(repr(records).encode())
    return digest.hexdigest()


def inputs_hash(folder: Path) -> str:
    """SHA-256 of the plan and economy as they stand in a result folder."""
    digest = hashlib.sha256((folder / "plan.json").read_bytes())
    digest.update(folder_hash(folder / "economy").encode())
    return digest.hexdigest()


def _feed(update: Callable[[bytes], None], name: str, value: Any) -> None:
    update(name.encode())
    if isinstance(value, Conversions):
        value = {key: getattr(value, key) for key in value.__dataclass_fields__}
    if isinstance(value, Mapping):
        for key, part in value.items():
            _feed(update, key, part)
    elif isinstance(value, str | tuple):
        update(repr(value).encode())
    else:
        dense = value.toarray() if hasattr(value, "toarray") else value
        update(np.ascontiguousarray(dense, dtype=np.float64).tobytes())


def plan_json(plan: Plan) -> bytes:
    """The plan as JSON, without the places of its entries in a file."""
    return TypeAdapter(Plan).dump_json(plan.with_changes(places={}), indent=1)
