"""The papers whose methods are used, and their citation in a text."""

from __future__ import annotations

import re

PAPERS = {
    "aalen1978": "Aalen OO, Johansen S. An empirical transition matrix for non-homogeneous Markov chains based on "
    "censored observations. Scand J Stat 1978;5:141-50.",
    "anderson1983": "Anderson JR, Cain KC, Gelber RD. Analysis of survival by tumor response. "
    "J Clin Oncol 1983;1:710-9.",
    "austin2009": "Austin PC. Balance diagnostics for comparing the distribution of baseline covariates between "
    "treatment groups in propensity-score matched samples. Stat Med 2009;28:3083-107.",
    "benjamini1995": "Benjamini Y, Hochberg Y. Controlling the false discovery rate: a practical and powerful approach "
    "to multiple testing. J R Stat Soc B 1995;57:289-300.",
    "bertsias2012": "Bertsias GK, Tektonidou M, Amoura Z, et al. Joint European League Against Rheumatism and European "
    "Renal Association-European Dialysis and Transplant Association (EULAR/ERA-EDTA) recommendations for the "
    "management of adult and paediatric lupus nephritis. Ann Rheum Dis 2012;71:1771-82.",
    "bland1996": "Bland JM, Altman DG. Transformations, means, and confidence intervals. BMJ 1996;312:1079.",
    "clopper1934": "Clopper CJ, Pearson ES. The use of confidence or fiducial limits illustrated in the case of the "
    "binomial. Biometrika 1934;26:404-13.",
    "cochran1977": "Cochran WG. Sampling techniques. 3rd ed. New York: Wiley, 1977.",
    "cook2000": "Cook RJ, Gladman DD, Pericak D, Urowitz MB. Prediction of short term mortality in systemic lupus "
    "erythematosus with time dependent measures of disease activity. J Rheumatol 2000;27:1892-5.",
    "cox1972": "Cox DR. Regression models and life-tables. J R Stat Soc B 1972;34:187-220.",
    "dati1996": "Dati F, Schumann G, Thomas L, et al. Consensus of a group of professional societies and diagnostic "
    "companies on guidelines for interim reference ranges for 14 proteins in serum based on the standardization "
    "against the IFCC/BCR/CAP reference material (CRM 470). Eur J Clin Chem Clin Biochem 1996;34:517-20.",
    "diggle1994": "Diggle P, Kenward MG. Informative drop-out in longitudinal data analysis. "
    "J R Stat Soc C 1994;43:49-93.",
    "efron1977": "Efron B. The efficiency of Cox's likelihood function for censored data. "
    "J Am Stat Assoc 1977;72:557-65.",
    "fanouriakis2020": "Fanouriakis A, Kostopoulou M, Cheema K, et al. 2019 update of the joint European League "
    "Against Rheumatism and European Renal Association-European Dialysis and Transplant Association (EULAR/ERA-EDTA) "
    "recommendations for the management of lupus nephritis. Ann Rheum Dis 2020;79:713-23.",
    "fay2013": "Fay MP, Brittain EH, Proschan MA. Pointwise confidence intervals for a survival distribution with "
    "small samples or heavy censoring. Biostatistics 2013;14:723-36.",
    "franklyn2016": "Franklyn K, Lau CS, Navarra SV, et al. Definition and initial validation of a lupus low disease "
    "activity state (LLDAS). Ann Rheum Dis 2016;75:1615-21.",
    "furie2009": "Furie RA, Petri MA, Wallace DJ, et al. Novel evidence-based systemic lupus erythematosus responder "
    "index. Arthritis Rheum 2009;61:1143-51.",
    "furie2014": "Furie R, Petri MA, Strand V, et al. Clinical, laboratory and health-related quality of life "
    "correlates of Systemic Lupus Erythematosus Responder Index response. Lupus Sci Med 2014;1:e000031.",
    "garwood1936": "Garwood F. Fiducial limits for the Poisson distribution. Biometrika 1936;28:437-42.",
    "gehan1965": "Gehan EA. A generalized Wilcoxon test for comparing arbitrarily singly-censored samples. "
    "Biometrika 1965;52:203-23.",
    "ghosh2000": "Ghosh D, Lin DY. Nonparametric analysis of recurrent events and death. Biometrics 2000;56:554-62.",
    "gladman2002": "Gladman DD, Ibañez D, Urowitz MB. Systemic lupus erythematosus disease activity index 2000. "
    "J Rheumatol 2002;29:288-91.",
    "gordon2018": "Gordon C, Amissah-Arthur MB, Gayed M, et al. The British Society for Rheumatology guideline for the "
    "management of systemic lupus erythematosus in adults. Rheumatology 2018;57:e1-45.",
    "grambsch1994": "Grambsch PM, Therneau TM. Proportional hazards tests and diagnostics based on weighted residuals. "
    "Biometrika 1994;81:515-26.",
    "gray1988": "Gray RJ. A class of K-sample tests for comparing the cumulative incidence of a competing risk. "
    "Ann Stat 1988;16:1141-54.",
    "greenwood1926": "Greenwood M. The natural duration of cancer. Reports on Public Health and Medical Subjects 33. "
    "London: HMSO, 1926.",
    "harrington1982": "Harrington DP, Fleming TR. A class of rank test procedures for censored survival data. "
    "Biometrika 1982;69:553-66.",
    "higgins2009": "Higgins JPT, Thompson SG, Spiegelhalter DJ. A re-evaluation of random-effects meta-analysis. "
    "J R Stat Soc A 2009;172:137-59.",
    "holm1979": "Holm S. A simple sequentially rejective multiple test procedure. Scand J Stat 1979;6:65-70.",
    "hornung1990": "Hornung RW, Reed LD. Estimation of average concentration in the presence of nondetectable values. "
    "Appl Occup Environ Hyg 1990;5:46-51.",
    "inker2021": "Inker LA, Eneanya ND, Coresh J, et al. New creatinine- and cystatin C-based equations to estimate "
    "GFR without race. N Engl J Med 2021;385:1737-49.",
    "kalbfleisch2002": "Kalbfleisch JD, Prentice RL. The statistical analysis of failure time data. 2nd ed. "
    "Hoboken: Wiley, 2002.",
    "kaplan1958": "Kaplan EL, Meier P. Nonparametric estimation from incomplete observations. "
    "J Am Stat Assoc 1958;53:457-81.",
    "kdigo2012": "Kidney Disease: Improving Global Outcomes (KDIGO) Glomerulonephritis Work Group. KDIGO clinical "
    "practice guideline for glomerulonephritis. Kidney Int Suppl 2012;2:139-274.",
    "kdigo2024": "Kidney Disease: Improving Global Outcomes (KDIGO) Lupus Nephritis Work Group. KDIGO 2024 clinical "
    "practice guideline for the management of lupus nephritis. Kidney Int 2024;105(1S):S1-69.",
    "kratz2004": "Kratz A, Ferraro M, Sluss PM, Lewandrowski KB. Laboratory reference values. "
    "N Engl J Med 2004;351:1548-63.",
    "laird1982": "Laird NM, Ware JH. Random-effects models for longitudinal data. Biometrics 1982;38:963-74.",
    "lawless1987": "Lawless JF. Negative binomial and mixed Poisson regression. Can J Stat 1987;15:209-25.",
    "lin2000": "Lin DY, Wei LJ, Yang I, Ying Z. Semiparametric regression for the mean and rate functions of recurrent "
    "events. J R Stat Soc B 2000;62:711-30.",
    "malaysia2024": "Ministry of Health Malaysia. Clinical practice guidelines: management of systemic lupus "
    "erythematosus. 2024.",
    "mantel1966": "Mantel N. Evaluation of survival data and two new rank order statistics arising in its "
    "consideration. Cancer Chemother Rep 1966;50:163-70.",
    "mscrole2019": "Mesenchymal stromal cells (MSCs) in renal lupus (MSC-ROLE). ClinicalTrials.gov identifier "
    "NCT03917797, 2019.",
    "newcombe1998": "Newcombe RG. Interval estimation for the difference between independent proportions: comparison "
    "of eleven methods. Stat Med 1998;17:873-90.",
    "peto1972": "Peto R, Peto J. Asymptotically efficient rank invariant test procedures. "
    "J R Stat Soc A 1972;135:185-207.",
    "petri2005": "Petri M, Kim MY, Kalunian KC, et al. Combined oral contraceptives in women with systemic lupus "
    "erythematosus. N Engl J Med 2005;353:2550-8.",
    "ranjbar2022": "Ranjbar A, Hassanzadeh H, Jahandoust F, et al. Allogeneic adipose-derived mesenchymal stromal cell "
    "transplantation for refractory lupus nephritis: results of a phase I clinical trial. Curr Res Transl Med "
    "2022;70:103324.",
    "royston2013": "Royston P, Parmar MKB. Restricted mean survival time: an alternative to the hazard ratio for the "
    "design and analysis of randomized trials with a time-to-event outcome. BMC Med Res Methodol 2013;13:152.",
    "schemper1996": "Schemper M, Smith TL. A note on quantifying follow-up in studies of failure time. "
    "Control Clin Trials 1996;17:343-6.",
    "guyot2012": "Guyot P, Ades AE, Ouwens MJNM, Welton NJ. Enhanced secondary analysis of survival data: "
    "reconstructing the data from published Kaplan-Meier survival curves. BMC Med Res Methodol 2012;12:9.",
    "stijnen2010": "Stijnen T, Hamza TH, Özdemir P. Random effects meta-analysis of event outcome in the framework of "
    "the generalized linear mixed model with applications in sparse data. Stat Med 2010;29:3046-67.",
    "tarone1975": "Tarone RE. Tests for trend in life table analysis. Biometrika 1975;62:679-82.",
    "tarone1977": "Tarone RE, Ware J. On distribution-free tests for equality of survival distributions. "
    "Biometrika 1977;64:156-60.",
    "vollenhoven2017": "van Vollenhoven R, Voskuyl A, Bertsias G, et al. A framework for remission in SLE: consensus "
    "findings from a large international task force on definitions of remission in SLE (DORIS). Ann Rheum Dis "
    "2017;76:554-61.",
    "turnbull1976": "Turnbull BW. The empirical distribution function with arbitrarily grouped, censored and truncated "
    "data. J R Stat Soc B 1976;38:290-5.",
    "vollenhoven2021": "van Vollenhoven RF, Bertsias G, Doria A, et al. 2021 DORIS definition of remission in SLE: "
    "final recommendations from an international task force. Lupus Sci Med 2021;8:e000538.",
    "wallace2014": "Wallace DJ, Kalunian K, Petri MA, et al. Efficacy and safety of epratuzumab in patients with "
    "moderate/severe active systemic lupus erythematosus: results from EMBLEM, a phase IIb, randomised, double-blind, "
    "placebo-controlled, multicentre study. Ann Rheum Dis 2014;73:183-90.",
    "wang2013": "Wang D, Zhang H, Liang J, et al. Allogeneic mesenchymal stem cell transplantation in severe and "
    "refractory systemic lupus erythematosus: 4 years of experience. Cell Transplant 2013;22:2267-77.",
    "welch1947": "Welch BL. The generalization of 'Student's' problem when several different population variances are "
    "involved. Biometrika 1947;34:28-35.",
    "wilson1927": "Wilson EB. Probable inference, the law of succession, and statistical inference. "
    "J Am Stat Assoc 1927;22:209-12.",
    "yang2012": "Yang D, Dalton JE. A unified approach to measuring the effect size between two groups using SAS. "
    "SAS Global Forum 2012; paper 335-2012.",
    "zou2008": "Zou GY, Donner A. Construction of confidence limits about effect measures: a general approach. "
    "Stat Med 2008;27:1693-702.",
}
OPEN, CLOSE = (
    "\ue000",
    "\ue001",
)  # around the keys of papers in a text; private-use characters, which no name has by chance
CITED = re.compile(f"{OPEN}((?:(?:{'|'.join(PAPERS)}),?)+){CLOSE}")


def cite(*papers: str) -> str:
    """Return the mark, to follow a word, that cites papers by their keys in `PAPERS`.

    Raises
    ------
    KeyError
        If a paper is unknown.
    """
    for paper in papers:
        PAPERS[paper]
    return f"{OPEN}{','.join(papers)}{CLOSE}"


def numbered(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a text with citations as numbers in order of appearance, and the papers in this order."""
    order = list(dict.fromkeys(key for keys in CITED.findall(text) for key in keys.split(",")))
    place = {key: number for number, key in enumerate(order, start=1)}

    def numbers(found: re.Match[str]) -> str:
        return f" [{', '.join(str(each) for each in sorted(place[key] for key in found[1].split(',')))}]"

    return CITED.sub(numbers, text), tuple(PAPERS[key] for key in order)
