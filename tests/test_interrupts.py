"""Ctrl-C at random moments: nothing is lost, no file is broken, and it ends."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes of POSIX")

# forks the command line again and again, with all that is loaded and compiled, and interrupts it
# at random moments; says in a line of JSON what became of each
SERVER = """
import json, os, random, signal, sys, tempfile, time
count, span, presses, number, *words = json.loads(sys.argv[1])
report = os.fdopen(os.dup(1), "w")
out, err = (tempfile.TemporaryFile() for _ in range(2))
os.dup2(out.fileno(), 1)
os.dup2(err.fileno(), 2)
from hopfield_opt import signals
from hopfield_opt.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)
signals.install()
main(words)
draws = random.Random(1)
for _ in range(count):
    moment = draws.uniform(0, span)
    for file in (out, err):
        file.truncate(0)
        file.seek(0)
    child = os.fork()
    if not child:
        os._exit(main(words))
    time.sleep(moment)
    for _ in range(presses):
        os.kill(child, number)
        time.sleep(0.01)
    pressed = time.monotonic()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    late = time.monotonic() - pressed
    said = [os.pread(file.fileno(), 10**6, 0).decode() for file in (out, err)]
    json.dump([moment, late, code, *said], report)
    print(file=report, flush=True)
"""
SOLVE = ["solve", "tsp", "--random", "n=60", "--time-limit", "0.5", "--seed", "1", "--json"]
WAITING = "interrupted: waiting for the compiler; press again to stop at once.\n"
COMPARE = ["compare", "max-cut", "--random", "n=30", "--time-limit", "0.05", "--seeds", "2"]


def fates(elsewhere, words, count, span, presses=1, number=signal.SIGINT):
    """Yield moment, delay, exit code, output and errors of runs interrupted within `span`."""
    task = json.dumps([count, span, presses, int(number), *words])
    command = [sys.executable, "-c", SERVER, task]
    with subprocess.Popen(command, stdout=subprocess.PIPE, **elsewhere) as server:
        lines = list(server.stdout)
    assert (server.returncode, len(lines)) == (0, count)
    for line in lines:
        *first, err = json.loads(line)
        # with an empty cache of kernels
        yield [*first, err.replace(WAITING, "")]


def check_solve(elsewhere, tmp_path, count, number):
    """Assert that each interrupted `solve` leaves an answer or says that there is none."""
    target = tmp_path / "answer.json"
    ends = set()
    for fate in fates(elsewhere, [*SOLVE, "--output", str(target)], count, 0.8, 1, number):
        _, late, code, out, err = fate
        ends.add(code)
        assert code in (0, 130), fate
        assert late < 5, fate
        if out:
            report = json.loads(out)
            assert err == "", fate
            assert sorted(report["answer"]) == list(range(60)), fate
            assert code == 130 or report["status"] != "INTERRUPTED", fate
        else:
            assert (code, err) == (130, "interrupted.\n"), fate
        assert set(json.loads(target.read_text())) >= {"answer", "value"}, fate
    assert 130 in ends
    assert [entry.name for entry in tmp_path.iterdir()] == [target.name]


def check_compare(elsewhere, tmp_path, count):
    """Assert that each interrupted `compare` leaves the rows that there are."""
    target = tmp_path / "rows.csv"
    for fate in fates(elsewhere, [*COMPARE, "--json", "--csv", str(target)], count, 4.0):
        _, late, code, out, err = fate
        assert code in (0, 130), fate
        assert late < 5, fate
        assert err in ("", "interrupted.\n"), fate
        assert out or code == 130, fate
        assert not out or "rows" in json.loads(out), fate
        widths = {len(row) for row in csv.reader(target.read_text().splitlines())}
        assert len(widths) == 1, fate
    assert [entry.name for entry in tmp_path.iterdir()] == [target.name]


def test_solve(elsewhere, tmp_path):
    """Ctrl-C gives the best so far, or one line, and a complete file or the old one."""
    check_solve(elsewhere, tmp_path, 8, signal.SIGINT)


def test_a_lost_connection_keeps_the_best(elsewhere, tmp_path):
    """SIGHUP, which a closed terminal sends, is heard as Ctrl-C is."""
    check_solve(elsewhere, tmp_path, 6, signal.SIGHUP)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_solve_at_hundreds_of_moments(elsewhere, tmp_path, number):
    """The same, more often, and for what a batch system sends."""
    check_solve(elsewhere, tmp_path, 200, number)


@pytest.mark.slow
def test_compare(elsewhere, tmp_path):
    """Ctrl-C gives the rows so far, or one line, and a complete file or the old one."""
    check_compare(elsewhere, tmp_path, 20)


def test_the_second_press_ends_it(elsewhere):
    """Two presses end the program within moments, with at most a line for each."""
    words = ["solve", "max-cut", "--random", "n=300", "--time-limit", "1", "--json"]
    for fate in fates(elsewhere, words, 4, 0.8, presses=2):
        _, late, code, out, err = fate
        assert code in (0, 130), fate
        assert late < 2, fate
        assert err in ("", "interrupted.\n"), fate
        assert not out or json.loads(out), fate


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_during_the_imports(elsewhere, share):
    """Ctrl-C before there is anything to be lost is one line, and never a traceback."""
    # the module says that it was reached: what Python does before is not ours
    code = (
        "import os, sys; from hopfield_opt.__main__ import main, signals; real = signals.install\n"
        "def install():\n    real(); os.write(1, b'in')\n"
        "signals.install = install; sys.exit(main())"
    )
    words = ["solve", "max-cut", "--random", "n=2000", "--time-limit", "30", "--sweeps", "1"]
    with subprocess.Popen(
        [sys.executable, "-c", code, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        **elsewhere,
    ) as process:
        assert process.stdout.read(2) == "in"
        time.sleep(share)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    assert err in ("", "interrupted.\n")
    assert process.returncode in (0, 130)


@pytest.mark.slow
def test_an_orphan_ends(elsewhere):
    """The process that runs baselines ends when the one that asked is killed."""
    script = Path(elsewhere["cwd"]) / "asks.py"
    script.write_text(
        "import pickle\n"
        "from hopfield_opt.comparison.worker import Worker\n"
        "import sleeper\n"
        "worker = Worker()\n"
        "worker.call(pickle.dumps(sleeper.sleep), 0, 60.0, 60.0)\n"
    )
    script.with_name("sleeper.py").write_text(
        "import os, sys, time\n"
        "def sleep(seed, deadline):\n"
        "    open('pid', 'w').write(str(os.getpid()) + '.')\n"
        "    time.sleep(60)\n"
    )
    pid = script.with_name("pid")
    with subprocess.Popen([sys.executable, script.name], **elsewhere) as process:
        until = time.monotonic() + 60
        while not (pid.exists() and pid.read_text().endswith(".")) and time.monotonic() < until:
            time.sleep(0.05)
        process.kill()
    worker = int(pid.read_text().rstrip("."))
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            os.kill(worker, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    os.kill(worker, signal.SIGKILL)
    pytest.fail("the process still runs")
