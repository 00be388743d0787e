"""How many examples a property is tried on, and which tests are begun first."""

import pytest
from hypothesis import settings

# Each run tries the same few examples of a property; --hypothesis-profile=thorough tries many, and new ones each time.
# None fails by the clock: a machine may be busy with something else.
settings.register_profile("everyday", deadline=None, derandomize=True, max_examples=25)
# On the lowest versions a third of them tells whether a package does otherwise.
settings.register_profile("lowest", deadline=None, derandomize=True, max_examples=8)
settings.register_profile("thorough", deadline=None, max_examples=500)
settings.load_profile("everyday")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long tests: the process that meets one in the end would leave the other without work."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
