"""The Patients page: the courses of all patients, and one patient in detail."""

from analysis.figures.common.number_words import NO_PATIENTS
from analysis.figures.description.one_patient import ONE_PATIENT
from analysis.figures.description.patient_tables import patient_facts, patient_findings, patient_visits
from analysis.figures.states.swimmer import MOST_LANES, SWIMMER, swimmer_table
from analysis.listings.lanes import lanes
from pages.controls import page_options, patient_chooser
from pages.shown import figure, take_home
from pages.state import patient as in_view
from pages.state import session
from pages.state.ending import NothingToShowError
from pages.state.patients_options import LANES, MEASURES

view = session.view()
cohort = view.present
if not len(cohort):
    raise NothingToShowError(NO_PATIENTS)

patient = in_view.choose(cohort)
patient_chooser.show(cohort, patient)

left, right = figure.pair("patient")
with left:
    measures = page_options.ask_one(MEASURES, view.whole)
    course = session.Figure(
        key="patient_chart",
        question=f"What happened to patient {patient}?",
        chart=session.chart(ONE_PATIENT, view.whole, patient, measures, look=view.look),
        alt_text=session.drawn(ONE_PATIENT.description, view.whole, patient, measures),
        reading="",
        method="Values as recorded.",
    )
    figure.draw(course)
    take_home.offer(view, course)
with right:
    figure.numbers("What is known", session.drawn(patient_facts, view.whole, patient))
with figure.folded("visits", "Every visit as a table") as place:
    if place.open:
        figure.listing(patient_visits(view.whole, patient))
findings = session.drawn(patient_findings, view.whole, patient)
if len(findings):
    figure.listing(findings, "What the checks found for this patient")

sort = page_options.ask_one(LANES, view.whole)
courses = session.estimate(lanes, cohort, sort=sort, most=MOST_LANES)
picked = figure.pickable(
    view,
    session.Figure(
        key="swimmer",
        question=courses.question,
        chart=session.chart(SWIMMER, courses, look=view.look),
        alt_text=session.drawn(SWIMMER.description, courses),
        reading="Click a lane to see that patient above.",
        method=courses.method,
    ),
)
with figure.folded("swimmer_table", "The same as a table") as place:
    if place.open:
        figure.listing(swimmer_table(courses))
in_view.open_pick("swimmer", picked, cohort)
