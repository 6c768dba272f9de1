"""Thresholds of an encoder: chosen from labels, kept in a file, read at start."""

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from library import library as running_library
from library.calibrating import USABLE, WRONG, Sample, choose
from library.calibration import NOT_CALIBRATED, CalibrationError, calibration_file, keep, kept, projection_of, shipped
from library.encoder import PACKAGED_NAME
from library.evaluation import Labelled
from library.library import Library
from library.match import Verdict
from library.settings import Settings
from library.situation import understand
from library.verdicts import OF_QUESTIONS, Thresholds
from tests.helpers import TODAY, TOPICS, VOCABULARY, FakeEncoder, make_story, write_shelf
from tests.test_commands import refused, run


class Squeezed(FakeEncoder):
    """All vectors lie close together, as those of e5 do: what is about nothing has a cosine of .8."""

    name = "fake-squeezed"
    needs_calibration = True

    def encode(self, texts):
        rows = np.hstack([super().encode(texts), np.full((len(texts), 1), 2.0)])
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def about(topic: str):
    words = TOPICS[topic].split()
    beat = f"{' '.join(words[:6])}."
    return make_story(
        topic.replace(" ", "-"),
        title=" ".join(words[:3]),
        tags=tuple(words[:5]),
        beats=dict.fromkeys(("who", "change", "pain", "need", "decision", "win", "question"), beat),
    )


def labelled(half: str = "") -> list[Labelled]:
    rows = [
        Labelled(f"{half}{topic}{at}", " ".join(words.split()[at : at + 3]), {topic.replace(" ", "-"): 2}, half=half)
        for topic, words in TOPICS.items()
        for at in (0, 2)
    ]
    animals = "zebra giraffe otter heron lynx badger weasel stoat hare vole newt toad".split()
    return rows + [Labelled(f"{half}{a}", f"{a} {b}", {}, half=half) for a, b in pairwise(animals)]


@pytest.fixture
def settings_here(tmp_path):
    stories = write_shelf(tmp_path / "stories", *(about(topic) for topic in TOPICS))
    return Settings(stories=stories, data=tmp_path / "data", today=TODAY)


@pytest.fixture
def squeezed(settings_here):
    library = Library(settings_here, Squeezed())
    yield library
    library.close()


@pytest.fixture
def here(settings_here, tmp_path, monkeypatch):
    monkeypatch.setenv("LIBRARY_STORIES", str(settings_here.stories))
    monkeypatch.setenv("LIBRARY_DATA", str(settings_here.data))
    monkeypatch.setenv("LIBRARY_TODAY", TODAY.isoformat())
    monkeypatch.setattr(running_library, "_encoder_for", lambda _: Squeezed())
    return tmp_path


def write_labels(path, rows) -> None:
    lines = [{"id": r.id, "situation": r.situation, "judged": dict(r.judged), "half": r.half} for r in rows]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")


def verdict(library: Library, said: str) -> Verdict:
    return library.state.search.find(understand(said, VOCABULARY), TODAY).verdict


# --- choosing -------------------------------------------------------------------------------------------------------


def test_an_encoder_whose_vectors_all_lie_close_learns_to_say_nothing(squeezed):
    search = squeezed.state.search
    assert verdict(squeezed, "zebra giraffe") is Verdict.CLOSE, "the thresholds that ship are of no use to it"
    choice = choose(search, labelled(), TODAY)
    assert choice.before == Thresholds()
    assert choice.thresholds.nearest > Thresholds().close
    (half,) = choice.halves
    assert half.name == "all"
    assert (half.before.right_nothing, half.after.right_nothing) == (0, 1)
    assert half.after.wrong_nothing <= WRONG


def test_only_the_choosing_half_decides_and_the_other_is_measured(squeezed):
    search = squeezed.state.search
    upside_down = [Labelled(f"r{n}", "zebra giraffe", {"food": 2}, half="report") for n in range(30)]
    alone = choose(search, labelled("choose"), TODAY)
    both = choose(search, [*labelled("choose"), *upside_down], TODAY)
    assert both.thresholds == alone.thresholds
    assert [half.name for half in both.halves] == ["choose", "report"]
    assert both.halves[1].after.wrong_nothing == 1


def test_labels_of_stories_that_are_not_here_are_left_out_and_counted(squeezed):
    elsewhere = [Labelled(f"e{n}", "zebra giraffe", {"no-such-story": 2}) for n in range(30)]
    choice = choose(squeezed.state.search, [*labelled(), *elsewhere], TODAY)
    assert (choice.situations, choice.left_out) == (len(labelled()), 30)


def test_too_few_labels_are_said(squeezed):
    rows = labelled()
    answerable = [row for row in rows if row.judged]
    with pytest.raises(CalibrationError, match=r"Found 24 situations that a story .* and 0 that none should"):
        choose(squeezed.state.search, answerable, TODAY)
    with pytest.raises(CalibrationError, match="Found 4 situations"):
        choose(squeezed.state.search, rows[20:], TODAY)
    with pytest.raises(CalibrationError, match="Found 0 situations"):
        choose(squeezed.state.search, [], TODAY)


