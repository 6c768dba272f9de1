"""What reads a part and a telling together: on the real model, and as it is taught and kept small."""

import numpy as np
import pytest

from benchmarks import reader as teaching
from benchmarks.reader import Example, Network, changes, log_odds, teach
from benchmarks.retellings import retellings
from library.encoder import SentenceEncoder
from library.masking import masked, without_names
from library.practice.hearing import Heard
from library.practice.judge import Judge, Told, pair_of, verdict_on
from library.practice.measures import Heart
from library.practice.reader import ASKED, STRETCH, Pair, Reader
from library.settings import Settings
from library.story import Beat
from tests.helpers import FakeEncoder, make_story

PAIN = "Agency nights cost the hospital 61 million kroner, and the budget had been 24."
SAID = {
    Told.TOLD: "and they paid sixty one million for agency shifts at night when only twenty four were planned",
    Told.PARTLY: "it cost them quite a lot of money I think",
    Told.MISSING: "our scheduler has a very nice calendar with colours and it runs on a phone",
}


@pytest.fixture(scope="module")
def encoder():
    return SentenceEncoder.of(Settings())


@pytest.fixture(scope="module")
def reader(encoder):
    return Reader(encoder)


def pairs(beat: Beat = Beat.PAIN, part: str = PAIN) -> list[Pair]:
    return [Pair(beat, part, said) for said in SAID.values()]


def test_what_is_told_and_what_is_left_out_are_told_apart(real_library):
    """On stories and tellings it was never taught on."""
    judge, shelf, hits = real_library.judge, real_library.state.shelf, {verdict: [] for verdict in Told}
    for row in retellings("before")[:84:5]:
        heard, story = Heard.of(masked(row["text"], shelf.stories[row["story"]])), shelf.stories[row["story"]]
        _, places = judge.measures.of(heard, without_names(story))
        for beat, read in judge.read(heard, without_names(story), places).items():
            label = Told(row["beats"][beat.value])
            hits[label].append(list(Told)[int(np.argmax(read))] is label)
    assert np.mean(hits[Told.TOLD]) > 0.9
    assert np.mean(hits[Told.MISSING]) > 0.6


def test_it_says_how_likely_each_verdict_is(reader):
    found = reader.log_odds(pairs())
    assert found.shape == (3, 3)
    np.testing.assert_allclose(np.exp(found).sum(axis=1), 1, atol=1e-5)
    assert found[2].argmax() == list(Told).index(Told.MISSING)


def test_it_reads_as_it_was_taught_to(reader):
    """The head of a part, which side is which and what is pooled: with any of them changed these would be others."""
    wanted = [[-0.88, -0.57, -4.20], [-3.04, -0.06, -5.13], [-0.10, -2.44, -4.86]]  # of the weights that ship
    np.testing.assert_allclose(reader.log_odds(pairs()), wanted, atol=0.1)


def test_a_pair_is_read_alike_alone_and_among_others(reader):
    among = reader.log_odds([*pairs(), Pair(Beat.NEED, "A longer part. " * 20, "said so " * 30)])[:3]
    alone = np.concatenate([reader.log_odds([pair]) for pair in pairs()])
    np.testing.assert_allclose(among, alone, atol=1e-3)
    assert reader.log_odds([]).shape == (0, 3)


def test_the_search_model_is_not_changed_by_it(reader, encoder):
    before = encoder.encode([PAIN])
    reader.log_odds(pairs())
    np.testing.assert_array_equal(encoder.encode([PAIN]), before)


def test_only_the_model_it_was_taught_on_has_a_reader(encoder):
    assert Reader.of(encoder) is not None
    assert Reader.of(None) is None
    assert Reader.of(FakeEncoder()) is None
    assert Reader.of(SentenceEncoder(query_prompt="query: ")) is None


def test_round_a_place_and_for_the_question_at_the_end():
    heard = Heard(" ".join(f"w{n}" for n in range(200)))
    story = make_story()
    said = pair_of(heard, story, Beat.PAIN, 100).said.split()
    assert (len(said), said[STRETCH // 2]) == (STRETCH, "w100")
    assert pair_of(heard, story, Beat.PAIN, 3).said.split()[0] == "w0"
    assert pair_of(heard, story, Beat.PAIN, 199).said.split()[-1] == "w199"
    assert pair_of(heard, story, Beat.QUESTION, 3).said.split() == [f"w{n}" for n in range(200 - ASKED, 200)]
    assert pair_of(Heard("two words"), story, Beat.PAIN, 1).said == "two words"


def test_the_readers_word_weighs_in_a_verdict():
    heart = Heart(0.4)
    without = verdict_on(Beat.PAIN, heart, Heard("some words"))
    sure = {verdict: [-200.0 if other is not verdict else 0.0 for other in Told] for verdict in Told}
    assert {verdict_on(Beat.PAIN, heart, Heard("some words"), read=read) for read in sure.values()} == {*Told}
    assert verdict_on(Beat.PAIN, heart, Heard("some words"), read=[-1.0, -1.0, -1.0]) is without


def test_a_judge_without_a_reader_reads_nothing():
    story = make_story()
    judge = Judge([story], None)
    assert judge.read(Heard(story.telling), story, {Beat.PAIN: 3}) == {}


# --- how it is taught -------------------------------------------------------------------------------------------------


def test_what_was_learned_is_kept_small_and_says_the_same(encoder, tmp_path):
    taught = Network(encoder)
    generator = np.random.default_rng(0)
    import torch  # noqa: PLC0415

    weight = dict(taught.network.named_parameters())["encoder.layer.3.attention.self.query.weight"]
    thin = generator.normal(size=(384, 2)) @ generator.normal(size=(2, 384)) * 0.02
    with torch.no_grad():
        weight.add_(torch.tensor(thin, dtype=torch.float32))
    kept = changes(encoder, taught.eval(), rank=2)
    assert {name.partition("|")[0] for name in kept} == {
        "head.weight", "head.bias", "encoder.layer.3.attention.self.query.weight"
    }  # fmt: skip
    np.savez(tmp_path / "kept.npz", **kept)
    examples = [Example(pair, 0, None) for pair in pairs()]
    np.testing.assert_allclose(
        Reader(encoder, tmp_path / "kept.npz").log_odds(pairs()), log_odds(taught, examples), atol=0.03
    )


def test_it_learns_what_it_is_taught(encoder, monkeypatch):
    monkeypatch.setattr(teaching, "EPOCHS", 8)
    monkeypatch.setattr(teaching, "RATE", 3e-4)
    examples = [Example(pair, list(Told).index(verdict), None) for verdict, pair in zip(SAID, pairs(), strict=True)]
    assert (log_odds(teach(encoder, examples), examples).argmax(axis=1) == [e.label for e in examples]).all()
