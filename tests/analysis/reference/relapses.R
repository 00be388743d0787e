# Reference figures of recurrent relapses, by the packages mets, survival and MASS.
#
#   python tests/analysis/reference/relapses.py DIRECTORY
#   Rscript tests/analysis/reference/relapses.R DIRECTORY > tests/analysis/reference/relapses.json
#
# mean:     mean number of relapses with death as terminal event and its robust standard error (Ghosh and Lin 2000), by
#           recurrentMarginal of mets. Not of the cohort with ties: where several die at one time, mets multiplies
#           survival by 1 - 1/Y for each of them, and not by 1 - d/Y, and relapses of such a time are sorted among deaths.
# ratios:   log rate ratios and robust variance of the proportional rates model (Lin, Wei, Yang and Ying 2000): coxph with
#           clusters, and Breslow's ties.
# binomial: log rate ratios of a negative binomial regression with the log of follow-up as offset: glm.nb of MASS.

suppressPackageStartupMessages({
  library(mets)
  library(MASS)
})

folder <- commandArgs(trailingOnly = TRUE)[1]
times <- c(3, 6, 12, 24, 36, 48)

read <- function(name, table) read.csv(file.path(folder, paste0(name, "_", table, ".csv")), stringsAsFactors = FALSE)

# One row a spell between two relapses; status 1 for a relapse, 2 for death, 0 for last contact.
spells <- function(patient, visits) {
  entry <- if (is.null(patient$entry_months)) 0 else patient$entry_months
  end <- patient$follow_up_months
  relapses <- sort(visits$months[visits$patient_id == patient$patient_id])
  relapses <- relapses[relapses > entry & relapses <= end]
  rows <- data.frame(
    start = c(entry, relapses), stop = c(relapses, end),
    status = c(rep(1, length(relapses)), if (patient$died == 1) 2 else 0)
  )
  cbind(id = patient$patient_id, arm = patient$arm, rows)
}

mean_of <- function(rows) {
  rows$id <- as.integer(factor(rows$id))
  relapse <- phreg(Surv(start, stop, status == 1) ~ cluster(id), data = rows)
  death <- phreg(Surv(start, stop, status == 2) ~ cluster(id), data = rows)
  found <- recurrentMarginal(relapse, death)
  at <- findInterval(times, found$times)
  list(mean = c(0, found$mu)[at + 1], standard_error = c(0, found$se.mu)[at + 1])
}

json <- function(x) {
  if (is.list(x)) return(paste0("{", paste0('"', names(x), '": ', vapply(x, json, ""), collapse = ", "), "}"))
  values <- if (is.character(x)) paste0('"', x, '"') else ifelse(is.finite(x), sprintf("%.15g", x), "null")
  if (length(x) == 1) values else paste0("[", paste(values, collapse = ", "), "]")
}

names <- c("frail", "late", "tied")
figures <- lapply(setNames(names, names), function(name) {
  patients <- read(name, "patients")
  visits <- read(name, "visits")
  rows <- do.call(rbind, lapply(split(patients, patients$patient_id), spells, visits))
  lengthy <- rows[rows$stop > rows$start, ]  # nothing happens in a spell without length, but its end
  cox <- coxph(
    Surv(start, stop, status == 1) ~ arm, data = lengthy, cluster = id, ties = "breslow",
    control = coxph.control(eps = 1e-11, iter.max = 50)
  )
  patients$relapses <- sapply(patients$patient_id, function(id) sum(rows$id == id & rows$status == 1))
  entry <- if (is.null(patients$entry_months)) 0 else patients$entry_months
  patients$years <- (patients$follow_up_months - entry) / 12
  binomial <- glm.nb(
    relapses ~ arm + offset(log(years)), data = patients, control = glm.control(epsilon = 1e-14, maxit = 200)
  )
  of_means <- if (name == "tied") list() else list(mean = lapply(c(list(All = rows), split(rows, rows$arm)), mean_of))
  c(of_means, list(
    ratios = list(
      coefficients = unname(coef(cox)), variance = c(unname(vcov(cox))),
      wald = unname(drop(coef(cox) %*% solve(vcov(cox)) %*% coef(cox)))
    ),
    binomial = list(
      coefficients = unname(coef(binomial)), standard_errors = unname(sqrt(diag(vcov(binomial)))),
      theta = binomial$theta, log_likelihood = as.numeric(logLik(binomial))
    )
  ))
})
version <- function(package) as.character(packageVersion(package))
versions <- list(
  R = as.character(getRversion()), mets = version("mets"), survival = version("survival"), MASS = version("MASS")
)
cat(json(c(list(versions = versions, times = times), figures)), "\n", sep = "")
