"""The dashboard that a researcher writes in an afternoon, with Streamlit, lifelines and Altair: three figures, filters.

It is what the app is measured against (`tests.benchmarks.peer`): no intervals for shares, no numbers at risk, no
comparison, no files.
"""

import altair as alt
import pandas as pd
import streamlit as st
from lifelines import KaplanMeierFitter

YEARS = [1, 2, 3, 4]


@st.cache_data
def load() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return patients and visits."""
    return pd.read_csv("sample_data/patients.csv"), pd.read_csv("sample_data/visits.csv")


st.set_page_config(layout="wide", page_title="Lupus and stem cells")
everybody, all_visits = load()
organs = sorted({organ for cell in everybody["organs"].dropna() for organ in cell.split(";")})
with st.sidebar:
    st.header("Filters")
    chosen_sources = st.pills("Source", sorted(everybody["msc_source"].unique()), selection_mode="multi")
    chosen_organs = st.pills("Organs", organs, selection_mode="multi")
    chosen_sex = st.pills("Sex", sorted(everybody["sex"].unique()), selection_mode="multi")
    low, high = st.slider("Age", 18, 60, (18, 60))

patients = everybody[everybody["age_years"].between(low, high)]
if chosen_sources:
    patients = patients[patients["msc_source"].isin(chosen_sources)]
if chosen_organs:
    patients = patients[patients["organs"].fillna("").map(lambda cell: bool(set(cell.split(";")) & set(chosen_organs)))]
if chosen_sex:
    patients = patients[patients["sex"].isin(chosen_sex)]
visits = all_visits[all_visits["patient_id"].isin(patients["patient_id"])]

st.title("Mesenchymal stem cells in lupus")
first, second, third = st.columns(3)
first.metric("Patients", len(patients))
second.metric("Deaths", int(patients["died"].sum()))
third.metric("Median follow-up (months)", f"{patients['follow_up_months'].median():.1f}")
if patients.empty:
    st.warning("No patients.")
    st.stop()

left, right = st.columns(2)
with left:
    st.subheader("Survival")
    fitter = KaplanMeierFitter().fit(patients["follow_up_months"], patients["died"])
    curve = pd.concat([fitter.survival_function_, fitter.confidence_interval_], axis=1).reset_index()
    curve.columns = ["months", "survival", "lower", "upper"]
    base = alt.Chart(curve).encode(x=alt.X("months", title="Months"))
    band = base.mark_area(opacity=0.2, interpolate="step-after").encode(
        y=alt.Y("lower", scale=alt.Scale(domain=[0, 1]), title="Survival"), y2="upper"
    )
    st.altair_chart(band + base.mark_line(interpolate="step-after").encode(y="survival"))
    st.caption(f"{len(patients)} patients, {int(patients['died'].sum())} deaths")
with right:
    st.subheader("Remission by year")
    rows = []
    for year in YEARS:
        near = visits[(visits["months"] - 12 * year).abs() <= 3].drop_duplicates("patient_id")
        known = near["remission"].dropna()
        share = 100 * (known == "complete").mean() if len(known) else 0
        rows.append((year, share, f"{(known == 'complete').sum()}/{len(known)}"))
    bars = alt.Chart(pd.DataFrame(rows, columns=["year", "percent", "counts"])).encode(
        x="year:O", y=alt.Y("percent", scale=alt.Scale(domain=[0, 100])), tooltip=["year", "percent", "counts"]
    )
    st.altair_chart(bars.mark_bar() + bars.mark_text(dy=-8).encode(text="counts"))

st.subheader("SLEDAI over time")
scores = visits.dropna(subset="sledai").merge(patients[["patient_id", "msc_source"]], on="patient_id")
thin = alt.Chart(scores).mark_line(opacity=0.2).encode(x="months", y="sledai", detail="patient_id")
mean = alt.Chart(scores.groupby("months", as_index=False)["sledai"].mean())
st.altair_chart(thin + mean.mark_line(strokeWidth=3).encode(x="months", y="sledai"))
st.dataframe(patients[["patient_id", "msc_source", "sex", "age_years", "follow_up_months", "died"]], hide_index=True)
