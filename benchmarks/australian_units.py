"""Australian units of competency, as another project has them in JSON, in the JSON that this program reads.

python benchmarks/australian_units.py units.json > units-read.json

An element of a unit becomes a task, numbered as in the unit, and its performance criteria activities.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from ontology.json_form import to_json
from ontology.model import Activity, Standard, Task


def standard_of(unit: dict[str, Any]) -> Standard:
    tasks = tuple(
        Task(
            str(at),
            element["name"],
            activities=tuple(
                Activity(f"{at}.{number}", " ".join(text.split()))
                for number, text in enumerate(element["pc"], 1)
            ),
        )
        for at, element in enumerate(unit["EPC"], 1)
    )
    return Standard(framework="au", code=unit["code"], name=unit["name"], language="en", tasks=tasks)


def main() -> None:
    units = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    json.dump([to_json(standard_of(unit)) for unit in units], sys.stdout, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
