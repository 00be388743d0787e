"""How the tests run: two processes, with all browser tests in one of them; no property test fails by the clock."""

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

# A machine may be busy with something else.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")


class BrowserTestsTogether(LoadScopeScheduling):
    """Browser tests go to one process, so that they share one server and one browser; any other test goes anywhere."""

    def _split_scope(self, nodeid: str) -> str:
        return "browser" if nodeid.startswith("tests/browser/") else nodeid


@pytest.hookimpl(optionalhook=True)  # unknown where the tests run in one process
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> BrowserTestsTogether:
    """Return who shares out the tests: the largest share, that of the browser, first."""
    return BrowserTestsTogether(config, log)
