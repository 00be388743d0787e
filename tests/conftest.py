"""How the tests run: two processes, with all browser tests in one of them; how many examples a property is tried on."""

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

# Each run tries the same few examples of a property; --hypothesis-profile=thorough tries many, and new ones each time.
# None fails by the clock: a machine may be busy with something else.
settings.register_profile("everyday", deadline=None, derandomize=True, max_examples=25)
settings.register_profile("thorough", deadline=None, max_examples=500)
settings.load_profile("everyday")


class BrowserTestsTogether(LoadScopeScheduling):
    """Browser tests go to one process, so that they share one server and one browser; any other test goes anywhere."""

    def _split_scope(self, nodeid: str) -> str:
        return "browser" if nodeid.startswith("tests/browser/") else nodeid


@pytest.hookimpl(optionalhook=True)  # unknown where the tests run in one process
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> BrowserTestsTogether:
    """Return who shares out the tests: the largest share, that of the browser, first."""
    return BrowserTestsTogether(config, log)
