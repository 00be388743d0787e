"""How many examples a property is tried on where one is slow, or reads a cohort: a part of those of the profile."""

from hypothesis import settings

FEW = settings(max_examples=settings.default.max_examples // 4)
SOME = settings(max_examples=settings.default.max_examples * 2 // 5)
