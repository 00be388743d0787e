# Reference figures of pooled shares, by glmer of the package lme4 and rma.glmm of the package metafor.
#
#   Rscript tests/analysis/reference/pooling.R > tests/analysis/reference/pooling.json
#
# Both fit the binomial-normal model by adaptive quadrature; glmer, which rma.glmm calls, is given a tolerance here with
# which it goes on to the maximum.

suppressPackageStartupMessages({
  library(lme4)
  library(metafor)
})

sets <- list(
  small = list(events = c(7, 3, 2, 12, 5), patients = c(18, 20, 9, 30, 6)),
  sparse = list(events = c(1, 0, 2, 0, 1, 3), patients = c(12, 8, 40, 15, 22, 35)),
  zero_cells = list(events = c(0, 0, 4, 11), patients = c(5, 14, 25, 31)),
  full_cells = list(events = c(6, 19, 24), patients = c(6, 20, 38)),
  homogeneous = list(events = c(7, 9, 14, 12), patients = c(20, 30, 50, 40)),
  wildly_different = list(events = c(2, 33, 12, 70, 5), patients = c(45, 40, 30, 80, 60)),
  three = list(events = c(10, 31, 8), patients = c(24, 50, 40)),
  many = list(
    events = c(5, 9, 2, 14, 7, 3, 21, 1, 6, 11, 4, 8),
    patients = c(15, 22, 16, 25, 33, 9, 44, 12, 12, 38, 29, 18)
  )
)

exactly <- glmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e6), check.conv.singular = "ignore")

# Where a profile deviance is by qchisq(0.95, 1) above its least, on the way to an end; missing if it is nowhere.
limit <- function(profile, start, end, least) {
  gap <- function(x) profile(x) - least - qchisq(0.95, 1)
  if (start == end || gap(end) < 0) NA else uniroot(gap, c(start, end), tol = 1e-9)$root
}

figures <- function(set) {
  data <- data.frame(k = set$events, n = set$patients, study = factor(seq_along(set$events)))
  fit <- glmer(cbind(k, n - k) ~ 1 + (1 | study), data, binomial, nAGQ = 99, control = exactly)
  same <- glm(cbind(k, n - k) ~ 1, binomial, data)
  tau <- unname(getME(fit, "theta"))
  deviance <- update(fit, devFunOnly = TRUE)
  at <- c(tau, unname(fixef(fit)))
  if (tau < 1e-4) tau <- 0
  by_metafor <- suppressWarnings(rma.glmm(measure = "PLO", xi = set$events, ni = set$patients, nAGQ = 99))
  # Both are deviances from the saturated model.
  least <- deviance(at)
  statistic <- same$deviance - least
  of_tau <- function(t) optimize(function(b) deviance(c(t, b)), c(-20, 20), tol = 1e-9)$objective
  list(
    events = set$events, patients = set$patients, log_odds = unname(fixef(fit)), tau = tau, statistic = statistic, log_odds_metafor = as.numeric(by_metafor$beta), tau_metafor = sqrt(by_metafor$tau2),
    profile_tau = c(limit(of_tau, tau, 0, least), limit(of_tau, tau, 6, least))
  )
}

json <- function(x) {
  if (is.list(x)) return(paste0("{", paste0('"', names(x), '": ', vapply(x, json, ""), collapse = ", "), "}"))
  values <- if (is.character(x)) paste0('"', x, '"') else ifelse(is.finite(x), sprintf("%.10g", x), "null")
  if (length(x) == 1) values else paste0("[", paste(values, collapse = ", "), "]")
}

versions <- list(
  R = as.character(getRversion()), lme4 = as.character(packageVersion("lme4")),
  metafor = as.character(packageVersion("metafor"))
)
parts <- c(list(versions = versions), lapply(sets, figures))
lines <- paste0('"', names(parts), '": ', vapply(parts, json, ""))
cat("{", paste(lines, collapse = ",\n"), "}", sep = "\n")
