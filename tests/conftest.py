"""How many examples a property is tried on."""

from hypothesis import settings

# Each run tries the same few examples of a property; --hypothesis-profile=thorough tries many, and new ones each time.
# None fails by the clock: a machine may be busy with something else.
settings.register_profile("everyday", deadline=None, derandomize=True, max_examples=25)
settings.register_profile("thorough", deadline=None, max_examples=500)
settings.load_profile("everyday")
