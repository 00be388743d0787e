"""Every canonical column: its name, its words on the screen, its unit, its plausible range, and what others call it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from analysis.cohort.spellings import ENDS, ORGAN_WORDS, REMISSIONS, SEXES, SOURCES
from analysis.cohort.times import DAYS_PER_MONTH

Kind = Literal["text", "number", "integer", "boolean", "category", "set", "date"]


@dataclass(frozen=True)
class Column:
    """A canonical column.

    Attributes
    ----------
    name, label
        As in the tables, and as on the screen.
    kind
        How its values are parsed.
    unit
        As printed behind a value; "" for none.
    low, high
        Plausible limits.
    beyond
        What becomes of a value beyond them: used and "doubtful"; "not used", where there can be none; or "asked", where
        such a value shows that the scale is another.
    levels
        The values of a category, in order; empty where any text is allowed.
    others
        Whether a category may hold values beside its `levels`.
    ordered
        Whether the levels stand for less and more.
    synonyms
        What other files call it, the most telling first; without units, capitals, blanks and accents.
    loose
        Names that only mean this column where nothing better is there, such as "time".
    units
        Other units it comes in, and what one of them is in `unit`.
    unit_words
        Other ways in which a heading writes these units.
    unit_asked
        Whether a heading without a unit is a question.
    spellings
        Other words for its levels, each a list a level.
    """

    name: str
    label: str
    kind: Kind
    unit: str = ""
    low: float | None = None
    high: float | None = None
    beyond: Literal["doubtful", "not used", "asked"] = "doubtful"
    levels: tuple[str, ...] = ()
    others: bool = False
    ordered: bool = False
    synonyms: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    units: Mapping[str, float] = field(default_factory=dict, compare=False)
    unit_words: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
    unit_asked: bool = False
    spellings: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)


MONTHS = {"days": 1 / DAYS_PER_MONTH, "weeks": 7 / DAYS_PER_MONTH, "years": 12.0}
YEARS = {"days": 1 / (12 * DAYS_PER_MONTH), "weeks": 7 / (12 * DAYS_PER_MONTH), "months": 1 / 12}

MSC_SOURCES = {
    "BM": "bone marrow",
    "UC": "umbilical cord",
    "AD": "adipose tissue",
    "AM": "amniotic membrane",
    "BM+UC": "bone marrow and umbilical cord",
}

ORGANS = (
    "renal",
    "musculoskeletal",
    "skin",
    "haematological",
    "cardiorespiratory",
    "serositis",
    "vasculitis",
    "mucosal",
    "neuropsychiatric",
    "constitutional",
)


CREATININE = ("Cr", "Crea", "creatinine", "Kreatinin")  # behind a unit, as in mg/g Cr


def _table(*columns: Column) -> dict[str, Column]:
    return {column.name: column for column in columns}


IDS = (
    *("patient_id", "patientid", "subject_id", "usubjid", "record_id", "study_number", "study_id", "pt_id", "pid"),
    *("subjid", "subject", "patient", "patient_no", "patient_nr", "patient_number", "participant_id", "participant"),
    *("case_id", "case_no", "case", "id_patient", "id_paciente", "patienten_id", "patientennummer", "patnr", "pat_id"),
    *("identifiant", "num_patient", "codice_paziente", "codigo", "id", "ident", "pat", "pt", "subj", "病历号", "编号"),
    *("prontuario", "n_patient", "no_patient", "numero_patient", "numero_de_patient", "no_historia", "numero_historia"),
    *("historia_clinica", "nhc", "pat_no", "pat_nr", "patientnr", "patientnummer", "numer_pacjenta", "person_id"),
    *("bcr_patient_barcode", "case_submitter_id", "患者id", "患者番号"),
)
LOOSE_IDS = ("no", "nr", "number", "num", "code", "key", "uid")
FOLLOW_UP = (
    *("follow_up", "followup", "follow_up_time", "time_follow_up", "duration_of_follow_up", "follow_up_duration"),
    *("length_of_follow_up", "futime", "fu_time", "fu", "fup", "survtime", "surv_time", "survival_time", "survival"),
    *("os", "os_time", "time_os", "overall_survival", "overall_survival_time", "time_to_death", "to_death"),
    *("time_to_death_or_censoring", "time_to_event", "time_to_last_contact", "time_to_last_follow_up", "observation"),
    *("observation_time", "time_at_risk", "exposure", "last_follow_up", "nachbeobachtung", "nachbeobachtungszeit"),
    *("beobachtungszeit", "suivi", "duree_suivi", "duree_de_suivi", "seguimiento", "tiempo_seguimiento"),
    *("tempo_di_follow_up", "acompanhamento", "随访时间", "生存时间"),
    *(
        "tempo_de_seguimento",
        "tempo_seguimento",
        "tiempo_de_seguimiento",
        "duree_du_suivi",
        "temps_de_suivi",
        "follow_up_duur",
    ),
    *("czas_obserwacji", "生存期間", "観察期間"),
    *("uberleben", "uberlebenszeit", "gesamtuberleben", "survie", "supervivencia", "sopravvivenza", "sobrevida"),
)
DIED = (
    *("died", "dead", "death", "deceased", "is_dead", "is_deceased", "death_event", "death_status", "death_flag"),
    *("vital_status", "os_status", "os_event", "survival_status", "alive_dead", "dead_alive", "alive_or_dead"),
    *("mortality", "verstorben", "gestorben", "tod", "tot", "deces", "decede", "mort", "muerte", "fallecido"),
    *("fallecimiento", "exitus", "morte", "deceduto", "decesso", "obito", "死亡", "是否死亡", "生存状态", "dthfl"),
    *("overleden", "zgon", "転帰", "生死"),
)
LOOSE_DIED = (
    *("status", "stat", "event", "event_indicator", "outcome", "evento", "ereignis", "alive", "is_alive", "e"),
    "os",  # a flag beside "OS.time"
    *("cens", "censored", "censor", "censoring", "cnsr", "censored_status", "censure", "zensiert"),
)

PATIENTS = _table(
    Column("patient_id", "Patient", "text", synonyms=IDS, loose=LOOSE_IDS),
    Column(
        *("follow_up_months", "Follow-up", "number", "months", 0, 600),
        synonyms=FOLLOW_UP,
        loose=("time", "t", "aval", "duration", "tte", "zeit", "temps", "tiempo", "tempo", "dtime", ""),
        units=MONTHS,
    ),
    Column("died", "Died", "boolean", synonyms=DIED, loose=LOOSE_DIED),
    Column(
        *("msc_source", "MSC source", "category"),
        levels=tuple(MSC_SOURCES),
        others=True,
        synonyms=(
            *("cell_source", "source", "source_of_msc", "msc_type", "cell_type", "type_of_msc", "type_of_cells"),
            *(
                "cell_product",
                "product",
                "fonte_das_celulas",
                "source_des_cellules",
                "細胞ソース",
                "tissue_source",
                "tissue",
                "stem_cell_source",
                "graft_source",
                "zellquelle",
            ),
            *("source_cellulaire", "fuente", "fuente_celular", "fonte", "细胞来源"),
        ),
        loose=("arm", "trt", "treatment", "trt01p", "trt01a", "group", "actarm", "cells", "msc"),
        spellings=SOURCES,
    ),
    Column(
        *("organs", "Organ involvement", "set"),
        synonyms=(
            *("organ", "organ_involvement", "organs_involved", "involved_organs", "organ_system", "organ_systems"),
            *("organ_domains", "organ_manifestations", "manifestations", "organbeteiligung", "organes", "organos"),
        ),
        spellings=ORGAN_WORDS,
    ),
    Column(
        *("entry_months", "Start of observation", "number", "months", 0, 600),
        synonyms=("entry", "entry_time", "time_of_entry", "delayed_entry", "late_entry", "left_truncation"),
        units=MONTHS,
    ),
    Column(
        *("relapse_months", "Time to first relapse", "number", "months", 0, 600),
        synonyms=(
            *("time_to_relapse", "time_to_first_relapse", "to_relapse", "relapse_time", "first_relapse"),
            *("time_to_flare", "time_to_first_flare", "to_flare", "flare_time", "relapse_at"),
        ),
        units=MONTHS,
    ),
    Column(
        *("follow_up_ended", "Why follow-up ended", "category"),
        levels=("died", "lost", "ongoing"),
        synonyms=(
            *("end_of_follow_up", "reason_end_of_follow_up", "reason_follow_up_ended", "end_reason", "eos_reason"),
            *("reason_for_censoring", "censoring_reason", "follow_up_status", "fu_status", "eosstt"),
        ),
        spellings=ENDS,
    ),
    Column(
        *("sex", "Sex", "category"),
        levels=("female", "male"),
        others=True,
        synonyms=(
            *(
                "gender",
                "is_male",
                "is_female",
                "male",
                "female",
                "mannlich",
                "weiblich",
                "geschlecht",
                "sexe",
                "genre",
                "sexo",
                "genero",
            ),
            *("sesso", "genere", "geslacht", "plec", "性别", "性別"),
        ),
        spellings=SEXES,
    ),
    Column(
        *("age_years", "Age", "number", "years", 0, 110, "not used"),
        synonyms=(
            *("age", "age_at_transplantation", "age_at_transplant", "age_at_msct", "age_at_baseline", "patient_age"),
            *("age_at_enrolment", "age_at_enrollment", "age_at_inclusion", "age_at_treatment", "ageyr", "alter"),
            *("edad", "eta", "idade", "leeftijd", "wiek", "年龄", "年齢"),
        ),
        units=YEARS,
    ),
    Column(
        *("disease_duration_months", "Disease duration", "number", "months", 0, 900),
        synonyms=(
            "disease_duration",
            "duration_of_disease",
            "sle_duration",
            "duration_of_sle",
            "lupus_duration",
            "病程",
        ),
        units=MONTHS,
    ),
    Column(
        *("centre", "Centre", "category"),
        synonyms=("center", "site", "siteid", "site_id", "hospital", "study_site", "zentrum", "klinik", "centro"),
    ),
    Column(
        *("transplant_year", "Year of transplantation", "integer", "", 1990, 2100),
        synonyms=("year_of_transplant", "year_of_transplantation", "year_of_infusion", "msct_year", "tx_year"),
    ),
    Column(
        *("cell_dose_million_per_kg", "Cell dose", "number", "million per kg", 0, 100),
        synonyms=("cell_dose", "dose_million_per_kg", "cell_dose_10_6_kg", "cells_million_per_kg", "msc_dose_10e6_kg"),
    ),
    Column(
        *("infusions", "Infusions", "integer", "", 0, 50),
        synonyms=("number_of_infusions", "n_infusions", "no_of_infusions", "infusion_number", "num_infusions"),
    ),
    Column(
        *("cause_of_death", "Cause of death", "text"),
        synonyms=("death_cause", "dthcaus", "todesursache", "cause_deces", "causa_de_muerte", "causa_di_morte"),
    ),
    Column(
        *("death_related", "Death related to transplantation", "boolean"),
        synonyms=("death_related_to_transplantation", "transplant_related_death", "treatment_related_death", "trm"),
    ),
    Column(
        *("transplant_date", "Date of transplantation", "date"),
        synonyms=(
            *("date_of_transplant", "date_of_transplantation", "transplantation_date", "msct_date", "date_of_msct"),
            *("msc_date", "tx_date", "date_tx", "infusion_date", "date_of_infusion", "first_infusion_date", "trtsdt"),
            *("date_of_first_infusion", "treatment_date", "start_date", "startdt", "index_date", "baseline_date"),
            *("date_msc", "date_of_treatment", "trtsdtc", "rfstdtc", "date_greffe", "fecha_trasplante", "移植日期"),
            *("transplantationsdatum", "datum_transplantation", "datum_der_transplantation", "date_de_greffe"),
            *("fecha_de_trasplante", "data_trapianto", "data_del_trapianto", "data_do_transplante"),
            *("transplantatiedatum", "datum_transplantatie", "data_przeszczepu", "tx_datum", "移植日"),
        ),
    ),
    Column(
        *("last_contact_date", "Date of last contact", "date"),
        synonyms=(
            *("date_of_last_contact", "last_follow_up_date", "date_of_last_follow_up", "last_seen", "last_visit_date"),
            *(
                "date_last_seen",
                "date_of_last_visit",
                "last_fu_date",
                "date_last_fu",
                "fu_date",
                "lstalvdt",
                "end_date",
            ),
            *("follow_up_date", "last_contact", "date_last_contact", "last_observation", "date_of_last_observation"),
            *("lastcontact", "date_dernieres_nouvelles", "ddn", "datum_letzter_kontakt", "末次随访日期"),
            *("letzter_kontakt", "datum_des_letzten_kontakts", "letzte_vorstellung", "dernier_contact"),
            *("last_seen_date", "last_alive_date", "date_last_alive", "last_known_alive", "date_last_known_alive"),
            *("last_known_alive_date", "last_fu", "last_followup", "last_follow_up", "last_control", "last_visit"),
            *("date_of_last_control", "date_last_visit", "end_of_follow_up_date", "date_of_end_of_follow_up"),
            *("censoring_date", "censor_date", "date_of_censoring", "rfpendtc", "eosdt", "ultimo_control"),
            *("fecha_ultimo_control", "fecha_de_ultimo_control", "fecha_ultimo_seguimiento", "ultima_visita"),
            *("fecha_ultima_visita", "fecha_del_ultimo_control", "data_do_ultimo_seguimento", "data_ultimo_seguimento"),
            *("data_ultimo_contato", "data_do_ultimo_contato", "data_ultimo_contatto", "data_ultima_visita"),
            *("date_des_dernieres_nouvelles", "derniere_visite", "date_derniere_visite", "date_de_derniere_visite"),
            *("letzte_visite", "letzter_besuch", "letztes_follow_up", "laatste_contact", "datum_laatste_contact"),
            *("laatste_controle", "data_ostatniego_kontaktu", "最終観察日", "最終生存確認日", "最后随访日期"),
            *("date_dernier_contact", "ultimo_contacto", "fecha_ultimo_contacto", "ultimo_contatto", "ultimo_contato"),
        ),
    ),
    Column(
        *("death_date", "Date of death", "date"),
        synonyms=(
            *("date_of_death", "date_death", "dod", "dthdt", "dthdtc", "deceased_date", "todesdatum", "sterbedatum"),
            *("date_deces", "date_de_deces", "fecha_muerte", "fecha_de_muerte", "data_obito", "data_morte", "死亡日期"),
            *(
                "date_died",
                "died_date",
                "date_deceased",
                "fecha_fallecimiento",
                "fecha_de_fallecimiento",
                "fecha_exitus",
            ),
            *("fecha_defuncion", "data_do_obito", "data_di_morte", "data_decesso", "data_del_decesso", "date_du_deces"),
            *("overlijdensdatum", "datum_overlijden", "data_zgonu", "死亡日"),
        ),
    ),
    Column(
        *("death_months", "Time to death", "number", "months", 0, 600),
        synonyms=(
            *("time_to_death", "to_death", "time_death", "death_time", "dead_time", "time_dead", "survival_of_dead"),
            *("days_death", "death_days", "months_death", "death_at"),
        ),
        units=MONTHS,
    ),
    Column(
        *("last_contact_months", "Time to last contact", "number", "months", 0, 600),
        synonyms=(
            *(
                "time_to_last_contact",
                "to_last_contact",
                "time_to_last_follow_up",
                "to_last_follow_up",
                "last_follow_up",
            ),
            *("last_contact", "to_last_known_alive", "last_known_alive", "time_to_censoring", "to_censoring"),
            *("time_alive", "alive_time", "to_last_visit", "time_to_last_visit"),
        ),
        units=MONTHS,
    ),
)

VISITS = _table(
    Column("patient_id", "Patient", "text", synonyms=IDS, loose=LOOSE_IDS),
    Column(
        *("months", "Time since transplantation", "number", "months", -120, 600),
        synonyms=(
            *("visit_month", "visit_time", "month", "visit_months", "time_since_transplantation", "since_transplant"),
            *("time_since_transplant", "time_since_msct", "time_from_transplant", "follow_up_month", "fu_month"),
            *("time_point", "timepoint", "visit_day", "ady", "study_day", "since_transplantation", "since_infusion"),
            *("time_since_infusion", "post_transplant", "post_msct", "after_transplantation", "monat"),
        ),
        loose=("time", "t", "visit", "follow_up", "fu", "zeit", "temps", "tiempo", "tempo", ""),
        units=MONTHS,
    ),
    Column(
        *("sledai", "SLEDAI", "integer", "points", 0, 105, "not used"),
        synonyms=(
            *("sledai_total", "sledai_2k", "sledai_score", "sledai2k", "sledai_2k_total", "sledai_2k_score", "selena"),
            *("total_sledai", "selena_sledai", "sledai_2000", "score_sledai", "sledai_sum"),
        ),
    ),
    Column(
        *("remission", "Remission", "category"),
        levels=("none", "partial", "complete"),
        ordered=True,
        synonyms=("remission_status", "response", "clinical_response", "remission_state", "renal_response", "缓解"),
        loose=("outcome", "status"),
        spellings=REMISSIONS,
    ),
    Column(
        *("relapse", "Relapse", "boolean"),
        synonyms=("relapsed", "flare", "relapse_flag", "flare_flag", "is_relapse", "disease_flare", "rechute", "schub"),
    ),
    Column(
        *("clinical_sledai", "Clinical SLEDAI", "integer", "points", 0, 105, "not used"),
        synonyms=("csledai", "clin_sledai", "sledai_clinical", "clinical_sledai_2k", "csledai_2k"),
    ),
    Column(
        *("pga", "Physician global assessment", "number", "0-3", 0, 3, "asked"),
        synonyms=(
            *(
                "pga",
                "physician_global_assessment",
                "physician_global",
                "phga",
                "pga_score",
                "doctor_global",
                "pga_vas",
            ),
            *("vas_pga", "physician_global_vas", "physician_vas"),
        ),
        units={"0-10": 0.3, "0-100": 0.03},
        unit_words={
            "0-3": ("0 to 3", "VAS 0-3", "0-3 VAS", "scale 0-3"),
            "0-10": ("0 to 10", "cm", "VAS cm", "VAS 0-10", "0-10 VAS", "0-10 cm", "VAS 0-10 cm", "10 cm VAS", "NRS"),
            "0-100": ("0 to 100", "mm", "VAS mm", "VAS 0-100", "0-100 VAS", "0-100 mm", "VAS 0-100 mm", "100 mm VAS"),
        },
    ),
    Column(
        *("prednisone_mg_per_day", "Prednisone", "number", "mg/day", 0, 1500),
        synonyms=(
            *("prednisone", "prednisone_dose", "prednisolone", "prednisolone_dose", "pred", "pred_dose", "gc_dose"),
            *("steroid_dose", "glucocorticoid_dose", "daily_prednisone", "corticosteroid_dose", "prednison"),
        ),
    ),
    Column(
        *("proteinuria_g_per_24h", "Proteinuria", "number", "g/24 h", 0, 40),
        synonyms=(
            *("proteinuria", "urine_protein", "urinary_protein", "protein_24h", "proteinuria_24h", "up24h"),
            *("tfhr_urineprotein", "urine_protein_24h", "24h_urine_protein", "24h_proteinuria", "utp", "24小时尿蛋白"),
            *("urinary_protein_excretion", "proteinurie", "uprotein", "24_hour_urine_protein", "24hup"),
        ),
        units={"mg/24 h": 0.001, "mg/day": 0.001, "g/day": 1.0},
        unit_words={
            "g/24 h": ("g/24h", "g/24hr", "g/24 hr", "g/d"),
            "mg/24 h": ("mg/24h", "mg/24hr", "mg/24 hr", "mg/d"),
        },
    ),
    Column(
        *("upcr_g_per_g", "Urine protein/creatinine ratio", "number", "g/g", 0, 40),
        synonyms=(
            *(
                "upcr",
                "u_pcr",
                "upcr_ratio",
                "spot_upcr",
                "upcr_spot",
                "urine_pcr",
                "pcr_urine",
                "up_cr",
                "upc",
                "upc_ratio",
            ),
            *("protein_creatinine_ratio", "protein_to_creatinine_ratio", "urine_protein_creatinine_ratio"),
            *("urine_protein_to_creatinine_ratio", "urinary_protein_creatinine_ratio", "protein_creatinine"),
            *("urinary_protein_to_creatinine_ratio", "urine_protein_creatinine", "protein_creatinine_quotient"),
            *("protein_kreatinin_quotient", "protein_kreatinin_ratio", "rapport_proteinurie_creatininurie"),
            *("rapport_proteine_creatinine", "cociente_proteina_creatinina", "indice_proteina_creatinina"),
            *("rapporto_proteine_creatinina", "relacao_proteina_creatinina", "尿蛋白肌酐比", "尿蛋白肌酐比值"),
            *(f"{name}_{unit}" for name in ("proteinuria", "urine_protein") for unit in ("g_g", "mg_g", "mg_mmol")),
        ),
        loose=("pcr", "p_c_ratio", "pc_ratio"),
        units={"mg/g": 0.001, "mg/mmol": 1 / 113},
        unit_words={
            "g/g": ("mg/mg", *(f"{unit} {word}" for unit in ("g/g", "mg/mg") for word in CREATININE), "g/gCr"),
            "mg/g": (*(f"mg/g {word}" for word in CREATININE), "mg/gCr"),
            "mg/mmol": ("g/mol", *(f"mg/mmol {word}" for word in CREATININE)),
        },
        unit_asked=True,
    ),
    Column(
        *("albumin_g_per_l", "Albumin", "number", "g/L", 8, 65),
        synonyms=("albumin", "alb", "serum_albumin", "s_albumin", "albumina", "albumine", "白蛋白"),
        units={"g/dL": 10.0},
    ),
    Column(
        *("c3_g_per_l", "Complement C3", "number", "g/L", 0, 4),
        synonyms=("c3", "complement_c3", "c3_complement", "serum_c3", "补体c3"),
        units={"mg/dL": 0.01, "mg/L": 0.001},
    ),
    Column(
        *("c4_g_per_l", "Complement C4", "number", "g/L", 0, 2),
        synonyms=("c4", "complement_c4", "c4_complement", "serum_c4", "补体c4"),
        units={"mg/dL": 0.01, "mg/L": 0.001},
    ),
    Column(
        *("anti_dsdna_iu_per_ml", "Anti-dsDNA", "number", "IU/mL", 0, 20000),
        synonyms=(
            "dsdna",
            "anti_dsdna",
            "anti_ds_dna",
            "dsdna_titre",
            "dsdna_titer",
            "antidna",
            "anti_dna",
            "dsdna_ab",
        ),
    ),
    Column(
        *("wbc_10e9_per_l", "White blood cells", "number", "10⁹/L", 0, 100),
        synonyms=(
            "wbc",
            "white_blood_cells",
            "leukocytes",
            "leucocytes",
            "white_cell_count",
            "wbc_count",
            "leukozyten",
        ),
        units={"/µL": 0.001},
    ),
    Column(
        *("platelets_10e9_per_l", "Platelets", "number", "10⁹/L", 0, 2000),
        synonyms=("platelets", "plt", "platelet_count", "platelet", "thrombocytes", "thrombozyten", "plaquettes"),
        units={"/µL": 0.001},
    ),
    Column(
        *("haemoglobin_g_per_l", "Haemoglobin", "number", "g/L", 20, 250),
        synonyms=("haemoglobin", "hemoglobin", "hb", "hgb", "hemoglobine", "hemoglobina", "血红蛋白"),
        units={"g/dL": 10.0, "mmol/L": 16.114},
    ),
    Column(
        *("creatinine_umol_per_l", "Creatinine", "number", "µmol/L", 5, 3000),
        synonyms=("creatinine", "serum_creatinine", "scr", "s_creatinine", "creat", "crea", "kreatinin", "creatinina"),
        units={"mg/dL": 88.42},
    ),
    Column(
        *("visit_date", "Date of visit", "date"),
        synonyms=(
            *(
                "date_of_visit",
                "visitdate",
                "visit_dt",
                "svstdtc",
                "assessment_date",
                "date_of_assessment",
                "exam_date",
            ),
            *("sample_date", "date_visite", "besuchsdatum", "fecha_visita", "fecha", "datum", "adt", "随访日期"),
        ),
        loose=("date", "visit", "follow_up_date", "fu_date"),
    ),
)

EVENTS = _table(
    Column("patient_id", "Patient", "text", synonyms=IDS, loose=LOOSE_IDS),
    Column(
        *("months", "Time since transplantation", "number", "months", 0, 600),
        synonyms=(
            "ae_month",
            "event_month",
            "onset",
            "time_to_onset",
            "ae_time",
            "time_since_transplantation",
            "astdy",
        ),
        loose=("month", "time", ""),
        units=MONTHS,
    ),
    Column(
        *("event", "Adverse event", "text"),
        synonyms=("adverse_event", "ae", "ae_term", "aeterm", "aedecod", "adverse_event_term", "ae_name", "toxicity"),
    ),
    Column(
        *("grade", "Grade", "integer", "", 1, 5, "not used"),
        synonyms=("ae_grade", "ctcae_grade", "severity_grade", "toxicity_grade", "aetoxgr", "ctcae"),
    ),
    Column(
        *("related", "Related to transplantation", "boolean"),
        synonyms=("ae_related", "related_to_msc", "related_to_transplantation", "related_to_treatment", "aerel"),
    ),
)

BASELINE = "baseline_"  # before the name of a visit measure: its value at transplantation
BASELINE_SLEDAI = f"{BASELINE}sledai"


def column_label(name: str) -> str:
    """Return the words for a column: its label, or the name with blanks where it is not canonical."""
    known = _known(name)
    if known is None:
        return name.replace("_", " ")
    return known.label if known.name == name else f"Baseline {mid_sentence(known.label)}"


def measure_words(name: str) -> str:
    """Return the words for a column in mid-sentence: "albumin", "SLEDAI"; a file's own name keeps its spelling."""
    return mid_sentence(column_label(name)) if _known(name) else column_label(name)


