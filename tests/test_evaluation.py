"""Evaluation: forms of judged files, what their keys mean, figures, questions, and sets out of releases."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from small_esco import BAKER, DOUGH, KNEAD, PASTRY, tables, unpacked

from api.cli import cli
from ontology.errors import DocumentError, InvalidInput
from ontology.identifiers import Identifiers
from ontology.readers import read_standard
from search import ToyEmbedder, evaluate, load_background, passages_of
from search.background import LanguageSpace, background_vectors
from search.bootstrap import paired_interval
from search.embedding.remembering import RememberingEmbedder
from search.evaluation import Judged, Need, Searched, measure, read_judged, write_judged
from search.evaluation.asking import Framed, bundled_frames
from search.evaluation.releases import make_judged, passages_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from search import Passage
    from search.evaluation.measures import Ranking

CROSSWALK = (
    "Mapping project name,A crosswalk\n"
    "O*NET Id,O*NET Title,O*NET Description,ESCO or ISCO URI,ESCO or ISCO Title,"
    "ESCO or ISCO Description,Type of Match\n"
    f"51-3011.00,Bakers,,{BAKER},baker,,exactMatch\n"
    f"51-3011.00,Bakers,,{PASTRY},pastry maker,,narrowMatch\n"
    "51-3011.00,Bakers,,http://data.europa.eu/esco/isco/C7512,Bakers and such,,exactISCO\n"
)
CSCO = (
    "level,code,code_num,name,definition,tasks,csco_code_num,alias\n"
    "2,7-01-00-00,7010000,烘焙人员,,,7010000,烘焙人员\n"
    "4,7-01-02-01,7010201,网络烘焙师,做面包的人员。,1.和面 2.烤面包。,7010201,面包师\n"
)
TITLES = (
    "job_name,expected_code,expected_name\n"
    "面包师傅,7-01-02-01,网络烘焙师\n"
    "烘焙学徒,7-01-00-00,烘焙人员\n"
    "厨师,9-99-99-99,厨师\n"
)


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def always(*hits: str) -> Ranking:
    return lambda queries: [hits for _ in queries]


@pytest.fixture(scope="module")
def passages(sample_path: Path) -> tuple[Passage, ...]:
    return passages_of(read_standard(sample_path))


@pytest.fixture
def esco(tmp_path: Path) -> Path:
    return unpacked(tmp_path / "esco", tables())


def test_figures_follow_their_formulas(tmp_path: Path) -> None:
    judged = read_judged(written(tmp_path / "judged.tsv", "need\trelevant\ten\nx\tA:2,B:1\tquery\n"))
    perfect = measure("m", "", always("A", "B", "C"), judged).mean
    assert (perfect.ndcg, perfect.mrr, perfect.recall) == (1, 1, 1)
    # DCG 1/log2(3) + 2/log2(4) over the ideal 2 + 1/log2(3)
    second = measure("m", "", always("C", "B", "A"), judged).mean
    assert second.ndcg == pytest.approx((0.63093 + 1) / (2 + 0.63093), abs=1e-5)
    assert (second.mrr, second.recall) == (0.5, 1)
    nothing = measure("m", "", always(), judged).mean
    assert (nothing.ndcg, nothing.mrr, nothing.recall) == (0, 0, 0)


def test_an_evaluation_compares_the_recipe_with_its_arms_and_baselines(
    passages: tuple[Passage, ...], tmp_path: Path
) -> None:
    path = written(
        tmp_path / "judged.tsv",
        "need\trelevant\tzh-Hant\ten\nconflict\tS1#2:2,P1.2.4:1\t處理團隊衝突\tconflict\n",
    )
    report = evaluate(passages, ToyEmbedder(), path, cache=tmp_path / "cache")
    again = evaluate(passages, ToyEmbedder(), path, cache=tmp_path / "cache")
    assert report == again
    assert [one.method for one in report.methods] == ["plain", "words", "centred", "meaning", "recipe"]
    assert report.method("words").languages["zh-Hant"].mrr == 1
    assert report.method("words").languages["en"].ndcg == 0
    data = report.to_json()
    assert data["languages"] == ["zh-Hant", "en"]
    recipe = data["methods"][4]
    assert recipe["mean"]["ndcg@10"] == report.method("recipe").mean.ndcg
    assert recipe["difference_to_words"]["ndcg@10"] == pytest.approx(
        recipe["mean"]["ndcg@10"] - data["methods"][1]["mean"]["ndcg@10"]
    )
    assert len(data["details"]) == 2
    assert f"{report.method('recipe').mean.ndcg:.3f}" in report.to_text()
    assert "處理團隊衝突" not in report.to_text()
    assert "處理團隊衝突" in report.to_text(details=True)


def test_the_recipe_ranks_as_the_search_does(passages: tuple[Passage, ...], tmp_path: Path) -> None:
    from search import SearchIndex
    from search.evaluation.methods import searching

    index = SearchIndex.build(passages, ToyEmbedder(), tmp_path)
    for query in ("處理團隊衝突", "P4.1.3", "which competencies cover KPI?"):
        (ranked,) = searching(index)([query])
        hits = index.search(query, limit=100).hits
        assert ranked == [hit.iri for hit in hits]
        assert not any(hit.reason.spans for hit in index.search(query, spans=False).hits)
    assert any(hit.reason.spans for hit in index.search("處理團隊衝突").hits)


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ("", 1, "empty"),
        ("query\tcode\n", 1, "query, code"),
        ("query\trelevant\ten\nx\tA:2\tq\n", 1, "query, relevant, en"),
        ("element\trelevant\ten\nx\tA:2\tq\n", 1, "element, relevant, en"),
        ("need\trelevant\nx\tA:2\n", 1, "need, relevant"),
        ("need\trelevant\ten\nx\tA:2\n", 2, "2 cells"),
        ("need\trelevant\ten\nx\tA:3\tq\n", 2, "'A:3'"),
        ("need\trelevant\ten\nx\tA:1,A:2\tq\n", 2, "'A:2'"),
        ("query\trelevant\nx\t:2\n", 2, "':2'"),
        ("need\trelevant\ten\n", None, "no need"),
    ],
)
def test_a_judged_file_of_another_form_is_refused_with_its_place(
    tmp_path: Path, content: str, line: int | None, said: str
) -> None:
    path = written(tmp_path / "judged.tsv", content)
    with pytest.raises(DocumentError, match=said) as caught:
        read_judged(path)
    assert (caught.value.file, caught.value.line) == (str(path), line)


WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12)
JUDGEMENTS = st.dictionaries(
    WORDS.map(lambda word: f"http://example.org/{word}"), st.sampled_from([1, 2]), min_size=1, max_size=4
)


@given(
    st.lists(st.tuples(WORDS, JUDGEMENTS, WORDS), min_size=1, max_size=5),
    st.sampled_from([("en",), ("en", "zh-Hant")]),
)
def test_a_set_is_read_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, dict[str, int], str]],
    languages: tuple[str, ...],
) -> None:
    needs = tuple(
        Need(name if len(languages) > 1 else query, relevant, dict.fromkeys(languages, query))
        for name, relevant, query in rows
    )
    path = tmp_path_factory.getbasetemp() / "read-back.tsv"
    judged = Judged(path.name, languages, needs)
    assert read_judged(written(path, write_judged(judged))) == judged


def test_keys_are_iris_codes_with_their_standard_and_codes_that_are_unique(
    passages: tuple[Passage, ...], tmp_path: Path
) -> None:
    other = [
        replace(one, standard="OTHER-1", iri=one.iri + "-other") for one in passages if one.code != "K14"
    ]
    both = [*passages, *other]
    s1 = next(one.iri for one in passages if one.code == "S1#2")
    k14 = next(one.iri for one in passages if one.code == "K14")

    def keys(relevant: str, among: Sequence[Passage]) -> dict[str, int]:
        text = f"query\trelevant\nconflict\t{relevant}\n"
        judged = read_judged(written(tmp_path / "judged.tsv", text))
        return dict(judged.by_iri(among, among).needs[0].relevant)

    assert keys("BGM1219-002v2 S1#2:2,K14:1", both) == {s1: 2, k14: 1}
    assert keys(f"{s1}:1", both) == {s1: 1}
    assert keys("OTHER-1 S1#2:2", both) == {s1 + "-other": 2}
    with pytest.raises(DocumentError, match=r"judges S1#2.*a standard and a code"):
        keys("S1#2:2", both)
    with pytest.raises(DocumentError, match=r"Z99.*codes of elements of BGM1219-002v2"):
        keys("Z99:2", passages)


def test_judgements_of_what_is_not_searched_are_left_out_only_when_asked(
    passages: tuple[Passage, ...], tmp_path: Path
) -> None:
    text = "query\trelevant\tlanguage\nconflict\tS1#2:2,T1:1\ten\nKPI\tT1:2\ten\n"
    path = written(tmp_path / "judged.tsv", text)
    only = Searched(kinds=("skill",))
    with pytest.raises(DocumentError, match="T1"):
        evaluate(passages, ToyEmbedder(), path, cache=tmp_path, searched=only)
    report = evaluate(passages, ToyEmbedder(), path, cache=tmp_path, searched=only, skip_unknown=True)
    assert [need.name for need in report.judged.needs] == ["conflict"]
    assert report.searched == sum(one.kind == "skill" for one in passages)
    with pytest.raises(InvalidInput, match="nothing"):
        evaluate(
            passages,
            ToyEmbedder(),
            path,
            cache=tmp_path,
            searched=Searched(kinds=("output",)),
            skip_unknown=True,
        )


def test_the_text_of_an_element_can_be_the_query(passages: tuple[Passage, ...], tmp_path: Path) -> None:
    path = written(tmp_path / "judged.tsv", "element\trelevant\nBGM1219-002v2 P1.2.4\tS1#2:2\n")
    report = evaluate(passages, ToyEmbedder(), path, cache=tmp_path, searched=Searched(kinds=("skill",)))
    asked = next(one for one in passages if one.code == "P1.2.4")
    assert report.judged.needs[0].queries == {asked.lang: asked.text}
    skills = [one for one in passages if one.kind == "skill"]
    assert report.judged.by_iri(skills, skills) == report.judged
    written(path, "element\trelevant\nP9.9.9\tS1#2:2\n")
    with pytest.raises(DocumentError, match=r"P9\.9\.9.*is no element"):
        evaluate(passages, ToyEmbedder(), path, cache=tmp_path)


def test_a_sample_is_drawn_by_its_seed() -> None:
    needs = tuple(Need(str(number), {"A": 2}, {"en": str(number)}) for number in range(50))
    judged = Judged("set", ("en",), needs)
    one, again, other = (judged.sample(10, seed) for seed in (1, 1, 2))
    assert one == again != other
    assert len(one.needs) == 10
    assert [int(need.name) for need in one.needs] == sorted(int(need.name) for need in one.needs)
    assert judged.sample(99, 1) == judged


def test_needs_without_words_in_a_language_do_not_count_there() -> None:
    needs = (Need("a", {"A": 2}, {"en": "a", "de": "a"}), Need("b", {"B": 2}, {"en": "b"}))
    scores = measure("m", "", always("A"), Judged("set", ("en", "de"), needs))
    assert scores.languages["en"].ndcg == 0.5
    assert scores.languages["de"].ndcg == 1
    assert scores.mean.ndcg == 0.75


def test_the_interval_takes_values_that_some_groups_do_not_have() -> None:
    random = np.random.default_rng(11)
    one, other = random.random((2, 200, 2))
    gaps = random.random((200, 2)) < 0.3
    gaps[:, 0] &= ~gaps[:, 1]
    one[gaps] = other[gaps] = np.nan
    low, high = paired_interval(one, other)
    mean = np.nanmean(one - other, axis=0).mean()
    assert low < mean < high
    spread = np.sqrt(sum(np.nanvar((one - other)[:, at]) / (~gaps[:, at]).sum() for at in (0, 1))) / 2
    assert high - low == pytest.approx(2 * 1.96 * spread, rel=0.2)


def test_the_loss_of_a_question_is_that_of_its_frames(tmp_path: Path) -> None:
    with RememberingEmbedder(ToyEmbedder(), tmp_path) as model:
        background = load_background()
        space = LanguageSpace.of(background, background_vectors(background, model), 0)
    needs = (
        Need("a", {"A": 2}, {"zh-TW": "衝突", "en": "conflict"}),
        Need("b", {"B": 2}, {"zh-TW": "如何帶人？", "en": "how to lead?"}),
    )
    frames = {"zh-Hant": ("{}有哪些？", "誰會{}"), "en": ("who does {}?",), "xx": ("{}",)}
    framed = Framed(Judged("set", ("zh-TW", "en"), needs), frames, space)
    assert framed.counts == {"zh-TW": 2, "en": 1}
    assert [need.name for need in framed.bare.needs] == ["a"]
    assert framed.queries() == ["衝突有哪些？", "誰會衝突", "who does conflict?"]
    found = {"衝突有哪些？": ["A"], "誰會衝突": ["X"], "who does conflict?": ["X", "A"]}
    scores = framed.measure("m", "", lambda queries: [found[query] for query in queries])
    assert scores.languages["zh-TW"].mrr == 0.5
    assert scores.languages["en"].mrr == 0.5
    with pytest.raises(InvalidInput, match="no need of set"):
        Framed(Judged("set", ("zh-TW", "en"), needs[1:]), frames, space)
    assert {"zh-TW", "en"} <= set(bundled_frames()["open"])


def test_another_name_finds_what_has_it(esco: Path) -> None:
    judged = make_judged("names", [esco])
    assert {need.name: dict(need.relevant) for need in judged.needs} == {
        "work dough": {KNEAD: 2},
        "fold dough": {KNEAD: 2},
        "bread baker": {BAKER: 2},
    }
    assert [need.name for need in make_judged("names", [esco], kinds=["standard"]).needs] == ["bread baker"]
    # of a skill one name at most, so that the needs are independent
    assert len(make_judged("names", [esco], sample=3).needs) == 2


def test_a_name_of_several_finds_all_and_one_that_is_the_name_of_another_is_left_out(tmp_path: Path) -> None:
    given = tables()
    header, *rows = given["skills_en.csv"]
    names = header.index("altLabels")
    rows[1][names] = "Knead Dough\nfold dough\nflour matters"
    judged = make_judged("names", [unpacked(tmp_path / "esco", given)], kinds=["skill", "knowledge"])
    found = {need.name: dict(need.relevant) for need in judged.needs}
    # what is knowledge and what is a skill are told apart
    assert found.pop("Knead Dough") == {DOUGH: 2}
    assert found["flour matters"] == {DOUGH: 2}
    rows[1][header.index("skillType")] = "skill/competence"
    given["broaderRelationsSkillPillar.csv"][4][0] = "KnowledgeSkillCompetence"
    judged = make_judged("names", [unpacked(tmp_path / "again", given)], kinds=["skill"])
    found = {need.name: dict(need.relevant) for need in judged.needs}
    assert found["fold dough"] == {KNEAD: 2, DOUGH: 2}
    assert "Knead Dough" not in found


def test_other_names_are_not_among_what_is_searched(esco: Path) -> None:
    texts = [passage.text_in_context for passage in passages_in([esco], Identifiers())]
    assert any("knead dough" in text for text in texts)
    assert not any("work dough" in text or "bread baker" in text for text in texts)


def test_the_title_of_an_occupation_finds_what_it_is_mapped_to(tmp_path: Path) -> None:
    judged = make_judged("mappings", [written(tmp_path / "crosswalk.csv", CROSSWALK)])
    assert [(need.name, dict(need.relevant)) for need in judged.needs] == [("Bakers", {BAKER: 2, PASTRY: 1})]


def test_a_chinese_title_finds_its_tasks_in_both_scripts(tmp_path: Path) -> None:
    table = written(tmp_path / "csco22.csv", CSCO)
    (need,) = make_judged("tasks", [table]).needs
    assert need.queries == {"zh-Hans": "网络烘焙师", "zh-Hant": "網絡烘焙師"}
    iris = {one.iri: one.text for one in passages_in([table], Identifiers()) if one.kind == "task"}
    assert [iris[iri] for iri in need.relevant] == ["和面", "烤面包。"]


def test_titles_of_jobs_find_the_occupation_or_the_group_that_was_expected(tmp_path: Path) -> None:
    written(tmp_path / "csco" / "csco22.csv", CSCO)
    written(tmp_path / "csco" / "job-titles.csv", TITLES)
    judged = make_judged("titles", [tmp_path / "csco"])
    names = {one.iri: one.text for one in passages_in([tmp_path / "csco"], Identifiers())}
    assert {need.name: [names[iri] for iri in need.relevant] for need in judged.needs} == {
        "面包师傅": ["网络烘焙师"],
        "烘焙学徒": ["烘焙人员"],
    }
    with pytest.raises(DocumentError, match="no table of titles"):
        make_judged("titles", [tmp_path / "csco" / "csco22.csv"])


def test_files_are_searched_as_if_they_were_loaded(esco: Path, sample_path: Path, tmp_path: Path) -> None:
    from api.services import all_passages, ingest_and_index, open_services
    from api.settings import Settings

    settings = Settings(data_dir=tmp_path / "data", embedder="toy")
    ingest_and_index([esco, sample_path], settings, index=False)
    with open_services(settings) as services:
        loaded = all_passages(services, names=False)
        read = passages_in([esco, sample_path], services.identifiers)
    assert {one.iri: one for one in read} == {one.iri: one for one in loaded}


def test_a_set_is_made_and_measured_from_the_command_line(
    esco: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPETENCY_EMBEDDER", "toy")
    file, runner = tmp_path / "names.tsv", CliRunner()
    made = runner.invoke(cli, ["make-judged", "names", str(esco), "-o", str(file)], catch_exceptions=False)
    assert made.exit_code == 0
    assert "3 needs in en" in made.stderr
    again = runner.invoke(cli, ["make-judged", "names", str(esco), "-o", str(file)])
    assert again.exit_code == 2
    assert "--force" in again.stderr
    options = ["--over", str(esco), "--kind", "skill", "--skip-unknown", "--data-dir", str(tmp_path / "data")]
    found = runner.invoke(cli, ["evaluate", str(file), *options, "--json"], catch_exceptions=False)
    report = json.loads(found.stdout)
    assert (report["needs"], report["languages"], report["searched"]) == (2, ["en"], 2)
    words = {one["method"]: one["mean"]["mrr"] for one in report["methods"]}["words"]
    # "dough" and nothing else of the two labels stands in the name "knead dough", and not in "hygiene"
    assert words == 1
    sample = runner.invoke(cli, ["evaluate", str(file), *options, "--sample", "1", "--questions"])
    assert "1 needs [en] over 2 elements" in sample.stdout
    some = runner.invoke(cli, ["evaluate", str(file), *options, "--method", "words", "--method", "recipe"])
    table = some.stdout.splitlines()[2:5]
    assert [line.split()[0] for line in table] == ["method", "words", "recipe"]
    assert "to BM25" in table[0]
    assert "to plain" not in table[0]
    assert "asked as questions, held-out frames (en " in sample.stdout


def test_the_crosswalk_of_the_publishers_makes_a_set(shared_data: Path) -> None:
    judged = make_judged("mappings", [shared_data / "esco-onet-crosswalk"])
    needs = {need.name: need for need in judged.needs}
    assert len(needs) > 900
    assert set(needs["Chief Executives"].relevant.values()) == {1, 2}
    assert all("/esco/occupation/" in iri for need in judged.needs for iri in need.relevant)
