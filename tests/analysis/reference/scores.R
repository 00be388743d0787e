# Reference figures of scores over time, by the packages stats and nlme.
#
#   python tests/analysis/reference/scores.py DIRECTORY
#   Rscript tests/analysis/reference/scores.R DIRECTORY > tests/analysis/reference/scores.json
#
# centres:  of the values at each month, by arm: mean, standard deviation, quartiles (type 7), t interval, and the
#           geometric mean with its t interval of the values above 0.
# changes:  from month 0: mean, t interval, signed-rank p without continuity correction, exact without ties and zeros.
# later:    difference in means of those without a later visit and those with one (Welch), from two of each.
# falls:    share with a fall of at least 4, Wilson's interval.
# mixed:    lme by REML, a random intercept a patient, one mean an arm and month, each visit a category.

suppressPackageStartupMessages(library(nlme))

folder <- commandArgs(trailingOnly = TRUE)[1]

json <- function(x) {
  if (is.list(x)) {
    parts <- vapply(x, json, "")
    if (is.null(names(x))) return(paste0("[", paste(parts, collapse = ", "), "]"))
    return(paste0("{", paste0('"', names(x), '": ', parts, collapse = ",\n"), "}"))
  }
  values <- if (is.character(x)) paste0('"', x, '"') else ifelse(is.finite(x), sprintf("%.15g", x), "null")
  if (length(x) == 1) values else paste0("[", paste(values, collapse = ", "), "]")
}

over_months <- function(data, figures, months = sort(unique(data$months))) {
  rows <- list()
  for (arm in sort(unique(data$arm))) for (month in months) {
    held <- data[data$arm == arm & data$months == month, ]
    rows[[length(rows) + 1]] <- c(list(group = arm, months = month), figures(held))
  }
  rows
}

centres <- function(held) {
  values <- held$value
  positive <- t.test(log(values[values > 0]))
  list(
    patients = length(values), mean = mean(values), sd = sd(values), mean_ci = as.numeric(t.test(values)$conf.int),
    median = median(values), quartiles = as.numeric(quantile(values, c(0.25, 0.75), type = 7)),
    positive = sum(values > 0), geometric_mean = exp(positive$estimate[[1]]),
    geometric_ci = exp(as.numeric(positive$conf.int)), geometric_sd = exp(sd(log(values[values > 0])))
  )
}

signed_rank <- function(change) {
  exact <- !any(change == 0) && !any(duplicated(abs(change))) && length(change) <= 50
  suppressWarnings(wilcox.test(change, exact = exact, correct = FALSE)$p.value)
}

changes <- function(held) {
  test <- t.test(held$change)
  list(pairs = nrow(held), mean_change = test$estimate[[1]], ci = as.numeric(test$conf.int), p = signed_rank(held$change))
}

later <- function(held) {
  if (min(sum(held$last), sum(!held$last)) < 2) return(list(difference = NA, ci = c(NA, NA)))
  test <- t.test(held$value[held$last], held$value[!held$last])
  list(difference = test$estimate[[1]] - test$estimate[[2]], ci = as.numeric(test$conf.int))
}

falls <- function(held) {
  events <- sum(held$change <= -4)
  list(events = events, patients = nrow(held),
       ci = as.numeric(suppressWarnings(prop.test(events, nrow(held), correct = FALSE)$conf.int)))
}

mixed <- function(data) {
  data$cell <- interaction(data$arm, data$months, drop = TRUE, sep = "|")
  fit <- lme(value ~ 0 + cell, random = ~ 1 | patient_id, data = data, method = "REML",
             control = lmeControl(tolerance = 1e-12, msTol = 1e-14, niterEM = 200, maxIter = 500, msMaxIter = 500))
  parts <- strsplit(levels(data$cell), "|", fixed = TRUE)
  list(
    group = vapply(parts, `[`, "", 1), months = as.numeric(vapply(parts, `[`, "", 2)),
    mean = as.numeric(fixef(fit)), standard_error = as.numeric(sqrt(diag(vcov(fit)))),
    between = as.numeric(VarCorr(fit)[1, "StdDev"]), within = as.numeric(VarCorr(fit)[2, "StdDev"])
  )
}

figures <- function(name) {
  data <- read.csv(file.path(folder, paste0(name, ".csv")), stringsAsFactors = FALSE)
  start <- data$value[data$months == 0]
  names(start) <- data$patient_id[data$months == 0]
  data$change <- data$value - start[data$patient_id]
  data$last <- data$months == ave(data$months, data$patient_id, FUN = max)
  after <- setdiff(sort(unique(data$months)), 0)
  before <- setdiff(sort(unique(data$months)), max(data$months))
  list(centres = over_months(data, centres), changes = over_months(data, changes, after),
       later = over_months(data, later, before), falls = over_months(data, falls, after), mixed = mixed(data))
}

versions <- list(R = paste(R.version$major, R.version$minor, sep = "."), nlme = as.character(packageVersion("nlme")))
cat(json(list(versions = versions, scores = figures("scores"), albumin = figures("albumin"))), "\n", sep = "")
