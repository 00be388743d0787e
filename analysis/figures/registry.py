"""All kinds of figures."""

from __future__ import annotations

from analysis.figures.common.kind import FigureKind
from analysis.figures.description.one_patient import ONE_PATIENT
from analysis.figures.description.treatments import TREATMENTS
from analysis.figures.scores.trajectory import TRAJECTORY
from analysis.figures.scores.waterfall import WATERFALL
from analysis.figures.states.dots import DOTS
from analysis.figures.states.state_counts import STATE_COUNTS
from analysis.figures.states.swimmer import SWIMMER
from analysis.figures.survival.beside_survival import BESIDE_SURVIVAL
from analysis.figures.survival.centres_at_month import CENTRE_SURVIVAL
from analysis.figures.survival.incidence import INCIDENCE
from analysis.figures.survival.kaplan_meier import KAPLAN_MEIER
from analysis.figures.survival.mean_relapses import MEAN_RELAPSES
from analysis.figures.survival.turnbull import TURNBULL
from analysis.figures.yearly.beside_published import BESIDE_PUBLISHED
from analysis.figures.yearly.centres_by_year import CENTRE_SHARES
from analysis.figures.yearly.ledger import LEDGER
from analysis.figures.yearly.ways_of_counting import WAYS_OF_COUNTING
from analysis.figures.yearly.yearly import YEARLY

KINDS: tuple[FigureKind, ...] = (
    KAPLAN_MEIER,
    INCIDENCE,
    YEARLY,
    WAYS_OF_COUNTING,
    LEDGER,
    BESIDE_PUBLISHED,
    BESIDE_SURVIVAL,
    CENTRE_SHARES,
    CENTRE_SURVIVAL,
    MEAN_RELAPSES,
    TURNBULL,
    STATE_COUNTS,
    TRAJECTORY,
    WATERFALL,
    TREATMENTS,
    SWIMMER,
    DOTS,
    ONE_PATIENT,
)
