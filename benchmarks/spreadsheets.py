"""How long a workbook takes to be read, and the memory for it: this program's reader beside libraries.

    pip install openpyxl python-calamine
    for reader in own openpyxl calamine; do python benchmarks/spreadsheets.py $reader FILE.xlsx…; done

One reader a run, so that the memory is its own. Time is that of the processor.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ontology.readers.archive import Archive
from ontology.readers.limits import Limits
from ontology.readers.spreadsheets import Workbook

if TYPE_CHECKING:
    from collections.abc import Callable


def own(path: Path) -> int:
    workbook = Workbook(Archive(path.read_bytes(), path.name, Limits()), path.name)
    return sum(1 for sheet in workbook.sheets for _ in workbook.rows(sheet))


def openpyxl(path: Path) -> int:
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True)
    count = sum(1 for sheet in book.worksheets for _ in sheet.iter_rows(values_only=True))
    book.close()
    return count


def calamine(path: Path) -> int:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    return sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)


READERS: dict[str, Callable[[Path], int]] = {"own": own, "openpyxl": openpyxl, "calamine": calamine}


def main() -> None:
    reader = READERS[sys.argv[1]]
    begin = time.process_time()
    rows = sum(reader(Path(name)) for name in sys.argv[2:])
    seconds = time.process_time() - begin
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{sys.argv[1]}: {rows} rows in {seconds:.1f} s, {rows / seconds:.0f} rows/s, {memory:.0f} MB")


if __name__ == "__main__":
    main()
