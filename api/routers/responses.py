"""How the routes describe their errors in the OpenAPI document."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.problems import PROBLEM_JSON

__all__ = ["PROBLEMS", "Problem"]


class Problem(BaseModel):
    """Problem details (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["urn:competency-graph:problem:not-found"])
    title: str = Field(examples=["Nothing is known by that name"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["nothing is known under 'BGM1219-009'"])
    instance: str | None = Field(None, examples=["/api/v1/standards/BGM1219-009"])


def _response(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


# The schema is named through `model`, so that it stands once under components.
PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": {**_response("The request cannot be answered; the detail says why"), "model": Problem},
    "5XX": {**_response("Not available now, or stopped at a deadline"), "model": Problem},
}
