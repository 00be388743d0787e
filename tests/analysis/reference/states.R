# Reference figures of remission over time, by the package survival.
#
#   python tests/analysis/reference/states.py DIRECTORY
#   Rscript tests/analysis/reference/states.R DIRECTORY > tests/analysis/reference/states.json
#
# current: probability of being alive and in remission, survfit with states; remission is reversible. Its standard error
#          is the infinitesimal jackknife's. Where patients start in different states, survfit of survival 3.5.3 does not
#          give it (its own influences do not add up to it), so it is taken from its definition: how the probability
#          moves with the weight of each patient. Limits are survfit's, where all start in one state.
#          time_in_remission is the area under it, with the standard error from the same definition.
# ever:    cumulative incidence of the first remission, death competing.

suppressPackageStartupMessages(library(survival))

folder <- commandArgs(trailingOnly = TRUE)[1]
times <- c(6, 12, 24, 36, 48)
responses <- list(complete = "complete", any = c("partial", "complete"))

read <- function(name, table) {
  read.csv(file.path(folder, paste0(name, "_", table, ".csv")), na.strings = "", stringsAsFactors = FALSE)
}

# One row a stay: from one visit that finds a change to the next, to death or to the end of follow-up.
stays <- function(patient, visits, remission) {
  own <- visits[visits$patient_id == patient$patient_id & !is.na(visits$remission), ]
  own <- own[order(own$months), ]
  own$state <- ifelse(own$remission %in% remission, "remission", "active")
  before <- own$state[own$months <= 0]
  state <- if (length(before)) before[length(before)] else "active"
  end <- patient$follow_up_months
  own <- own[own$months > 0 & (if (patient$died == 1) own$months < end else own$months <= end), ]
  rows <- NULL
  start <- 0
  for (visit in seq_len(nrow(own))) {
    if (own$state[visit] == state) next
    rows <- rbind(rows, data.frame(start, stop = own$months[visit], state, event = own$state[visit]))
    start <- own$months[visit]
    state <- own$state[visit]
  }
  if (end > start) {
    event <- if (patient$died == 1) "dead" else "censored"
    rows <- rbind(rows, data.frame(start, stop = end, state, event))
  }
  # Observation may begin later than transplantation, in the state of then.
  entry <- if (is.null(patient$entry_months)) 0 else patient$entry_months
  if (!is.null(rows)) {
    rows <- rows[rows$stop > entry, ]
    rows$start <- pmax(rows$start, entry)
  }
  if (is.null(rows) || nrow(rows) == 0) return(NULL)
  cbind(id = patient$patient_id, rows)
}

current <- function(patients, visits, remission) {
  data <- do.call(rbind, lapply(seq_len(nrow(patients)), function(row) stays(patients[row, ], visits, remission)))
  data$event <- factor(data$event, c("censored", "active", "remission", "dead"))
  data$state <- factor(data$state, c("active", "remission", "dead"))
  fit <- multistate(data, rep(1, nrow(data)))
  at <- summary(fit, times = times, extend = TRUE)
  place <- match("remission", fit$states)
  one_start <- length(unique(data$state[data$start == 0])) == 1
  none <- rep(NA_real_, length(times))
  list(
    active = at$pstate[, match("active", fit$states)],
    remission = at$pstate[, place],
    dead = at$pstate[, match("dead", fit$states)],
    jackknife = jackknife(data),
    standard_error = if (one_start) at$std.err[, place] else none,
    lower = if (one_start) at$lower[, place] else none,
    upper = if (one_start) at$upper[, place] else none,
    time_in_remission = areas(fit, place),
    time_in_remission_jackknife = jackknife(data, function(fit) areas(fit, match("remission", fit$states)))
  )
}

# The area under the probability of a state up to each time.
areas <- function(fit, place) {
  vapply(times, function(end) {
    inside <- fit$time <= end
    sum(diff(c(0, fit$time[inside], end)) * c(fit$p0[place], fit$pstate[inside, place]))
  }, 0)
}

multistate <- function(data, weight) {
  data$weight <- weight
  # Limits do not exist where a probability is 0 or 1.
  # With late entry survfit takes the states to begin with from the first event on; here they are those at time 0.
  first <- data$state[data$start == 0]
  late <- any(data$start[!duplicated(data$id)] > 0)
  p0 <- if (late) as.numeric(table(first) / length(first))
  suppressWarnings(survfit(Surv(start, stop, event) ~ 1, data = data, id = id, istate = state, weights = weight,
                           p0 = p0, conf.type = "log-log"))
}

in_remission <- function(fit) {
  summary(fit, times = times, extend = TRUE)$pstate[, match("remission", fit$states)]
}

jackknife <- function(data, of = in_remission, step = 1e-4) {
  with_weight <- function(patient, weight) of(multistate(data, ifelse(data$id == patient, weight, 1)))
  influence <- vapply(unique(data$id), function(patient) {
    (with_weight(patient, 1 + step) - with_weight(patient, 1 - step)) / (2 * step)
  }, numeric(length(times)))
  sqrt(rowSums(influence^2))
}

ever <- function(patients, visits, remission) {
  inside <- visits[visits$remission %in% remission & visits$months > 0, ]
  first <- as.vector(tapply(inside$months, inside$patient_id, min)[patients$patient_id])
  end <- patients$follow_up_months
  remitted <- !is.na(first) & first <= end
  event <- factor(ifelse(remitted, "remission", ifelse(patients$died == 1, "dead", "censored")),
                  c("censored", "remission", "dead"))
  rows <- data.frame(id = patients$patient_id, stop = ifelse(remitted, first, end), event)
  rows$entry <- if (is.null(patients$entry_months)) 0 else patients$entry_months
  fit <- suppressWarnings(if (any(rows$entry > 0)) {
    survfit(Surv(entry, stop, event) ~ 1, data = rows[rows$stop > rows$entry, ], id = id, conf.type = "log-log")
  } else {
    survfit(Surv(stop, event) ~ 1, data = rows, conf.type = "log-log")
  })
  at <- summary(fit, times = times, extend = TRUE)
  place <- match("remission", fit$states)
  # With late entry survfit has limits from the infinitesimal jackknife only, and not Greenwood's.
  none <- rep(NA_real_, length(times))
  late <- any(rows$entry > 0)
  list(
    incidence = at$pstate[, place],
    lower = if (late) none else at$lower[, place],
    upper = if (late) none else at$upper[, place]
  )
}

json <- function(x) {
  if (is.list(x)) return(paste0("{", paste0('"', names(x), '": ', vapply(x, json, ""), collapse = ", "), "}"))
  values <- if (is.character(x)) paste0('"', x, '"') else ifelse(is.finite(x), sprintf("%.15g", x), "null")
  if (length(x) == 1) values else paste0("[", paste(values, collapse = ", "), "]")
}

names <- c("sample", "tied", "tied_from_active", "dense", "late")
figures <- lapply(setNames(names, names), function(name) {
  patients <- read(name, "patients")
  visits <- read(name, "visits")
  groups <- c(list(All = patients), split(patients, patients$msc_source))
  lapply(groups, function(group) {
    lapply(responses, function(remission) {
      list(current = current(group, visits, remission), ever = ever(group, visits, remission))
    })
  })
})
version <- list(R = as.character(getRversion()), survival = as.character(packageVersion("survival")))
cat(json(c(list(versions = version, times = times), figures)), "\n", sep = "")
