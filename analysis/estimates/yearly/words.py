"""Words that several estimands use."""

OF_ALL_BY_INCIDENCE = (
    "Estimated from all patients (cumulative incidence, death competes), allowing for those no longer followed; "
    "at risk are those still followed without it so far."
)
NO_TEST_OF_A_CURVE = "no test of an estimated share; Gray's test is on the Survival page"
CUMULATIVE_INCIDENCE = (
    "was estimated as a cumulative incidence, with death competing, by the Aalen-Johansen method{aalen1978}"
)
CENSORED = "Patients who were no longer followed were censored."
LOG_LOG = "confidence intervals on the log-log scale"
