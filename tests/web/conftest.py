"""One browser for all tests of the page."""

import pytest

from tests.support import browsers


@pytest.fixture(scope="session")
def browser():
    with browsers.started() as browser:
        yield browser
