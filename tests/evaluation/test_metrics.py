"""The figures, against small examples worked by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digits.evaluation import metrics

quick = settings(deadline=None, max_examples=60)


def answers(*chosen, sure=0.91):
    """Return probabilities (n, 10) that give each chosen digit the same chance and share out the rest."""
    probabilities = np.full((len(chosen), 10), (1 - sure) / 9)
    probabilities[np.arange(len(chosen)), chosen] = sure
    return probabilities


def test_wilsons_interval_of_a_textbook():
    # 8 of 10: Wilson's 95 % interval is 0.490 to 0.943
    np.testing.assert_allclose(metrics.share(8, 10), (0.8, 0.4902, 0.9433), atol=1e-4)


def test_nothing_of_ten_is_not_certainly_nothing():
    value, low, high = metrics.share(0, 10)
    assert value == 0 and low == pytest.approx(0, abs=1e-12) and high == pytest.approx(0.2775, abs=1e-4)


@quick
@given(st.integers(1, 100_000).flatmap(lambda count: st.tuples(st.integers(0, count), st.just(count))))
def test_the_interval_holds_the_share_and_stays_a_share(counted):
    value, low, high = metrics.share(*counted)
    assert -1e-9 <= low <= value + 1e-9
    assert value - 1e-9 <= high <= 1 + 1e-9
    assert low < high


@quick
@given(st.integers(0, 50))
def test_more_of_the_same_makes_the_interval_narrower(hits):
    few, many = metrics.share(hits, 50), metrics.share(100 * hits, 5000)
    assert many.high - many.low < few.high - few.low


def test_a_share_reads_as_a_sentence():
    assert str(metrics.share(8, 10)) == "80.00 % (95 % interval 49.02 to 94.33)"


def test_accuracy_counts_where_the_largest_stands_at_the_label():
    assert metrics.accuracy(np.array([1, 2, 3, 4]), answers(1, 2, 3, 5)).value == 0.75


def test_the_lowest_and_the_highest_tenth_are_rounded_up_to_whole_shares():
    shares = np.arange(11) / 10
    assert metrics.lowest_tenth(shares[::-1]) == pytest.approx((0 + 0.1) / 2)
    assert metrics.highest_tenth(shares) == pytest.approx((0.9 + 1) / 2)
    assert metrics.lowest_tenth(shares[3:4]) == metrics.highest_tenth(shares[3:4]) == 0.3


def test_log_loss_is_the_surprise_at_the_right_answer():
    probabilities = answers(3, 3, sure=0.5)
    expected = -(np.log(0.5) + np.log(0.5 / 9)) / 2
    assert metrics.log_loss(np.array([3, 4]), probabilities) == pytest.approx(expected)


def test_log_loss_of_an_impossible_answer_is_large_but_finite():
    assert 50 < metrics.log_loss(np.array([0]), answers(1, sure=1.0)) < 1000


def test_a_confusion_matrix_has_labels_down_and_answers_across():
    counts = metrics.confusion_matrix(np.array([7, 7, 7, 1]), np.array([7, 1, 1, 1]))
    assert counts.shape == (10, 10) and counts.sum() == 4
    assert counts[7, 7] == 1 and counts[7, 1] == 2 and counts[1, 1] == 1


def test_a_confusion_matrix_is_a_table_with_dots_for_nothing():
    counts = np.zeros((10, 10), int)
    counts[0, 0], counts[7, 1] = 980, 12
    lines = metrics.matrix_text(counts).splitlines()
    assert lines[0].split() == ["digit", *"0123456789", "<-", "read", "as"]
    assert lines[1].split() == ["0", "980", *["."] * 9]
    assert lines[8].split() == ["7", ".", "12", *["."] * 8]
    assert len({len(line) for line in lines[1:]}) == 1
    assert lines[0].index("1") == lines[8].index("12") + 1  # figures end below the head's


def test_reliability_sorts_answers_by_how_sure_they_are():
    bins = metrics.reliability(np.array([0, 0, 0]), np.concatenate([answers(0, 1, sure=0.5), answers(0, sure=1.0)]))
    used = bins.counts.nonzero()[0]
    assert used.tolist() == [7, 14]  # of 15 bins: 7/15 to 8/15, and the last
    assert bins.counts[used].tolist() == [2, 1]
    np.testing.assert_allclose(bins.confidence[used], [0.5, 1])
    np.testing.assert_allclose(bins.accuracy[used], [0.5, 1])


def test_who_is_right_as_often_as_claimed_is_calibrated():
    labels = np.array([0] * 80 + [1] * 20)
    assert metrics.calibration_error(labels, answers(*[0] * 100, sure=0.8)) == pytest.approx(0, abs=1e-9)


def test_who_claims_more_than_is_true_is_not():
    labels = np.array([0] * 50 + [1] * 50)
    assert metrics.calibration_error(labels, answers(*[0] * 100, sure=0.9)) == pytest.approx(0.4)


def test_a_temperature_above_one_doubts_and_below_one_is_surer_of_the_same_answer():
    before = answers(3, 4, sure=0.7)
    cool, warm = (metrics.softmax(np.log(before), temperature) for temperature in (0.5, 2.0))
    np.testing.assert_allclose(metrics.softmax(np.log(before)), before, atol=1e-6)
    assert (cool.max(1) > before.max(1)).all() and (warm.max(1) < before.max(1)).all()
    for changed in (cool, warm):
        assert changed.argmax(1).tolist() == [3, 4]
        np.testing.assert_allclose(changed.sum(1), 1)


def test_the_honest_temperature_undoes_a_wrong_one():
    rng = np.random.default_rng(0)
    honest = rng.dirichlet(np.full(10, 0.3), 5000)
    labels = np.array([rng.choice(10, p=chances) for chances in honest])  # as often right as it says
    for wrong in (0.5, 1.0, 1.6):
        logits = np.log(honest) / wrong
        found = metrics.honest_temperature(
            (honest.argmax(1) == labels).mean(),
            lambda tried, logits=logits: metrics.softmax(logits, tried).max(1).mean(),
        )
        assert found == pytest.approx(1 / wrong, rel=0.06)


def sure(*confidences):
    """Return probabilities (n, 10) that give the digit 0 these chances."""
    rest = (1 - np.array(confidences))[:, None]
    return np.hstack([1 - rest, np.repeat(rest / 9, 9, axis=1)])


def test_risk_is_what_is_wrong_among_the_surest():
    curve = metrics.risk_coverage(np.array([0, 1, 0, 1]), sure(0.9, 0.6, 0.7, 0.8))  # right, wrong, right, wrong
    np.testing.assert_allclose(curve.coverage, [0.25, 0.5, 0.75, 1])
    np.testing.assert_allclose(curve.risk, [0, 1 / 2, 1 / 3, 2 / 4])
    assert metrics.aurc(np.array([0, 1, 0, 1]), sure(0.9, 0.6, 0.7, 0.8)) == pytest.approx(
        (0 + 1 / 2 + 1 / 3 + 1 / 2) / 4
    )


@quick
@given(st.lists(st.tuples(st.sampled_from([0.5, 0.7, 0.9]), st.booleans()), min_size=1, max_size=20), st.randoms())
def test_risk_does_not_depend_on_the_order_of_equally_sure_answers(answered, random):
    shuffled = random.sample(answered, len(answered))
    first, second = (
        metrics.risk_coverage(np.array([int(wrong) for _, wrong in each]), sure(*(value for value, _ in each)))
        for each in (answered, shuffled)
    )
    np.testing.assert_allclose(first.risk, second.risk)
    assert first.risk[-1] == pytest.approx(np.mean([wrong for _, wrong in answered]))


def test_who_is_never_wrong_risks_nothing_and_who_always_is_everything():
    assert metrics.aurc(np.zeros(3, int), sure(0.5, 0.5, 0.9)) == 0
    assert metrics.aurc(np.ones(3, int), sure(0.5, 0.5, 0.9)) == 1


def test_an_answer_at_the_threshold_is_accepted_and_one_below_it_refused():
    assert metrics.refused(sure(0.5, 0.6, 0.75, 0.9), 0.75).value == 0.5


confidences = st.lists(st.integers(0, 20).map(lambda n: n / 20), min_size=1, max_size=20).map(np.array)


def test_auroc_of_sets_apart_is_one_and_of_equal_sets_a_half():
    low, high = np.array([0.1, 0.2, 0.3]), np.array([0.7, 0.8])
    assert metrics.auroc(high, low) == 1
    assert metrics.auroc(low, high) == 0
    assert metrics.auroc(low, low) == 0.5


@quick
@given(confidences, confidences)
def test_auroc_is_the_share_of_pairs_in_the_right_order(digits, others):
    pairs = digits[:, None] - others
    assert metrics.auroc(digits, others) == pytest.approx((pairs > 0).mean() + (pairs == 0).mean() / 2)


def test_fpr95_is_what_slips_through_with_95_percent_of_the_digits():
    digits = np.arange(101) / 100  # the bound is at 0.05
    assert metrics.fpr95(digits, np.array([0.01, 0.02, 0.5, 0.6])) == 0.5
    assert metrics.fpr95(digits + 1, digits - 1) == 0
    assert metrics.fpr95(digits - 2, digits) == 1