def test_without_a_model_there_is_nothing_to_calibrate(settings_here):
    library = Library(settings_here.model_copy(update={"model": "none"}))
    with pytest.raises(CalibrationError, match="There is no model"):
        choose(library.state.search, labelled(), TODAY)
    library.close()


def test_progress_goes_up_to_the_end(squeezed):
    told = []
    choose(squeezed.state.search, labelled(), TODAY, lambda *step: told.append(step))
    assert [done for done, _ in told] == list(range(1, told[-1][1] + 1))


def sample(answerable: list[float], unanswerable: list[float]) -> Sample:
    strengths = np.array([*answerable, *unanswerable])
    right = np.arange(len(strengths)) < len(answerable)
    return Sample(strengths, right, right)


def test_the_bar_of_nothing_lies_half_way_in_the_gap():
    assert sample([0.4, 0.5, 0.6], [0.1, 0.2]).nearest() == pytest.approx(0.3)
    # One of 25 answerable may get nothing, but not for nothing.
    assert sample([0.1, *[0.5] * 24], [0.3, 0.2]).nearest() == pytest.approx(0.4)
    assert sample([0.25, *[0.5] * 24], [0.2, 0.1]).nearest() == pytest.approx(0.225)


def test_an_answer_is_close_where_most_such_answers_begin_with_a_story_that_can_be_told():
    random = np.random.default_rng(7)
    strengths = random.uniform(0.2, 0.8, 4000)
    usable = random.uniform(size=4000) < 1 / (1 + np.exp(-20 * (strengths - 0.4)))
    found = Sample(strengths, usable, usable).close
    assert found == pytest.approx(0.4 + np.log(USABLE / (1 - USABLE)) / 20, abs=0.01)
    moved = Sample(2 * strengths + 5, usable, usable).close
    assert moved == pytest.approx(2 * found + 5), "another model's scale is as good"


def test_a_team_says_how_many_answerable_may_be_lost():
    mixed = sample([0.1, *[0.5] * 24], [0.3, 0.2])
    assert mixed.nearest(wrong=0.0) < 0.1 < mixed.nearest(wrong=0.04)


def test_strength_that_tells_all_puts_close_into_the_gap():
    assert 0.3 < sample([0.7] * 20, [0.3] * 20).close < 0.7


@pytest.mark.parametrize("strengths", [([0.3] * 20, [0.7] * 10), ([0.5] * 20, [0.5] * 10), ([-np.inf], [-np.inf])])
def test_a_model_whose_strength_says_nothing_is_refused(strengths):
    with pytest.raises(CalibrationError, match="a stronger answer is no better one"):
        _ = sample(*strengths).close
    assert sample(*strengths).nearest() < np.inf, "and no other error comes before"


strengths = st.lists(st.floats(-1, 2).map(lambda x: round(x, 3)), min_size=1, max_size=60)


@given(answerable=strengths, unanswerable=strengths, share=st.sampled_from([0, 0.04, 0.3]))
def test_no_other_bar_is_right_more_often_at_the_same_price(answerable, unanswerable, share):
    found = sample(answerable, unanswerable)
    allowed = int(share * len(answerable))

    def nothing(bar: float) -> tuple[int, int]:
        return sum(s < bar for s in answerable), sum(s < bar for s in unanswerable)

    wrong, right = nothing(found.nearest(share))
    assert wrong <= allowed
    for bar in {*answerable, *unanswerable, 3.0}:
        other_wrong, other_right = nothing(bar)
        if other_wrong <= allowed:
            assert other_right <= right
            assert other_right < right or other_wrong >= wrong


# --- kept ------------------------------------------------------------------------------------------------------------

OURS = Thresholds(close=0.61, nearest=0.42)


def test_thresholds_are_kept_by_encoder(tmp_path):
    assert kept(tmp_path, "ours") is None
    path = keep(tmp_path, "ours", OURS, "Written by hand.\nFor a test.")
    assert path == tmp_path / "calibration" / "ours.toml"
    assert path.read_text().startswith("# Written by hand.\n# For a test.\n")
    assert kept(tmp_path, "ours") == OURS
    assert kept(tmp_path, "theirs") is None


def test_the_packaged_model_has_thresholds_of_its_own_and_any_other_begins_with_the_common_ones(real_library):
    assert shipped(PACKAGED_NAME) == real_library.state.search.thresholds == OF_QUESTIONS
    assert shipped("theirs") == Thresholds() != OF_QUESTIONS


