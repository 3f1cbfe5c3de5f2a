"""The major groups of the Standard Occupational Classification 2018 of the United States, by which O*NET's
codes begin. The classification is a work of its government, free of rights
(https://www.bls.gov/soc/2018/major_groups.htm); the names are without the word "Occupations"."""

from __future__ import annotations

import re

__all__ = ["SOC", "SOC_MAJOR_GROUPS", "soc_major_group"]

SOC = "soc-2018"

SOC_MAJOR_GROUPS = {
    "11": "Management",
    "13": "Business and financial operations",
    "15": "Computer and mathematical",
    "17": "Architecture and engineering",
    "19": "Life, physical, and social science",
    "21": "Community and social service",
    "23": "Legal",
    "25": "Educational instruction and library",
    "27": "Arts, design, entertainment, sports, and media",
    "29": "Healthcare practitioners and technical",
    "31": "Healthcare support",
    "33": "Protective service",
    "35": "Food preparation and serving related",
    "37": "Building and grounds cleaning and maintenance",
    "39": "Personal care and service",
    "41": "Sales and related",
    "43": "Office and administrative support",
    "45": "Farming, fishing, and forestry",
    "47": "Construction and extraction",
    "49": "Installation, maintenance, and repair",
    "51": "Production",
    "53": "Transportation and material moving",
    "55": "Military specific",
}

_ONET_CODE = re.compile(r"(\d\d)-\d{4}\.\d\d")


def soc_major_group(code: str) -> str | None:
    """The major group of an O*NET-SOC code, ``11-1021.00``; ``None`` for other codes."""
    match = _ONET_CODE.fullmatch(code)
    return match[1] if match and match[1] in SOC_MAJOR_GROUPS else None
