"""The Disease activity page: SLEDAI and every other numeric measure over time."""

from analysis.cohort.egfr import COMPUTED, egfr_is_computed
from analysis.figures.common.number_words import NO_PATIENTS
from analysis.figures.scores.trajectory_tables import trajectory_table
from analysis.listings.left_out import left_out_of_trajectory
from pages.controls import page_options
from pages.shown import activity_figures, activity_parts, behind, figure, month_slider, treatments
from pages.state import session
from pages.state.activity_options import ACTIVITY, MEASURE, SUMMARY, centre
from pages.state.ending import NothingToShowError

view = session.view()
if not len(view.present):
    raise NothingToShowError(NO_PATIENTS)
activity_figures.check_measures(view)

chosen = page_options.ask(ACTIVITY, view.whole)
quantity, unit = activity_figures.quantity(chosen)
result = activity_figures.over_time_result(view, chosen)
methods = {result.question: result.method}
if egfr_is_computed(view.cohort, chosen[MEASURE]):
    methods["Where does eGFR come from?"] = COMPUTED

left, right = figure.pair("trajectory")
with left:
    month_slider.of_visits(
        view.whole,
        lambda answers: figure.pickable(
            view, activity_figures.over_time(view, answers), behind.PATIENT, month_slider.read_visit
        ),
    )
    figure.rows_here(view, "Lines of single patients")
with right:
    methods |= figure.parts({"How many respond?": activity_parts.responders}, view, chosen)
    figure.numbers(
        f"{chosen[SUMMARY]} of {quantity}{f' in {unit}' if unit else ''}", session.drawn(trajectory_table, result)
    )

parts: dict[str, figure.Part] = {
    "How much does it change?": activity_parts.change,
    "How much has it changed in each patient?": activity_parts.waterfall,
    "Who does not come again?": activity_parts.leavers,
    "How severe is it?": activity_parts.bands,
    "Who is on which drug?": treatments.treatments,
    "A model of all values": activity_parts.model,
}
methods |= figure.parts(parts, view, chosen)
figure.how_made(view, methods)
shown = activity_figures.of_values(view, chosen)
figure.left_out(
    view,
    int(result.left_out["patients"].sum()),
    lambda: session.estimate(left_out_of_trajectory, view.cohort, chosen[MEASURE], centre=centre(chosen), **shown),
)
