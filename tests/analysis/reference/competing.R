# Reference figures of an event that another one competes with, by the packages survival and cmprsk.
#
#   Rscript tests/analysis/reference/competing.R tests/analysis/reference > tests/analysis/reference/competing.json
#
# competing.csv holds synthetic patients, made so that Gray's test and the log-rank test of the cause-specific hazards
# disagree: in B both events come early, so that the incidences of the first one end up close. status is 0 censored,
# 1 the event, 2 the competing one.
#
# time_lost: area under the incidence curve up to a month, as survfit with states has it (rmean), and its infinitesimal
#            jackknife standard error: the area under the influence that survfit tells of each patient.

suppressPackageStartupMessages({
  library(survival)
  library(cmprsk)
})

data <- read.csv(file.path(commandArgs(trailingOnly = TRUE)[1], "competing.csv"))
gray <- cuminc(data$months, data$status, data$arm)$Tests[1, ]
log_rank <- survdiff(Surv(months, status == 1) ~ arm, data)

time_lost <- function(months) {
  rows <- lapply(split(data, data$arm), function(own) {
    fit <- survfit(Surv(months, factor(status, 0:2)) ~ 1, own, id = seq_len(nrow(own)), influence = TRUE)
    inside <- fit$time < months
    width <- diff(c(fit$time[inside], months))
    influence <- fit$influence.pstate[, -1, 2][, inside] %*% width  # the first one is of time 0
    sprintf("[%.12g, %.12g]", summary(fit, rmean = months)$table[2, "rmean"], sqrt(sum(influence^2)))
  })
  sprintf('"%g": {%s}', months, paste0('"', names(rows), '": ', rows, collapse = ", "))
}

cat("{\n")
cat(sprintf('"versions": {"R": "%s", "survival": "%s", "cmprsk": "%s"},\n', getRversion(),
            packageVersion("survival"), packageVersion("cmprsk")))
cat(sprintf('"gray": {"statistic": %.12g, "p": %.12g},\n', gray[["stat"]], gray[["pv"]]))
cat(sprintf('"log_rank": {"statistic": %.12g, "p": %.12g},\n', log_rank$chisq, log_rank$pvalue))
cat(sprintf('"time_lost": {%s}\n', paste(vapply(c(6, 12.5, 24, 30), time_lost, ""), collapse = ",\n  ")))
cat("}\n")
