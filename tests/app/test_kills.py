"""Programs killed at random lose and double nothing; more in benchmarks/kill_embedded.py."""

import pytest

pytest.importorskip("fcntl", reason="there is no kill -9 here")

from benchmarks.kill_embedded import Trial, report, trial


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_programs_killed_at_work_lose_nothing_and_double_nothing():
    outcome = trial(Trial(kills=12, seed=3, items=100, lines=500))

    assert outcome.fine, "\n".join(report(outcome))
    assert len(outcome.kills) == 12
    assert any(kill.at_work for kill in outcome.kills)
