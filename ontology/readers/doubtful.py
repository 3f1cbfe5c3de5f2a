"""What in a standard reads as if its end were missing. Rules on the text alone, for every reader."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontology.model import Doubt, Kind
from ontology.readers.text import fold_width

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ontology.model import Place, Standard

__all__ = ["unfinished_reason", "unfinished_sentences"]

_STOPS = "。.!?！？…;；」』”)）"
_OPEN_PUNCTUATION = "，,、：:（(「『《【[／/－-"
_DANGLING_ZH = re.compile(
    r"(?:並且|以及|或者|而且|進而|因此|例如|包括|包含|透過|根據|依據|[與和及或並并且跟將把於在從使讓被其為各該此])$"
)
_DANGLING_DE = re.compile(r"(?:之|(?<![目標鵠])的)$")
_COMPLETE_ZH = re.compile(
    r"(?:參與|賦與|給與|授與|溫和|緩和|總和|調和|中和|混和|飽和|祥和|普及|涉及|觸及|顧及|危及|波及|合併|兼併|"
    r"所在|存在|內在|外在|實在|潛在|現在|行為|作為|人為|驅使|行使|大使|天使|轉讓|禮讓|出讓|謙讓|尤其|因此|如此|彼此)$"
)
_DANGLING_EN = re.compile(
    r"(?<![A-Za-z])(?:and|or|the|an|of|to|with|for|from|by|into|their|its|including|such as|as well as)$",
    re.IGNORECASE,
)
_TRANSITIVE = (
    "貫徹|確保|達成|達到|符合|滿足|促進|促使|避免|防止|降低|減少|增加|提升|提昇|提高|強化|建立|建置|建構|維持|"
    "採取|採用|展現|發展|開發|發揮|制定|訂定|制訂|擬定|擬訂|設定|提供|提出|給予|賦予|具備|運用|應用|使用|"
    "利用|掌握|瞭解|了解|遵守|遵循|落實|推動|推展|辦理|處理|解決|協助|支持|支援|監督|"
    "管理|控制|維護|評估|分析|蒐集|收集|整理|撰寫|製作|編寫|編製|規劃|安排|選擇|選定|設計|建議|判斷|"
    "辨識|識別|確認|檢視|檢查|傳達|說明|解釋|回應|配合|承擔|負責|爭取|獲得|取得|創造|形成|產生"
)
_CLAUSE = re.compile(
    rf"(?P<before>.*?)(?P<link>並且|並能|並可|並|并且|并能|并|進而|以便|以利|(?<![加予可所得足難用何是])以)"
    rf"(?P<verb>{_TRANSITIVE})$"
)
_OBJECT_BEFORE = re.compile(r"將|把|予以|加以|進行|給予|由|被|如何|之$")
_VERB_BEFORE = re.compile(rf"(?:{_TRANSITIVE}|作業|工作|[與和及、,，]\s*\S\S)$")
_PAIRS = {"(": ")", "[": "]", "「": "」", "『": "』", "《": "》", "【": "】", "〈": "〉", "“": "”"}
_ENOUGH_SIBLINGS = 5
_USUAL_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class _Text:
    kind: str
    code: str
    text: str
    place: Place | None
    has_items: bool = False


def unfinished_reason(text: str, *, has_items: bool = False) -> str | None:
    """Why a text reads as cut short, as a clause for a person, or ``None`` where nothing says so.

    ``has_items`` says that a list follows, so that a last colon is in order.
    """
    plain = text.strip()
    if not plain:
        return "it has no text"
    if missing := _open_bracket(plain):
        return f"a bracket {missing} is not closed"
    last = plain[-1]
    if last in _OPEN_PUNCTUATION:
        return None if has_items else f"it ends with {last}"
    if last in _STOPS:
        return None
    if match := _DANGLING_EN.search(plain):
        return f"it ends with the word {match[0]!r}"
    if not _COMPLETE_ZH.search(plain) and (match := _DANGLING_ZH.search(plain)):
        return f"it ends with {match[0]}, which joins it to something that is not there"
    if match := _DANGLING_DE.search(plain):
        return f"it ends with {match[0]}, and what it qualifies is not there"
    clause = re.split(r"[。；;]", plain)[-1]
    if match := _CLAUSE.fullmatch(clause):
        before = match["before"].rstrip("，, ")
        if not _OBJECT_BEFORE.search(before) and not _VERB_BEFORE.search(before):
            return f"its last clause, {match['link']}{match['verb']}, has a verb without an object"
    return None


def _open_bracket(text: str) -> str | None:
    expected: list[str] = []
    for character in fold_width(text):
        if character in _PAIRS:
            expected.append(_PAIRS[character])
        elif expected and character == expected[-1]:
            expected.pop()
    closing = {value: key for key, value in _PAIRS.items()}
    return closing[expected[-1]] if expected else None


def _texts(standard: Standard) -> Iterator[_Text]:
    if standard.description:
        yield _Text("description", "description", standard.description, None)
    for element in standard.elements():
        if element.kind not in {Kind.KNOWLEDGE, Kind.SKILL, Kind.ATTITUDE}:
            yield _Text(element.kind.value, element.code, element.text, element.place)
    for kind, competencies in ((Kind.KNOWLEDGE, standard.knowledge), (Kind.SKILL, standard.skills)):
        for competency in competencies:
            items = bool(competency.items)
            yield _Text(kind.value, competency.code, competency.text, competency.place, has_items=items)
            for item in competency.items:
                yield _Text("item", f"{competency.code}#{item.number}", item.text, item.place)
    for attitude in standard.attitudes:
        yield _Text("attitude", attitude.code, attitude.text or attitude.name, attitude.place)


def unfinished_sentences(standard: Standard) -> list[Doubt]:
    """A doubt ``unfinished-sentence`` for each text that reads as cut short.

    Besides the text itself its siblings tell: where at least four in five texts of a kind (of five or
    more) end with a full stop, one that does not is doubtful.
    """
    texts = list(_texts(standard))
    stopped = _kinds_that_end_with_a_stop(texts)
    doubts = []
    for item in texts:
        reason = unfinished_reason(item.text, has_items=item.has_items)
        if reason is None and item.kind in stopped and item.text.strip()[-1] not in _STOPS:
            reason = f"it has no full stop, as the other texts of its kind ({item.kind}) have"
        if reason:
            message = f"{item.code} may be cut short: {reason}"
            doubts.append(Doubt("unfinished-sentence", item.code, item.text, message, item.place))
    return doubts


def _kinds_that_end_with_a_stop(texts: list[_Text]) -> set[str]:
    kinds = set()
    for kind in {item.kind for item in texts}:
        ends = [
            item.text.strip()[-1:] in set("。.!?！？")
            for item in texts
            if item.kind == kind and item.text.strip()
        ]
        if len(ends) >= _ENOUGH_SIBLINGS and sum(ends) >= _USUAL_SHARE * len(ends):
            kinds.add(kind)
    return kinds
