"""The official form as ODT, DOCX and HTML: whatever the layout, it reads back the same."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from authoring import standards
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from office_forms import WRITERS, lay_out_form
from test_reader_icap_text import content

from ontology.readers import read_standard

if TYPE_CHECKING:
    pass


@pytest.mark.parametrize("form", WRITERS)
@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), per_activity=st.booleans(), seed=st.integers(0, 2**32))
def test_a_standard_reads_back_from_any_layout(
    form: str,
    data: st.DataObject,
    per_activity: bool,  # noqa: FBT001
    seed: int,
) -> None:
    standard = data.draw(standards(per_activity=per_activity))
    written = WRITERS[form](lay_out_form(standard, Random(seed), per_activity=per_activity))
    assert content(read_standard(written)) == content(standard)
