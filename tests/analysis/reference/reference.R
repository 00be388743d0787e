# Reference figures of the packages survival and cmprsk.
#
#   python tests/analysis/reference/cohorts.py DIRECTORY
#   Rscript tests/analysis/reference/reference.R DIRECTORY > tests/analysis/reference/reference.json
#
# Only figures at chosen times are kept, no rows of the cohorts.

suppressPackageStartupMessages({
  library(survival)
  library(cmprsk)
})

half <- 0.5 + 1e-9

json <- function(x) {
  if (is.list(x)) {
    parts <- vapply(x, json, "")
    if (is.null(names(x))) return(paste0("[", paste(parts, collapse = ", "), "]"))
    return(paste0("{", paste0('"', names(x), '": ', parts, collapse = ", "), "}"))
  }
  values <- if (is.character(x)) paste0('"', x, '"') else ifelse(is.finite(x), sprintf("%.15g", x), "null")
  if (length(x) == 1) values else paste0("[", paste(values, collapse = ", "), "]")
}

first_at_half <- function(fit, curve) {
  reached <- which(!is.na(curve) & curve <= half)
  if (length(reached)) fit$time[reached[1]] else NA
}

chi <- function(test) {
  list(statistic = test$chisq, degrees_of_freedom = sum(rowSums(as.matrix(test$exp)) > 0) - 1, p = test$pvalue)
}

curve_at <- function(fit, times) {
  at <- summary(fit, times = times, extend = TRUE)
  list(at_risk = at$n.risk, survival = at$surv, lower = at$lower, upper = at$upper)
}

kaplan_meier <- function(data, times) {
  lapply(c(log = "log", `log-log` = "log-log", plain = "plain"), function(interval) {
    fit <- survfit(outcome ~ 1, data, conf.type = interval)
    c(curve_at(fit, times), list(
      median = first_at_half(fit, fit$surv),
      median_lower = first_at_half(fit, fit$lower),
      median_upper = first_at_half(fit, fit$upper)
    ))
  })
}

follow_up <- function(data) {
  fit <- survfit(reverse ~ 1, data)
  list(median = first_at_half(fit, fit$surv), lower = first_at_half(fit, fit$lower),
       upper = first_at_half(fit, fit$upper))
}

restricted_mean <- function(data, months) {
  table <- summary(survfit(outcome ~ 1, data), rmean = months)$table
  list(months = months, mean = table[["rmean"]], standard_error = table[["se(rmean)"]])
}

log_rank <- function(data) {
  plain <- survdiff(outcome ~ arm, data)
  score <- seq_along(plain$obs)
  trend <- sum(score * (plain$obs - plain$exp))^2 / drop(score %*% plain$var %*% score)
  pairs <- combn(levels(data$arm), 2, simplify = FALSE)
  p <- vapply(pairs, function(pair) {
    survdiff(outcome ~ arm, droplevels(data[data$arm %in% pair, ]))$pvalue
  }, 0)
  list(
    plain = chi(plain),
    fleming_harrington = chi(survdiff(outcome ~ arm, data, rho = 1)),
    stratified = chi(survdiff(outcome ~ arm + strata(stratum), data)),
    stratified_fleming_harrington = chi(survdiff(outcome ~ arm + strata(stratum), data, rho = 1)),
    trend = list(statistic = trend, degrees_of_freedom = 1, p = pchisq(trend, 1, lower.tail = FALSE)),
    pairs = list(holm = as.list(p.adjust(p, "holm")), bonferroni = as.list(p.adjust(p, "bonferroni")),
                 `benjamini-hochberg` = as.list(p.adjust(p, "BH")))
  )
}

cox <- function(formula, data) {
  fit <- coxph(formula, data, ties = "efron", control = coxph.control(eps = 1e-11, toler.chol = 1e-13, iter.max = 50))
  proportional <- cox.zph(fit, transform = "km", terms = TRUE, global = FALSE)$table
  list(coefficient = as.list(unname(coef(fit))), standard_error = as.list(unname(sqrt(diag(vcov(fit))))),
       proportional_p = as.list(unname(proportional[, "p"])))
}

incidence <- function(data, times) {
  fit <- survfit(Surv(months, factor(status, 0:2)) ~ 1, data, conf.type = "log-log")
  at <- summary(fit, times = times, extend = TRUE)
  list(at_risk = at$n.risk[, 1], incidence = at$pstate[, 2], lower = at$lower[, 2], upper = at$upper[, 2])
}

gray <- function(data) {
  test <- cuminc(data$months, data$status, data$arm)$Tests[1, ]
  list(statistic = test[["stat"]], degrees_of_freedom = test[["df"]], p = test[["pv"]])
}

figures <- function(path) {
  data <- read.csv(path, stringsAsFactors = FALSE)
  data$arm <- factor(data$arm, sort(unique(data$arm), method = "radix"))
  late <- any(data$entry_months > 0)
  data$any <- as.integer(data$status > 0)
  data$outcome <- if (late) Surv(data$entry_months, data$months, data$any) else Surv(data$months, data$any)
  data$reverse <- if (late) Surv(data$entry_months, data$months, 1 - data$any) else Surv(data$months, 1 - data$any)
  times <- max(data$months) * (1:8) / 8
  arms <- split(data, data$arm)
  shortest <- min(vapply(arms, function(arm) max(arm$months), 0))
  result <- list(
    times = as.list(times),
    kaplan_meier = c(list(All = kaplan_meier(data, times)), lapply(arms, kaplan_meier, times = times)),
    follow_up = c(list(All = follow_up(data)), lapply(arms, follow_up)),
    restricted_mean = lapply(arms, restricted_mean, months = 0.75 * shortest),
    cox_by = cox(outcome ~ arm, data),
    cox_covariates = cox(outcome ~ arm + x, data)
  )
  if (late) return(result)  # survdiff and cuminc take no late entries
  c(result, list(
    log_rank = log_rank(data),
    incidence = c(list(All = incidence(data, times)), lapply(arms, incidence, times = times)),
    gray = gray(data)
  ))
}

directory <- commandArgs(trailingOnly = TRUE)[1]
paths <- sort(list.files(directory, "[.]csv$", full.names = TRUE), method = "radix")
all <- lapply(setNames(paths, sub("[.]csv$", "", basename(paths))), figures)
versions <- list(R = as.character(getRversion()), survival = as.character(packageVersion("survival")),
                 cmprsk = as.character(packageVersion("cmprsk")))
parts <- c(list(versions = versions), all)
lines <- paste0('"', names(parts), '": ', vapply(parts, json, ""))
cat("{", paste(lines, collapse = ",\n"), "}", sep = "\n")
