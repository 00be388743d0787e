"""How many examples a property is tried on where one is slow: a part of those of the profile that was chosen."""

from hypothesis import settings

FEW = settings(max_examples=settings.default.max_examples // 4)