@given(name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_any_name_of_a_model_is_a_name_of_a_file(name, tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    assert keep(folder, name, OURS, "").parent == folder / "calibration"
    assert kept(folder, name) == OURS


DAMAGED = {
    "not TOML": (lambda t: t.replace("[thresholds]", "[thresholds"), "cannot be read"),
    "not UTF-8": (lambda t: t.encode("utf-16"), "cannot be read"),
    "empty": (lambda _: "", "found the encoder None"),
    "of another model": (lambda t: t.replace("fake-squeezed", "all-else"), "found the encoder 'all-else'"),
    "of another version": (lambda t: t.replace('formula = "', 'formula = "x'), "another version of the search"),
    "a word": (lambda t: t.replace("close = 0.61", 'close = "high"'), "close: found 'high', not a number"),
    "yes": (lambda t: t.replace("close = 0.61", "close = true"), "close: found True"),
    "nan": (lambda t: t.replace("close = 0.61", "close = nan"), "close: found nan"),
    "upside down": (lambda t: t.replace("close = 0.61", "close = 0.2"), "found close 0.2 below nearest 0.42"),
    "one missing": (lambda t: t.replace("close = 0.61\n", ""), "thresholds: found nearest"),
    "one too many": (lambda t: t + "closer = 1\n", "closer; expected close"),
    "no table": (lambda t: t[: t.index("[thresholds]")], "thresholds: found None"),
    "a list": (lambda t: t[: t.index("[thresholds]")] + "thresholds = [1]", r"thresholds: found \[1\]"),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_file_is_said_and_the_shipped_ones_are_used(settings_here, damage):
    path = keep(settings_here.data, Squeezed.name, OURS, "")
    change, said = DAMAGED[damage]
    text = change(path.read_text())
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CalibrationError, match=said):
        kept(settings_here.data, Squeezed.name)
    library = Library(settings_here, Squeezed())
    assert str(path) in library.state.notice
    assert library.state.notice.endswith("Until then the thresholds that ship are used.")
    assert library.state.search.thresholds == Thresholds()
    library.close()


def test_a_file_that_is_a_folder_is_said(tmp_path):
    calibration_file(tmp_path, "ours").mkdir(parents=True)
    with pytest.raises(CalibrationError, match=r"ours\.toml cannot be read"):
        kept(tmp_path, "ours")


def test_another_model_is_not_to_be_trusted_until_it_is_calibrated(settings_here):
    library = Library(settings_here, Squeezed())
    assert library.state.notice == NOT_CALIBRATED
    library.close()
    keep(settings_here.data, Squeezed.name, OURS, "")
    library = Library(settings_here, Squeezed())
    assert library.state.notice == ""
    assert library.state.search.thresholds == OURS
    second = Library(settings_here, Squeezed())
    assert second.state.search.thresholds == OURS
    assert second.state.notice.startswith("Another process keeps this index")
    second.close()
    library.close()


def test_a_team_may_calibrate_the_packaged_model_too(settings_here):
    keep(settings_here.data, FakeEncoder.name, OURS, "")
    library = Library(settings_here, FakeEncoder())
    assert library.state.search.thresholds == OURS
    library.close()


# --- the command -----------------------------------------------------------------------------------------------------


def test_one_command_calibrates_and_the_next_one_answers_by_it(here):
    write_labels(here / "labels.jsonl", labelled())
    before = run("ask", "zebra giraffe", "--json")
    assert json.loads(before.stdout)["verdict"] == "close"
    assert NOT_CALIBRATED in before.stderr
    result = run("calibrate", "--labels", here / "labels.jsonl")
    assert result.exit_code == 0, result.output
    assert "fake-squeezed, chosen on 35 situations." in result.stdout
    assert "right_nothing    0.000   1.000" in result.stdout
    assert "Calibrating" in result.stderr
    path = here / "data" / "calibration" / "fake-squeezed.toml"
    assert str(path) in result.stdout
    assert "from 35 situations of labels.jsonl" in path.read_text().replace("\n# ", " ")
    after = run("ask", "zebra giraffe", "--json")
    assert json.loads(after.stdout)["verdict"] == "nothing"
    assert after.stderr == ""


def test_calibrating_also_learns_how_the_tokens_of_a_model_differ(here, settings_here):
    write_labels(here / "labels.jsonl", labelled())
    assert Library(settings_here, Squeezed()).state.search._vectors.gists == {}
    run("calibrate", "--labels", str(here / "labels.jsonl"))
    learned = projection_of(settings_here.data, Squeezed.name)
    assert learned is not None
    again = Library(settings_here, Squeezed())
    assert set(again.state.search._vectors.gists) == set(again.shelf.stories)
    run("calibrate", "--labels", str(here / "labels.jsonl"))
    assert projection_of(settings_here.data, Squeezed.name).mark == learned.mark, "learned once"


def test_calibrate_as_json(here):
    write_labels(here / "labels.jsonl", [*labelled("choose"), *labelled("report")])
    said = json.loads(run("calibrate", "--labels", here / "labels.jsonl", "--wrong", "0", "--json").stdout)
    assert said["halves"][0]["after"]["wrong_nothing"] == 0
    assert set(said) == {"encoder", "file", "before", "thresholds", "halves", "situations", "left_out"}
    assert [half["name"] for half in said["halves"]] == ["choose", "report"]
    assert set(said["halves"][0]) == {"name", "before", "after"}


def test_calibrate_says_what_it_lacks(here):
    write_labels(here / "labels.jsonl", labelled()[:3])
    # The first line of the error output is the notice that the verdicts are not calibrated.
    keep(here / "data", Squeezed.name, OURS, "")
    assert "Found 3 situations" in refused("calibrate", "--labels", here / "labels.jsonl")
    assert "nowhere.jsonl" in refused("calibrate", "--labels", here / "nowhere.jsonl")