def unit_words(name: str) -> str:
    """Return the unit of a canonical column as it stands behind a value; a scale such as 0-3 does not."""
    known = _known(name)
    return known.unit if known and known.beyond != "asked" else ""


def in_unit(name: str) -> str:
    """Return the words for a column in mid-sentence with its unit: "albumin in g/L"."""
    unit = unit_words(name)
    return f"{measure_words(name)} in {unit}" if unit else measure_words(name)


def column_unit(name: str) -> str:
    """Return the unit of a canonical column, or ""."""
    known = _known(name)
    return known.unit if known else ""


def _known(name: str) -> Column | None:
    """Return the canonical column of this name, or the visit measure whose baseline it is."""
    return {**VISITS, **PATIENTS}.get(name) or VISITS.get(name.removeprefix(BASELINE))


def limits_words(column: Column, unit: str = "") -> str:
    """Return the limits of a column, in one of its units: "0 to 105 points", "0 to 10" of a scale."""
    factor = column.units.get(unit, 1.0)
    low, high = ((limit if limit is None else limit / factor) for limit in (column.low, column.high))
    scale = column.beyond == "asked"
    return f"{_limit(low)} to {_limit(high)} {'' if scale else unit or column.unit}".rstrip()


def _limit(value: float | None) -> str:
    return "any number" if value is None else f"{value:g}"


def value_words(column: Column) -> str:
    """Return what a column holds: its unit, its levels, or how its values are written."""
    written = {
        "text": "text",
        "number": "number",
        "integer": "whole number",
        "boolean": "0 or 1",
        "category": "text",
        "set": "names divided by ;",
        "date": "year-month-day",
    }
    levels = ", ".join(column.levels) + (" or other" if column.others else "")
    return column.unit or (levels if column.levels else written[column.kind])


def mid_sentence(words: str) -> str:
    """Return words with a small first letter, unless they begin with an abbreviation such as SLEDAI."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words
