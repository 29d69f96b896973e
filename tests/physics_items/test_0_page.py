"""The page of errors names tests that exist."""

import re
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
PAGE = HERE.parents[1] / "docs" / "errors_in_the_sources.md"
NAMED = re.findall(r"`(test_\w+?(?:_\.\.\.)?)::(test_\w+?(?:\.\.\.)?)`", PAGE.read_text("utf-8"))


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_the_tests_of_the_page_exist(file, test):
    """Each test that the page names, shortened or not, is the beginning of one in that file."""
    pattern = file.replace("_...", "_errors_of_the_sources") + ".py"
    known = re.findall(r"^def (test_\w+)", (HERE / pattern).read_text("utf-8"), re.MULTILINE)
    begin = test.removesuffix("...")
    assert begin in known if begin == test else any(name.startswith(begin) for name in known)


def test_every_row_has_its_number_once():
    """Rows are numbered from 1 on, without a gap."""
    numbers = [int(n) for n in re.findall(r"^\| (\d+) \|", PAGE.read_text("utf-8"), re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(NAMED) >= len(numbers) - 3
