# Reference figures of Cox's model with skewed covariates, by the package survival.
#
#   python tests/analysis/reference/skewed.py DIRECTORY
#   Rscript tests/analysis/reference/skewed.R DIRECTORY > tests/analysis/reference/skewed.json
#
# Every covariate is in the model, by its own unit. A fit of which coxph warns is no reference and ends the script.

suppressPackageStartupMessages(library(survival))
options(warn = 2)

json <- function(x) {
  if (is.list(x)) {
    parts <- vapply(x, json, "")
    if (is.null(names(x))) return(paste0("[", paste(parts, collapse = ", "), "]"))
    return(paste0("{", paste0('"', names(x), '": ', parts, collapse = ", "), "}"))
  }
  values <- if (is.character(x)) paste0('"', x, '"') else ifelse(is.finite(x), sprintf("%.15g", x), "null")
  if (length(x) == 1) values else paste0("[", paste(values, collapse = ", "), "]")
}

figures <- function(path) {
  data <- read.csv(path, stringsAsFactors = FALSE)
  late <- any(data$entry_months > 0)
  # Who is at risk from time zero on is so for an event at month 0 too, and R takes its intervals as open at the left.
  data$entry_months[data$entry_months == 0] <- -1
  outcome <- if (late) "Surv(entry_months, months, died)" else "Surv(months, died)"
  covariates <- grep("^x", names(data), value = TRUE)
  fit <- coxph(
    as.formula(paste(outcome, "~", paste(covariates, collapse = " + "))), data, ties = "efron",
    control = coxph.control(eps = 1e-11, toler.chol = 1e-13, iter.max = 200)
  )
  proportional <- cox.zph(fit, transform = "km", terms = TRUE, global = FALSE)$table
  z <- coef(fit) / sqrt(diag(vcov(fit)))
  list(
    patients = nrow(data), events = sum(data$died), loglik = as.list(fit$loglik),
    coefficient = as.list(unname(coef(fit))), standard_error = as.list(unname(sqrt(diag(vcov(fit))))),
    p = as.list(unname(2 * pnorm(-abs(z)))), proportional_p = as.list(unname(proportional[, "p"]))
  )
}

directory <- commandArgs(trailingOnly = TRUE)[1]
paths <- sort(list.files(directory, "[.]csv$", full.names = TRUE), method = "radix")
all <- lapply(setNames(paths, sub("[.]csv$", "", basename(paths))), figures)
versions <- list(R = as.character(getRversion()), survival = as.character(packageVersion("survival")))
parts <- c(list(versions = versions), all)
lines <- paste0('"', names(parts), '": ', vapply(parts, json, ""))
cat("{", paste(lines, collapse = ",\n"), "}", sep = "\n")
