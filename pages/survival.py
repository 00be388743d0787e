"""The Survival page: Kaplan-Meier curves, or cumulative incidence with competing events, and their comparison."""

from analysis.figures.common.number_words import NO_PATIENTS
from analysis.figures.survival.curve_tables import steps_table
from analysis.listings.event_times import left_out_of_curves
from pages.controls import page_options
from pages.shown import behind, figure, month_slider, survival_comparison, survival_figure
from pages.state import session
from pages.state.ending import NothingToShowError
from pages.state.survival_options import SURVIVAL, endpoint

view = session.view()
if not len(view.present):
    raise NothingToShowError(NO_PATIENTS)
chosen = page_options.ask(SURVIVAL, view.whole)
asked = endpoint(chosen)
outcome = survival_figure.outcome(view, chosen)

left, right = figure.pair("survival")
with left:
    drawn = month_slider.of_months(view.whole, chosen, lambda answers: survival_figure.draw(view, answers, outcome))
with right:
    figure.choosable(
        view,
        "survival_times",
        "At chosen times (95 % interval)",
        drawn.times_words,
        lambda row, _: behind.time(view, asked).behind(dict(drawn.times.iloc[row])),
    )
    if drawn.medians is not None:
        figure.numbers("Patients, events, medians in months", drawn.medians)

methods = survival_comparison.show(view, chosen, outcome)
with figure.folded("steps", "Every step of the curve as a table") as place:
    if place.open:
        figure.choosable(
            view,
            "steps",
            "Choose a number to see who left then",
            steps_table(drawn.steps),
            lambda row, _: behind.step(view, drawn.steps, asked).behind(dict(drawn.steps.iloc[row])),
        )
shown = drawn.shown
figure.how_made(view, {shown.question: shown.method, **methods}, shown.time_zero)
figure.left_out(drawn.left_out, lambda: left_out_of_curves(view.cohort, asked, by=view.by))
