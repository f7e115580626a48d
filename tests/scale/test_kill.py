"""Stages and servers killed at random lose and double nothing; more in benchmarks/kill.py."""

import pytest

pytest.importorskip("fcntl", reason="there is no kill -9 here")

from benchmarks.kill import Trial, report, trial
from tests import needing


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_stages_and_servers_killed_at_work_lose_nothing_and_double_nothing(kafka, elasticsearch):
    with needing.servers():
        outcome = trial(Trial(kills=10, captures=600, seed=3))

    assert outcome.fine, "\n".join(report(outcome))
    assert sum(outcome.kills.values()) == 10
    assert outcome.kills.keys() >= {"kafka", "elasticsearch"}
