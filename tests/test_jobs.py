"""A job's folder is its owner's alone, and its log is read whole whatever was cut, long or strange."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_envlink.engines.base import Step
from jupyter_envlink.errors import Conflict, InvalidRequest, NotFound
from jupyter_envlink.jobs.log import CHUNK
from jupyter_envlink.jobs.record import Job, Status
from jupyter_envlink.jobs.report import JobReporter
from jupyter_envlink.jobs.store import JobStore
from jupyter_envlink.request import Operation
from jupyter_envlink.sentence import Sentence, told

posix = pytest.mark.skipif(os.name == "nt", reason="rights")


@pytest.fixture
def store(tmp_path: Path) -> JobStore:
    return JobStore(tmp_path / "envlink" / "jobs")


@pytest.fixture
def job(store: JobStore) -> Job:
    return store.create(Operation.CREATE, "demo", "/envs/demo", "/envs", {"text": "name: demo", "path": None})


def events(store: JobStore, job: Job) -> Path:
    return store.folder(job.id) / "events.jsonl"


def texts(entries: list[dict[str, str]]) -> list[str]:
    return [entry["text"] for entry in entries]


@pytest.fixture(params=[0o022, 0o000, 0o777], ids=oct)
def umask(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


@posix
def test_folders_and_files_are_the_owners_alone(tmp_path: Path, umask: None) -> None:
    store = JobStore(tmp_path / "jobs")
    job = store.create(Operation.CREATE, "demo", "/envs/demo", "/envs", {})
    store.append(job.id, {"kind": "line", "text": "hello"})
    store.set_worker(job.id)
    store.set_started(job.id, 1, 1.0)
    store.request_cancel(job.id)
    folder = store.folder(job.id)

    assert {path.stat().st_mode & 0o777 for path in (store.root, folder)} == {0o700}
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in folder.iterdir()} == dict.fromkeys(
        os.listdir(folder), "0o600"
    )


def test_a_job_is_read_as_it_was_written(store: JobStore, job: Job) -> None:
    store.update(job, status=Status.FAILED, percent=12.5, error={"code": "x"})

    found = store.load(job.id)

    assert found.request == job.request
    assert (found.status, found.progress.percent, found.progress.error) == (Status.FAILED, 12.5, {"code": "x"})
    assert "text" not in json.dumps(found.as_dict())


def test_the_secrets_of_a_file_go_once_no_retry_needs_them(store: JobStore) -> None:
    text = "channels: ['https://me:hunter2@host/x', conda-forge]\ndependencies: [python]\n"
    options = {"text": text, "path": None, "more": {"urls": ["https://host/t/hunter2/x", "https://host/y"]}}
    failed, done = (store.create(Operation.CREATE, name, f"/envs/{name}", "/envs", options) for name in "ab")
    store.update(failed, status=Status.FAILED)
    store.succeed(done, {})

    assert store.load(failed.id).request.options == options
    kept = store.load(done.id).request
    assert kept.options["text"] == text.replace("me:hunter2", "***")
    assert kept.options["more"] == {"urls": ["https://host/t/***/x", "https://host/y"]}
    assert (kept.id, kept.owner, kept.created) == (done.id, done.request.owner, done.request.created)


def test_of_ended_jobs_the_list_keeps_what_it_shows(store: JobStore, job: Job) -> None:
    store.update(job, status=Status.SUCCEEDED)
    running = store.create(Operation.CREATE, "other", "/envs/other", "/envs", {"text": "name: other"})

    for _ in range(2):  # the second time from memory
        shown = {each.id: each for each in store.all()}
        assert dict(shown[job.id].request.options) == {"path": None}
        assert shown[running.id].request.options == {"text": "name: other"}
        assert shown[job.id].as_dict() == store.load(job.id).as_dict()
    store.update(running, status=Status.FAILED)
    assert {each.status for each in store.all()} == {Status.SUCCEEDED, Status.FAILED}
    assert store.load(job.id).request.options["text"] == "name: demo"


def test_the_newest_is_the_first(store: JobStore) -> None:
    made = [store.create(Operation.REMOVE, name, f"/envs/{name}", "/envs", {}).id for name in "abc"]

    assert sorted(made, reverse=True) == [job.id for job in store.all()]


@pytest.mark.parametrize("job_id", ["", ".", "..", "../x", "a/b", "a\\b", "nothing", "a\0b", "é" * 200])
def test_an_id_leads_nowhere_else(store: JobStore, job: Job, job_id: str) -> None:
    with pytest.raises(NotFound):
        store.folder(job_id)


@pytest.mark.parametrize(
    "record", ["", "[]", "{}", '{"id": 1}', '{"operation": "explode"}', "\0", '{"operation": "create"}']
)
def test_a_record_that_is_garbage_hides_no_other(store: JobStore, job: Job, record: str) -> None:
    other = store.create(Operation.CREATE, "other", "/envs/other", "/envs", {})
    (store.folder(other.id) / "job.json").write_text(record)
    (store.root / "a file").write_text("")

    assert [each.id for each in store.all()] == [job.id]
    with pytest.raises(NotFound, match="cannot be read"):
        store.load(other.id)


def test_a_log_is_read_by_offset(store: JobStore, job: Job) -> None:
    store.append(job.id, {"kind": "line", "text": "one ☕"})
    first = store.log(job.id, 0)
    store.append(job.id, {"kind": "line", "text": "two"})
    second = store.log(job.id, first["next_offset"])

    assert (texts(first["entries"]), texts(second["entries"])) == (["one ☕"], ["two"])
    assert store.log(job.id, second["next_offset"]) == {**second, "entries": []}


def test_a_line_that_is_being_written_is_left_for_the_next_time(store: JobStore, job: Job) -> None:
    store.append(job.id, {"kind": "line", "text": "whole"})
    size = events(store, job).stat().st_size
    with events(store, job).open("ab") as stream:
        stream.write(b'{"kind": "line", "te')
    store.update(job, status=Status.SUCCEEDED)

    found = store.log(job.id, 0)

    assert (texts(found["entries"]), found["next_offset"]) == (["whole"], size)


def test_a_line_that_was_cut_spoils_no_other(store: JobStore, job: Job) -> None:
    """Its writer was killed; somebody else goes on writing."""
    store.append(job.id, {"kind": "line", "text": "before"})
    with events(store, job).open("ab") as stream:
        stream.write('{"kind": "line", "text": "☕'.encode()[:-1])
    store.append(job.id, {"kind": "error", "text": "after"})
    store.update(job, status=Status.INTERRUPTED)

    assert texts(store.whole_log(job.id)) == ["before", "after"]
    assert store.log(job.id, 0)["finished"] is True


def test_a_very_long_line_stops_no_reader(store: JobStore, job: Job) -> None:
    long = "x" * (3 * CHUNK)
    for text in ("before", long, "after"):
        store.append(job.id, {"kind": "line", "text": text})

    assert texts(store.whole_log(job.id)) == ["before", long, "after"]


def test_a_long_log_comes_in_pieces_and_ends_when_all_is_read(store: JobStore, job: Job) -> None:
    for number in range(2000):
        store.append(job.id, {"kind": "line", "text": f"{number} " + "☕\u2028\x85" * 60})
    store.update(job, status=Status.SUCCEEDED)
    offset, pieces = 0, []
    while not pieces or not pieces[-1]["finished"]:
        pieces.append(store.log(job.id, offset))
        offset = pieces[-1]["next_offset"]

    found = [entry["text"].split()[0] for piece in pieces for entry in piece["entries"]]
    assert found == [str(number) for number in range(2000)]
    assert len(pieces) > 2


def test_what_is_no_unicode_is_replaced(store: JobStore, job: Job) -> None:
    store.append(job.id, {"kind": "line", "text": "name \udcff"})

    assert texts(store.whole_log(job.id)) == ["name ?"]


def test_a_log_has_no_negative_offset_and_may_be_empty(store: JobStore, job: Job) -> None:
    assert store.log(job.id, 0) == {"entries": [], "next_offset": 0, "finished": False}
    assert store.log(job.id, 10**9)["entries"] == []
    with pytest.raises(InvalidRequest):
        store.log(job.id, -1)


def test_cancelling_is_told_until_it_has_ended(store: JobStore, job: Job) -> None:
    store.request_cancel(job.id)
    cancelling = store.load(job.id).status
    store.update(job, status=Status.CANCELLED)

    assert (cancelling, store.load(job.id).status) == (Status.CANCELLING, Status.CANCELLED)


# what a worker reports


@pytest.fixture
def reporter(store: JobStore, job: Job) -> JobReporter:
    return JobReporter(store, job, {"solving": 10, "downloading": 60, "installing": 30})


def test_phases_and_shares_make_the_percent(store: JobStore, job: Job, reporter: JobReporter) -> None:
    percents = []
    for phase, share in (("solving", 0.0), ("downloading", 0.5), ("installing", 0.2), ("downloading", 1.0)):
        reporter._written = 0.0
        reporter.phase(phase, "") if share == 0 else reporter.step(Step(phase, share, "python"))
        percents.append(store.load(job.id).progress.percent)

    assert percents == sorted(percents, key=lambda percent: percent or 0)
    assert percents[-1] == pytest.approx(66.0)


def test_a_share_never_goes_back(store: JobStore, job: Job, reporter: JobReporter) -> None:
    reporter.step(Step("downloading", 0.9, "a"))
    reporter._written = 0.0
    reporter.step(Step("downloading", 0.1, "b"))

    assert store.load(job.id).progress.percent == pytest.approx(54.0)


def test_bytes_are_told_while_they_arrive(store: JobStore, job: Job, reporter: JobReporter) -> None:
    told = []
    for step in (
        Step("downloading", 0.1, "a", (10, 99)), Step("downloading", 0.2, "b"), Step("downloading", 1.0, "a", (99, 99)),
        Step("installing", 0.5, "a"),
    ):  # fmt: skip
        reporter._written = 0.0
        reporter.step(step)
        told.append(store.load(job.id).progress.bytes)

    assert told == [{"done": 10, "total": 99}, None, {"done": 99, "total": 99}, None]
    assert store.load(job.id).as_dict()["bytes"] is None


def test_a_thousand_steps_are_few_writes(store: JobStore, job: Job, reporter: JobReporter) -> None:
    for number in range(1000):
        reporter.step(Step("downloading", number / 1000, "python"))

    assert len(store.whole_log(job.id)) < 100


def test_secrets_reach_neither_log_nor_state(store: JobStore, job: Job, reporter: JobReporter) -> None:
    for url in ("https://user:hunter2@host/x", "https://host/t/hunter2/x", "https://host/x?token=hunter2"):
        reporter.line(f"asked {url}")
        reporter._written = 0.0
        reporter.step(Step("downloading", 0.1, url))

    assert [path.name for path in store.folder(job.id).iterdir() if "hunter2" in path.read_text()] == []
    assert len(store.whole_log(job.id)) == 6


def test_why_a_job_has_failed_can_be_told_in_any_language_and_lies_on_the_disk_in_english(
    store: JobStore, job: Job
) -> None:
    message = told("{name} has no Python.", name="demo")
    cause = {"message": told("The file is empty."), "line": 1}
    store.fail(job, Conflict(message, told("Look at the path."), details={"causes": [cause]}), Status.FAILED)
    written = json.loads((store.folder(job.id) / "state.json").read_text())
    assert written["error"]["message"] == written["message"] == "demo has no Python."
    assert written["error"]["details"]["causes"] == [cause]

    progress = JobStore(store.root).load(job.id).progress
    assert progress.error is not None
    said = [progress.message, progress.error["message"], progress.error["details"]["causes"][0]["message"]]
    assert all(isinstance(each, Sentence) for each in said)
    assert [*said] == ["demo has no Python.", "demo has no Python.", "The file is empty."]
    assert "sentences" not in Job(job.request, progress).as_dict()


def test_a_record_whose_sentences_cannot_be_understood_is_none(store: JobStore, job: Job) -> None:
    state = store.folder(job.id) / "state.json"
    found = json.loads(state.read_text())
    state.write_text(json.dumps({**found, "sentences": {"message": {"$sentence": []}}}))
    with pytest.raises(NotFound, match="cannot be read"):
        store.load(job.id)
