# Times in seconds of what tests/benchmarks/estimates.py compares with: Rscript estimates.R FOLDER RUNS
# The figures of yearly and over time are written to FOLDER, where they are compared with those of the app.
suppressPackageStartupMessages(library(survival))
arguments <- commandArgs(trailingOnly = TRUE)
folder <- arguments[1]
runs <- as.integer(arguments[2])
patients <- read.csv(file.path(folder, "patients.csv"), stringsAsFactors = TRUE)
visits <- read.csv(file.path(folder, "visits.csv"), stringsAsFactors = TRUE)
patients$died <- patients$died == "True"
# Ids are numbers here; the patient of a visit is known by its place, which is the fastest that R can do.
place <- visits$patient
z <- qnorm(0.975)

seconds <- function(work) {
  median(vapply(seq_len(runs), function(run) {
    start <- as.numeric(Sys.time())
    work()
    as.numeric(Sys.time()) - start
  }, 0))
}

curves <- function() {
  kept <- patients[patients$sex == "female", ]
  time <- Surv(kept$follow_up_months, kept$died)
  list(
    survfit(time ~ kept$msc_source, conf.type = "log-log"),
    survdiff(time ~ kept$msc_source),
    cox.zph(coxph(time ~ kept$msc_source), transform = "km")
  )
}

# The visit of each patient nearest to each target, of two equally near ones the earlier.
nearest <- function(slot, targets) {
  distance <- abs(visits$months - targets[slot])
  order <- order(place, slot, distance, na.last = NA)
  order[!duplicated(place[order] * 64 + slot[order])]
}

seen_in_years <- function(could_tell) {
  years <- seq_len((max(visits$months) + 3) %/% 12)
  year <- round(visits$months / 12)
  year[!could_tell | year == 0 | abs(visits$months - 12 * year) > 3] <- NA
  chosen <- nearest(year, 12 * years)
  list(visit = chosen, year = year[chosen], years = seq_len(max(year[chosen], 0)))
}

# Where everybody is in each year: seen, visit missing, dead, lost, not yet due, ended for unknown reason.
ledger <- function(seen) {
  ended <- c(ongoing = 5L, lost = 4L)[as.character(patients$follow_up_ended)]
  ended[is.na(ended)] <- 6L
  counts <- t(vapply(seen$years, function(year) {
    where <- ifelse(patients$follow_up_months >= 12 * year, 2L, ended)
    where[patients$died & patients$follow_up_months <= 12 * year] <- 3L
    where[place[seen$visit[seen$year == year]]] <- 1L
    tabulate(where, 6)
  }, integer(6)))
  data.frame(year = seen$years, enrolled = nrow(patients), counts)
}

# Shares with Wilson limits.
shares <- function(seen, events) {
  patients <- as.numeric(tabulate(seen$year, length(seen$years))) # a million times a million is no integer of R
  middle <- (events + z^2 / 2) / (patients + z^2)
  half <- z * sqrt(events * (patients - events) / patients + z^2 / 4) / (patients + z^2)
  data.frame(
    year = seen$years, events, patients, share = events / patients,
    lower = ifelse(events > 0, middle - half, 0), upper = ifelse(events < patients, middle + half, 1)
  )
}

yearly <- function() {
  alive <- !(patients$died[place] & visits$months > patients$follow_up_months[place])
  seen <- seen_in_years(alive & !is.na(visits$remission))
  remitted <- seen$year[visits$remission[seen$visit] == "complete"]
  remission <- shares(seen, tabulate(remitted, length(seen$years)))
  remission_ledger <- ledger(seen)
  seen <- seen_in_years(alive)
  year <- ceiling(patients$relapse_months[place[seen$visit]] / 12)
  relapse <- shares(seen, tabulate(seen$year[which(year == seen$year)], length(seen$years)))
  list(remission = cbind(remission, remission_ledger), relapse = cbind(relapse, ledger(seen)))
}

# Means with t limits at the scheduled months, who has no value, and how far the values go.
trajectory <- function() {
  months <- c(0, 1, 3, 6, 12, 24, 36, 48)
  slot <- findInterval(visits$months, c(-Inf, (months[-1] + months[-8]) / 2, 54))
  slot[slot == 9 | is.na(visits$sledai)] <- NA
  chosen <- nearest(slot, months)
  month <- factor(slot[chosen], seq_along(months))
  values <- visits$sledai[chosen]
  number <- tabulate(month, length(months))
  mean <- tapply(values, month, mean)
  half <- suppressWarnings(qt(0.975, number - 1)) * tapply(values, month, sd) / sqrt(number)
  left_out <- setdiff(seq_len(nrow(patients)), place[!is.na(visits$sledai)])
  extent <- c(range(visits$sledai, na.rm = TRUE), max(visits$months))
  list(summary = data.frame(months, patients = number, mean, lower = mean - half, upper = mean + half), left_out, extent)
}

cat(seconds(curves), seconds(yearly), seconds(trajectory), "\n")
of_years <- yearly()
for (name in names(of_years)) write.csv(of_years[[name]], file.path(folder, paste0(name, ".csv")), row.names = FALSE)
write.csv(trajectory()$summary, file.path(folder, "trajectory.csv"), row.names = FALSE)
