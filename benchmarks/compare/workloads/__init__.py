"""The workloads, in the order of the table."""

from benchmarks.compare.bench import Workload
from benchmarks.compare.workloads.crowd import Crowd
from benchmarks.compare.workloads.idle import Idle
from benchmarks.compare.workloads.joining import Joining
from benchmarks.compare.workloads.killing import Killing
from benchmarks.compare.workloads.restart import Restart
from benchmarks.compare.workloads.writer import OneWriter

WORKLOADS: tuple[Workload, ...] = (
    Crowd("fifty", "50 people typing 5 characters/s in one article", 1, 50, 50, 5.0),
    Crowd("two-hundred", "200 people typing 5 characters/s in one article", 1, 200, 200, 5.0),
    Crowd(
        "readers", "200 people in one article, 20 of them typing 5 characters/s", 1, 200, 20, 5.0
    ),
    OneWriter(),
    Crowd("articles", "500 articles with two people each, 1 character/s a person", 500, 2, 2, 1.0),
    Joining(),
    Idle(),
    Restart(),
    Killing(),
)
