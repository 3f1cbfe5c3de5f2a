"""How good the search is: figures on judged queries, for the recipe, its arms and its baselines in one run.

nDCG@10 = DCG@10 / ideal DCG@10, DCG@10 = sum of grade(r) / log2(r + 1) over the ranks r = 1…10 (Järvelin and
Kekäläinen 2002, "Cumulated gain-based evaluation of IR techniques"); MRR is the mean of 1 / rank of the first
hit of any grade among the first 100, and 0 where there is none; recall@20 the part of the judged elements
among the first 20. ``search.evaluation.judged`` has the forms of judged files, ``search.evaluation.releases``
makes judged sets of what publishers release.
"""

from search.evaluation.judged import Judged, Need, read_judged, write_judged
from search.evaluation.measures import MethodScores, Scores, measure
from search.evaluation.report import EvaluationReport
from search.evaluation.running import Searched, evaluate

__all__ = [
    "EvaluationReport",
    "Judged",
    "MethodScores",
    "Need",
    "Scores",
    "Searched",
    "evaluate",
    "measure",
    "read_judged",
    "write_judged",
]
