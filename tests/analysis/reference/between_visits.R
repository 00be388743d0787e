# Reference figures of times that lie between two visits, by survfit of the package survival (interval2: Turnbull).
#
#   python tests/analysis/reference/between_visits.py DIRECTORY
#   Rscript tests/analysis/reference/between_visits.R DIRECTORY > tests/analysis/reference/between_visits.json
#
# survfit ends its steps at a change of 5e-5; here it goes on to 1e-10, by the same code. It has the mass of an interval in
# its middle, so that the curve is read at times that lie in none.

suppressPackageStartupMessages(library(survival))

folder <- commandArgs(trailingOnly = TRUE)[1]
times <- c(3, 6, 9, 12, 18, 24, 30, 36)

code <- deparse(survival:::survfitTurnbull)
stopifnot(sum(grepl("eps > 5e-05", code)) == 1)
exact <- eval(parse(text = sub("eps > 5e-05", "eps > 1e-10", code)), envir = asNamespace("survival"))

read <- function(name, table) read.csv(file.path(folder, paste0(name, "_", table, ".csv")), stringsAsFactors = FALSE)

interval_of <- function(visits) {
  visits <- visits[visits$months > 0, ]
  right <- min(visits$months[visits$remission == "complete"], Inf)
  left <- max(visits$months[visits$months < right], 0)
  c(left, right)
}

json <- function(x) {
  if (is.list(x)) return(paste0("{", paste0('"', names(x), '": ', vapply(x, json, ""), collapse = ", "), "}"))
  values <- if (is.character(x)) paste0('"', x, '"') else ifelse(is.finite(x), sprintf("%.15g", x), "null")
  if (length(x) == 1) values else paste0("[", paste(values, collapse = ", "), "]")
}

of_group <- function(patients, visits) {
  patients <- patients[patients$patient_id %in% visits$patient_id, ]
  seen <- t(sapply(patients$patient_id, function(id) interval_of(visits[visits$patient_id == id, ])))
  y <- Surv(seen[, 1], ifelse(is.finite(seen[, 2]), seen[, 2], NA), type = "interval2")
  fit <- exact(factor(rep(1, nrow(y))), y, rep(1, nrow(y)), se.fit = FALSE)
  list(share = 1 - c(1, fit$surv)[findInterval(times, fit$time) + 1])
}

names <- c("irregular", "tied")
figures <- lapply(setNames(names, names), function(name) {
  patients <- read(name, "patients")
  visits <- read(name, "visits")
  lapply(c(list(All = patients), split(patients, patients$arm)), of_group, visits)
})
versions <- list(R = as.character(getRversion()), survival = as.character(packageVersion("survival")))
cat(json(c(list(versions = versions, times = times), figures)), "\n", sep = "")
