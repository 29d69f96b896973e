"""A process that runs baselines, so that one which hangs or crashes can be ended.

Not `multiprocessing`: its new processes run the user's main script once more, which in a script
without the `if __name__ == "__main__"` line begins the whole comparison again.
"""

import contextlib
import importlib
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any, Literal, NoReturn

from hopfield_opt import jit

# sys.path goes first: the other side finds the same modules, the user's own included
_CODE = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); "
    "from hopfield_opt.comparison.worker import serve; serve()"
)
# the other side imports the package and unpickles the instance; that takes a second or two
START_SECONDS = 120.0
# baselines import these when they run; nobody is to be charged for it
_PRELOADED = ("networkx", "scipy.optimize", "cvxpy")
# while a kernel is compiled the other side says so this often, and patience begins anew
_BUSY_SECONDS = 0.05

Algorithm = Callable[[int, float | None], Any]


@dataclass(frozen=True)
class Reply:
    """What became of one call.

    Attributes
    ----------
    kind : {"started", "busy", "answer", "error", "unloadable", "cut"}
        What this is; "busy" while kernels are compiled.
    content : object
        The answer, or a sentence.
    seconds : float
        How long the call took.
    """

    kind: Literal["started", "busy", "answer", "error", "unloadable", "cut"]
    content: Any = None
    seconds: float = 0.0


def time_algorithm(algorithm: Algorithm, seed: int, limit: float) -> Reply:
    """Return the answer of `algorithm(seed, deadline)` or its error, and the time it took."""
    started = time.monotonic()
    try:
        answer = algorithm(seed, started + limit)
    except BaseException as error:  # of whatever ends a thread or a process silently, too
        seconds = time.monotonic() - started
        return Reply("error", f"{type(error).__name__}: {error}", seconds)
    return Reply("answer", answer, time.monotonic() - started)


def serve() -> None:
    """Answer calls from the standard input until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who asks
    asker = os.getppid()
    # whatever solvers print must not come between the answers
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    for name in _PRELOADED:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    while True:
        try:
            payload, seed, limit = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            algorithm = pickle.loads(payload)
        except Exception as error:
            _send(out, Reply("unloadable", f"{type(error).__name__}: {error}"))
            continue
        _answer(out, algorithm, seed, limit, asker)


def _answer(out: IO[bytes], algorithm: Algorithm, seed: int, limit: float, asker: int) -> None:
    """Run an algorithm; say that it has begun, while it compiles, and what came of it."""
    _send(out, Reply("started"))
    done = threading.Event()
    ticker = threading.Thread(target=_tick, args=(out, done, asker), daemon=True)
    ticker.start()
    reply = time_algorithm(algorithm, seed, limit)
    done.set()
    ticker.join()
    _send(out, reply)


def _tick(out: IO[bytes], done: threading.Event, asker: int) -> None:
    """Say that a kernel is being compiled, until the call is done; end with the one who asks."""
    while not done.wait(_BUSY_SECONDS):
        if os.getppid() != asker:
            os._exit(1)
        if jit.is_compiling():
            _send(out, Reply("busy"))


def _send(out: IO[bytes], reply: Reply) -> None:
    try:
        data = pickle.dumps(reply)
    except Exception as error:
        data = pickle.dumps(Reply("error", f"its answer cannot be pickled: {error}", reply.seconds))
    out.write(data)
    out.flush()


class Worker:
    """The other process, started when it is needed and ended with `close`."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._replies: queue.Queue[Reply] = queue.Queue()

    def call(self, payload: bytes, seed: int, limit: float, patience: float) -> Reply:
        """Run a pickled algorithm there.

        Parameters
        ----------
        payload : bytes
            The pickled `algorithm(seed, deadline)`.
        seed : int
            Its seed.
        limit : float
            The seconds from the start to the deadline.
        patience : float
            After so many seconds the process is killed.

        Returns
        -------
        Reply
            The answer, the error, "cut" if patience ended, or "unloadable".
        """
        process = self._start()
        assert process.stdin is not None
        with contextlib.suppress(OSError):  # where it has died the reader says so
            pickle.dump((payload, seed, limit), process.stdin)
            process.stdin.flush()
        reply = self._next(START_SECONDS)
        while reply.kind in ("started", "busy"):
            reply = self._next(patience)
        return reply

    def close(self) -> None:
        """End the process, whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                assert pipe is not None
                with contextlib.suppress(OSError):  # what was left to be written has no reader
                    pipe.close()
            self._process = None

    def _start(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _CODE],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            self._replies = queue.Queue()
            assert self._process.stdin is not None
            pickle.dump(sys.path, self._process.stdin)
            threading.Thread(
                target=_listen, args=(self._process.stdout, self._replies), daemon=True
            ).start()
        return self._process

    def _next(self, patience: float) -> Reply:
        """Return the next reply; where none comes the process is ended."""
        try:
            reply = self._replies.get(timeout=patience)
        except queue.Empty:
            reply = Reply("cut", seconds=patience)
        if reply.kind == "cut" or (reply.kind == "error" and reply.content is _DIED):
            self.close()
        return reply


_DIED = "its process died"
_NOT_SENT = (
    "not run: it must be importable by another process; put it into a module of its own, "
    "and import it from there"
)


def _listen(said: IO[bytes], replies: "queue.Queue[Reply]") -> None:
    """Put what the other process says into the queue, and at last that it has ended."""
    try:
        while True:
            replies.put(pickle.load(said))
    except Exception:  # the end of the pipe, or an answer that cannot be unpickled here
        replies.put(Reply("error", _DIED))


def call_copy(algorithm: Algorithm, seed: int, limit: float, patience: float) -> Reply:
    """Run an algorithm that cannot be sent away in a copy of this process, which ends with it.

    So run functions of the main script or of a notebook, lambdas and closures. Where a system
    makes no copies they are refused.
    """
    if not hasattr(os, "fork"):
        return Reply("error", _NOT_SENT)
    incoming, outgoing = os.pipe()
    with warnings.catch_warnings():
        # Python warns of locks that other threads may hold; a copy that waits for one is cut
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        _be_copy(outgoing, algorithm, seed, limit)
    os.close(outgoing)
    replies: queue.Queue[Reply] = queue.Queue()
    with os.fdopen(incoming, "rb") as pipe:
        listener = threading.Thread(target=_listen, args=(pipe, replies), daemon=True)
        listener.start()
        try:
            reply = Reply("started")
            while reply.kind in ("started", "busy"):
                reply = replies.get(timeout=patience)
        except queue.Empty:
            reply = Reply("cut", seconds=patience)
        finally:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            listener.join()
    return reply


def _be_copy(outgoing: int, algorithm: Algorithm, seed: int, limit: float) -> NoReturn:
    """Run an algorithm and write the reply; nothing else of the program goes on in any case."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who asks
        nowhere = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nowhere, number)
        sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115
        _answer(os.fdopen(outgoing, "wb"), algorithm, seed, limit, os.getppid())
    finally:
        os._exit(1)
