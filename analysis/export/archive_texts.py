"""What an archive says of its files: what each is, how to make them again, and their checksums."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from analysis.cohort.model import Cohort
from analysis.cohort.rows_elsewhere import RowsElsewhere
from analysis.export.python_script import Origin, can_be_made_again
from analysis.export.report import Report
from analysis.figures.common.printable import printable
from analysis.version import VERSION

README, CHECKSUMS, REPRODUCE = "README.txt", "SHA256SUMS", "reproduce.py"


def read_me(report: Report, origin: Origin, told: Mapping[str, str]) -> str:
    """Return what each file of an archive is, and how to make the numbers and pictures again.

    Parameters
    ----------
    report
        The report.
    origin
        What its cohort was read from.
    told
        File name to what it is.
    """
    whole = report.asked.whole
    lines = [
        report.title,
        f"Cohort {whole.name}, fingerprint {whole.fingerprint[:12]}; version {VERSION}; {report.made_on:%Y-%m-%d}.",
        _data(report.asked.whole, origin),
        report.note,
        "",
        "Files",
        *(f"{name}  {what}" for name, what in told.items()),
        f"{CHECKSUMS}  Checksums of all files; sha256sum -c {CHECKSUMS} finds one that was changed",
        *(_again(origin) if can_be_made_again(report.asked.whole) else []),
    ]
    return "".join(f"{printable(line).rstrip()}\n" for line in lines)


def _data(whole: Cohort, origin: Origin) -> str:
    if isinstance(whole, RowsElsewhere) and not can_be_made_again(whole):
        return f"{whole.no_rows} So there is no script in here that makes numbers and pictures again."
    absent = f"which {'are' if origin.files else 'is'} not in here"
    return f"Data: {origin.data}, {absent}." if origin.data else "Data: the synthetic sample."


def _again(origin: Origin) -> list[str]:
    run = f"PYTHONPATH=dashboard python {REPRODUCE}"
    return [
        "",
        "To make every number and picture again",
        f"{run} folder_of_the_data" if origin.data else run,
        f"where dashboard is the folder of the dashboard, version {VERSION}, with its requirements installed.",
        "On Windows set PYTHONPATH first. It says that all is as on screen, or names what differs and ends with an",
        "error. Pictures are compared byte by byte: another version, or other fonts on the computer, may differ.",
        "A script in R runs in its folder: Rscript NAME.R",
    ]


def checksums(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 of each file, as ``sha256sum -c`` reads it.

    Examples
    --------
    >>> checksums({"empty.txt": b""})[:12]
    'e3b0c44298fc'
    """
    return "".join(f"{sha256(content).hexdigest()}  {name}\n" for name, content in files.items())
