"""Words for yes and no, and for dead and alive, in several languages; compared without case and blanks."""

from __future__ import annotations

# YES and NO are values of any flag, DEAD and ALIVE of the column for died. "no" is an answer, not a missing value.
YES = (
    *("1", "true", "yes", "y", "checked", "ja", "j", "oui", "o", "sí", "si", "s", "sì", "sim", "wahr", "vrai", "是"),
    *("verdadero", "vero", "verdadeiro", "有"),
)
NO = (
    *("0", "false", "no", "n", "unchecked", "nein", "non", "não", "nao", "falsch", "faux", "否"),
    *("falso", "无"),
)
DEAD = (
    *(
        "dead",
        "died",
        "deceased",
        "death",
        "expired",
        "passed",
        "passed away",
        "demised",
        "demise",
        "fatal",
        "†",
        "dcd",
    ),
    *("exitus", "exitus letalis", "tot", "verstorben", "gestorben", "tod", "dood", "overleden", "gestorven"),
    *("décédé", "décédée", "decede", "decedee", "mort", "morte", "décès", "deces", "muerto", "muerta", "fallecido"),
    *("fallecida", "muerte", "deceduto", "deceduta", "morto", "morta", "decesso", "óbito", "obito", "falecido"),
    *("falecida", "fallecimiento", "fallecio", "falleció", "faleceu", "zgon", "zmarł", "zmarła", "zmarl", "zmarla"),
    *("nie żyje", "nie zyje", "død", "avliden", "死亡", "死", "去世", "已故", "已死亡"),
)
ALIVE = (
    *("alive", "living", "survived", "surviving", "survivor", "lebt", "lebend", "lebendig", "am leben", "vivant"),
    *("vivante", "en vie", "vivo", "viva", "vivente", "in vita", "vivos", "con vida", "in leven", "levend", "leeft"),
    *("żyje", "zyje", "lever", "levande", "存活", "生存", "活", "健在", "存命"),
)
