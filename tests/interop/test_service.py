"""The service of docs/service.md does what the page says, over a wire."""

import json
import re
import sys
import threading
import time
import types
from pathlib import Path

import pytest

import hopfield_opt as ho
from hopfield_opt.driver import background

fastapi, httpx, uvicorn = map(pytest.importorskip, ("fastapi", "httpx", "uvicorn"))

PAGE = Path(__file__).resolve().parents[2] / "docs" / "service.md"
SQUARE = {"edges": [[0, 1, 1], [1, 2, 1], [2, 3, 1], [3, 0, 1]], "seconds": 5}
SECONDS = 60  # for a machine that is busy


def block(part):
    """Return the Python block of the page that has a part."""
    found = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    (own,) = (text for text in found if part in text)
    return own


@pytest.fixture(scope="module")
def url():
    """Serve the page's own service from a thread of this process."""
    module = types.ModuleType("service_of_the_page")
    sys.modules[module.__name__] = module
    exec(compile(block("FastAPI()"), "docs/service.md", "exec"), module.__dict__)
    options = {"log_level": "error", "port": 0, "lifespan": "off", "ws": "none"}
    server = uvicorn.Server(uvicorn.Config(module.app, **options))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/max-cut"
    server.should_exit = True
    thread.join(SECONDS)
    del sys.modules[module.__name__]


def until(holds):
    """Wait until something holds."""
    end = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def events(response):
    """Yield kind and data of the events of a response."""
    kind = ""
    for line in response.iter_lines():
        name, _, text = line.partition(": ")
        if name == "event":
            kind = text
        elif name == "data":
            yield kind, json.loads(text)


def large(seed):
    """Return a question that takes longer than any test."""
    graph = ho.problems.MaxCut.random(300, seed=seed).graph
    edges = [[int(u), int(v), 1] for u, v in zip(graph.heads, graph.tails, strict=True)]
    return {"edges": edges, "seconds": 60}


def test_an_answer_is_streamed(url):
    """Better and better cuts, and the result at last."""
    with httpx.stream("POST", url, json=SQUARE, timeout=SECONDS) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        told = list(events(response))
    assert told[-1][0] == "result"
    assert told[-1][1]["value"] == 4.0
    assert told[-1][1]["status"] == "OPTIMAL"
    values = [data["value"] for kind, data in told if kind == "incumbent"]
    assert values == sorted(values)


def test_whoever_goes_away_ends_the_search(url):
    """The job is over soon, long before its limit, and the place is free again."""
    before = set(background._running)
    with httpx.stream("POST", url, json=large(0), timeout=SECONDS) as response:
        told = events(response)  # kept: where it is collected the response is closed
        kind, data = next(told)
        assert kind == "incumbent"
        assert data["value"] > 0
        assert len(set(background._running) - before) == 1
    until(lambda: not set(background._running) - before)


def test_two_calls_go_on_side_by_side_and_a_third_waits(url):
    """The limit of the page."""
    with (
        httpx.stream("POST", url, json=large(1), timeout=SECONDS) as one,
        httpx.stream("POST", url, json=large(2), timeout=SECONDS) as two,
    ):
        told = [events(one), events(two)]
        assert {next(own)[0] for own in told} == {"incumbent"}
        with (
            pytest.raises(httpx.ReadTimeout),
            httpx.stream("POST", url, json=SQUARE, timeout=httpx.Timeout(SECONDS, read=0.5)) as no,
        ):
            next(events(no))
    with httpx.stream("POST", url, json=SQUARE, timeout=SECONDS) as response:
        assert list(events(response))[-1][0] == "result"


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ({"edges": [[0, 1, 1]], "seconds": 61}, 422),
        ({"edges": [[0, 1]]}, 422),
        ({"edges": [[0, 1, 1e308], [0, 1, 1e308]]}, 422),
        ({}, 422),
    ],
)
def test_what_is_no_question(url, question, code):
    """It is refused with a reason, before anything is searched."""
    response = httpx.post(url, json=question, timeout=SECONDS)
    assert response.status_code == code
    assert response.json()["detail"]


def test_the_service_is_short():
    """As the page says: about forty lines."""
    assert len([line for line in block("FastAPI()").splitlines() if line]) <= 40
