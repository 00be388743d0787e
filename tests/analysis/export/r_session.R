# Runs curve.R in every folder that is named on a line of standard input, as Rscript would, in one R for all of them.
# What it printed is then in printed.txt of the folder, what it complained of in complaints.txt; a line here says that
# it ended, with 0 where it came to its end.
library(survival)

complaints <- character(0)
complain <- function(condition) {
  complaints <<- c(complaints, paste0(class(condition)[1], ": ", conditionMessage(condition)))
}
muffled <- function(restart) function(condition) {
  complain(condition)
  invokeRestart(restart)
}
run <- function() {
  source("curve.R", local = new.env(), encoding = "UTF-8")
  0
}

folders <- file("stdin", "r")
while (length(folder <- readLines(folders, 1)) == 1) {
  setwd(folder)
  complaints <- character(0)
  printed <- capture.output(ended <- tryCatch(
    withCallingHandlers(run(), warning = muffled("muffleWarning"), message = muffled("muffleMessage")),
    error = function(condition) {
      complain(condition)
      1
    }
  ))
  writeLines(printed, "printed.txt")
  writeLines(complaints, "complaints.txt")
  cat(ended, "\n", sep = "")
}
