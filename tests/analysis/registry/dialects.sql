-- bigquery: how many are of each sex
SELECT
  CAST(`t2`.`c0` AS FLOAT64) AS `k0`,
  `t2`.`patients`
FROM (
  SELECT
    `t1`.`c0`,
    COUNT(*) AS `patients`
  FROM (
    SELECT
      `t0`.`row`,
      `t0`.`sex` AS `c0`
    FROM `patients` AS `t0`
  ) AS `t1`
  GROUP BY
    1
) AS `t2`;

-- bigquery: how many of the young, or of unknown age, have which place in year 1
SELECT
  CAST(`t8`.`c0` AS FLOAT64) AS `k0`,
  CAST(`t8`.`c2` AS FLOAT64) AS `value`,
  0 AS `place`,
  `t8`.`patients`
FROM (
  SELECT
    `t7`.`c0`,
    `t7`.`c2`,
    COUNT(*) AS `patients`
  FROM (
    SELECT
      *
    FROM (
      SELECT
        `t4`.`row`,
        `t4`.`c0`,
        `t4`.`c1`,
        `t5`.`c2`
      FROM (
        SELECT
          `t0`.`row`,
          `t0`.`sex` AS `c0`,
          `t0`.`age_years` AS `c1`
        FROM `patients` AS `t0`
      ) AS `t4`
      INNER JOIN (
        SELECT
          `t1`.`row`,
          `t1`.`place 1` AS `c2`
        FROM `years` AS `t1`
      ) AS `t5`
        ON `t4`.`row` = `t5`.`row`
    ) AS `t6`
    WHERE
      `t6`.`c0` IN (0.0, 1.0)
      AND (
        (
          (
            `t6`.`c1` IS NOT NULL
          ) AND (
            `t6`.`c1` <= 40.5
          )
        )
        OR (
          `t6`.`c1` IS NULL
        )
      )
  ) AS `t7`
  GROUP BY
    1,
    2
) AS `t8`;

-- bigquery: how many have which place, and how many which score
WITH `t10` AS (
  SELECT
    *
  FROM (
    SELECT
      `t6`.`row`,
      `t6`.`c0`,
      `t7`.`c1`,
      `t8`.`c2`
    FROM (
      SELECT
        `t0`.`row`,
        `t0`.`sex` AS `c0`
      FROM `patients` AS `t0`
    ) AS `t6`
    INNER JOIN (
      SELECT
        `t1`.`row`,
        `t1`.`place 1` AS `c1`
      FROM `years` AS `t1`
    ) AS `t7`
      ON `t6`.`row` = `t7`.`row`
    INNER JOIN (
      SELECT
        `t2`.`row`,
        `t2`.`sledai` AS `c2`
      FROM `months` AS `t2`
    ) AS `t8`
      ON `t6`.`row` = `t8`.`row`
  ) AS `t9`
  WHERE
    `t9`.`c0` IN (0.0)
)
SELECT
  *
FROM (
  SELECT
    CAST(`t12`.`c1` AS FLOAT64) AS `value`,
    0 AS `place`,
    `t12`.`patients`
  FROM (
    SELECT
      `t11`.`c1`,
      COUNT(*) AS `patients`
    FROM `t10` AS `t11`
    GROUP BY
      1
  ) AS `t12`
) AS `t15`
UNION ALL
SELECT
  *
FROM (
  SELECT
    `t13`.`c2` AS `value`,
    1 AS `place`,
    `t13`.`patients`
  FROM (
    SELECT
      `t11`.`c2`,
      COUNT(*) AS `patients`
    FROM `t10` AS `t11`
    GROUP BY
      1
  ) AS `t13`
) AS `t14`;

-- clickhouse: how many are of each sex
SELECT
  CAST("t2"."c0" AS Nullable(Float64)) AS "k0",
  "t2"."patients" AS "patients"
FROM (
  SELECT
    "t1"."c0" AS "c0",
    COUNT(*) AS "patients"
  FROM (
    SELECT
      "t0"."row" AS "row",
      "t0"."sex" AS "c0"
    FROM "patients" AS "t0"
  ) AS "t1"
  GROUP BY
    "t1"."c0"
) AS "t2";

-- clickhouse: how many of the young, or of unknown age, have which place in year 1
SELECT
  CAST("t8"."c0" AS Nullable(Float64)) AS "k0",
  CAST("t8"."c2" AS Nullable(Float64)) AS "value",
  0 AS "place",
  "t8"."patients" AS "patients"
FROM (
  SELECT
    "t7"."c0" AS "c0",
    "t7"."c2" AS "c2",
    COUNT(*) AS "patients"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        "t4"."row" AS "row",
        "t4"."c0" AS "c0",
        "t4"."c1" AS "c1",
        "t5"."c2" AS "c2"
      FROM (
        SELECT
          "t0"."row" AS "row",
          "t0"."sex" AS "c0",
          "t0"."age_years" AS "c1"
        FROM "patients" AS "t0"
      ) AS "t4"
      INNER JOIN (
        SELECT
          "t1"."row" AS "row",
          "t1"."place 1" AS "c2"
        FROM "years" AS "t1"
      ) AS "t5"
        ON "t4"."row" = "t5"."row"
    ) AS "t6"
    WHERE
      "t6"."c0" IN (0.0, 1.0)
      AND (
        (
          isNotNull("t6"."c1") AND (
            "t6"."c1" <= 40.5
          )
        ) OR isNull("t6"."c1")
      )
  ) AS "t7"
  GROUP BY
    "t7"."c0",
    "t7"."c2"
) AS "t8";

-- clickhouse: how many have which place, and how many which score
WITH "t10" AS (
  SELECT
    *
  FROM (
    SELECT
      "t6"."row" AS "row",
      "t6"."c0" AS "c0",
      "t7"."c1" AS "c1",
      "t8"."c2" AS "c2"
    FROM (
      SELECT
        "t0"."row" AS "row",
        "t0"."sex" AS "c0"
      FROM "patients" AS "t0"
    ) AS "t6"
    INNER JOIN (
      SELECT
        "t1"."row" AS "row",
        "t1"."place 1" AS "c1"
      FROM "years" AS "t1"
    ) AS "t7"
      ON "t6"."row" = "t7"."row"
    INNER JOIN (
      SELECT
        "t2"."row" AS "row",
        "t2"."sledai" AS "c2"
      FROM "months" AS "t2"
    ) AS "t8"
      ON "t6"."row" = "t8"."row"
  ) AS "t9"
  WHERE
    "t9"."c0" IN (0.0)
)
SELECT
  *
FROM (
  SELECT
    CAST("t12"."c1" AS Nullable(Float64)) AS "value",
    0 AS "place",
    "t12"."patients" AS "patients"
  FROM (
    SELECT
      "t11"."c1" AS "c1",
      COUNT(*) AS "patients"
    FROM "t10" AS "t11"
    GROUP BY
      "t11"."c1"
  ) AS "t12"
) AS "t15"
UNION ALL
SELECT
  *
FROM (
  SELECT
    "t13"."c2" AS "value",
    1 AS "place",
    "t13"."patients" AS "patients"
  FROM (
    SELECT
      "t11"."c2" AS "c2",
      COUNT(*) AS "patients"
    FROM "t10" AS "t11"
    GROUP BY
      "t11"."c2"
  ) AS "t13"
) AS "t14";

-- snowflake: how many are of each sex
SELECT
  CAST("t2"."c0" AS DOUBLE) AS "k0",
  "t2"."patients"
FROM (
  SELECT
    "t1"."c0",
    COUNT(*) AS "patients"
  FROM (
    SELECT
      "t0"."row",
      "t0"."sex" AS "c0"
    FROM "patients" AS "t0"
  ) AS "t1"
  GROUP BY
    1
) AS "t2";

-- snowflake: how many of the young, or of unknown age, have which place in year 1
SELECT
  CAST("t8"."c0" AS DOUBLE) AS "k0",
  CAST("t8"."c2" AS DOUBLE) AS "value",
  0 AS "place",
  "t8"."patients"
FROM (
  SELECT
    "t7"."c0",
    "t7"."c2",
    COUNT(*) AS "patients"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        "t4"."row",
        "t4"."c0",
        "t4"."c1",
        "t5"."c2"
      FROM (
        SELECT
          "t0"."row",
          "t0"."sex" AS "c0",
          "t0"."age_years" AS "c1"
        FROM "patients" AS "t0"
      ) AS "t4"
      INNER JOIN (
        SELECT
          "t1"."row",
          "t1"."place 1" AS "c2"
        FROM "years" AS "t1"
      ) AS "t5"
        ON "t4"."row" = "t5"."row"
    ) AS "t6"
    WHERE
      "t6"."c0" IN (0.0, 1.0)
      AND (
        (
          (
            "t6"."c1" IS NOT NULL
          ) AND (
            "t6"."c1" <= 40.5
          )
        )
        OR (
          "t6"."c1" IS NULL
        )
      )
  ) AS "t7"
  GROUP BY
    1,
    2
) AS "t8";

-- snowflake: how many have which place, and how many which score
WITH "t10" AS (
  SELECT
    *
  FROM (
    SELECT
      "t6"."row",
      "t6"."c0",
      "t7"."c1",
      "t8"."c2"
    FROM (
      SELECT
        "t0"."row",
        "t0"."sex" AS "c0"
      FROM "patients" AS "t0"
    ) AS "t6"
    INNER JOIN (
      SELECT
        "t1"."row",
        "t1"."place 1" AS "c1"
      FROM "years" AS "t1"
    ) AS "t7"
      ON "t6"."row" = "t7"."row"
    INNER JOIN (
      SELECT
        "t2"."row",
        "t2"."sledai" AS "c2"
      FROM "months" AS "t2"
    ) AS "t8"
      ON "t6"."row" = "t8"."row"
  ) AS "t9"
  WHERE
    "t9"."c0" IN (0.0)
)
SELECT
  *
FROM (
  SELECT
    CAST("t12"."c1" AS DOUBLE) AS "value",
    0 AS "place",
    "t12"."patients"
  FROM (
    SELECT
      "t11"."c1",
      COUNT(*) AS "patients"
    FROM "t10" AS "t11"
    GROUP BY
      1
  ) AS "t12"
) AS "t15"
UNION ALL
SELECT
  *
FROM (
  SELECT
    "t13"."c2" AS "value",
    1 AS "place",
    "t13"."patients"
  FROM (
    SELECT
      "t11"."c2",
      COUNT(*) AS "patients"
    FROM "t10" AS "t11"
    GROUP BY
      1
  ) AS "t13"
) AS "t14";

-- trino: how many are of each sex
SELECT
  CAST("t2"."c0" AS DOUBLE) AS "k0",
  "t2"."patients"
FROM (
  SELECT
    "t1"."c0",
    COUNT(*) AS "patients"
  FROM (
    SELECT
      "t0"."row",
      "t0"."sex" AS "c0"
    FROM "patients" AS "t0"
  ) AS "t1"
  GROUP BY
    1
) AS "t2";

-- trino: how many of the young, or of unknown age, have which place in year 1
SELECT
  CAST("t8"."c0" AS DOUBLE) AS "k0",
  CAST("t8"."c2" AS DOUBLE) AS "value",
  0 AS "place",
  "t8"."patients"
FROM (
  SELECT
    "t7"."c0",
    "t7"."c2",
    COUNT(*) AS "patients"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        "t4"."row",
        "t4"."c0",
        "t4"."c1",
        "t5"."c2"
      FROM (
        SELECT
          "t0"."row",
          "t0"."sex" AS "c0",
          "t0"."age_years" AS "c1"
        FROM "patients" AS "t0"
      ) AS "t4"
      INNER JOIN (
        SELECT
          "t1"."row",
          "t1"."place 1" AS "c2"
        FROM "years" AS "t1"
      ) AS "t5"
        ON "t4"."row" = "t5"."row"
    ) AS "t6"
    WHERE
      "t6"."c0" IN (CAST(0.0 AS DOUBLE), CAST(1.0 AS DOUBLE))
      AND (
        (
          (
            "t6"."c1" IS NOT NULL
          ) AND (
            "t6"."c1" <= CAST(40.5 AS DOUBLE)
          )
        )
        OR (
          "t6"."c1" IS NULL
        )
      )
  ) AS "t7"
  GROUP BY
    1,
    2
) AS "t8";

-- trino: how many have which place, and how many which score
WITH "t10" AS (
  SELECT
    *
  FROM (
    SELECT
      "t6"."row",
      "t6"."c0",
      "t7"."c1",
      "t8"."c2"
    FROM (
      SELECT
        "t0"."row",
        "t0"."sex" AS "c0"
      FROM "patients" AS "t0"
    ) AS "t6"
    INNER JOIN (
      SELECT
        "t1"."row",
        "t1"."place 1" AS "c1"
      FROM "years" AS "t1"
    ) AS "t7"
      ON "t6"."row" = "t7"."row"
    INNER JOIN (
      SELECT
        "t2"."row",
        "t2"."sledai" AS "c2"
      FROM "months" AS "t2"
    ) AS "t8"
      ON "t6"."row" = "t8"."row"
  ) AS "t9"
  WHERE
    "t9"."c0" IN (CAST(0.0 AS DOUBLE))
)
SELECT
  *
FROM (
  SELECT
    CAST("t12"."c1" AS DOUBLE) AS "value",
    0 AS "place",
    "t12"."patients"
  FROM (
    SELECT
      "t11"."c1",
      COUNT(*) AS "patients"
    FROM "t10" AS "t11"
    GROUP BY
      1
  ) AS "t12"
) AS "t15"
UNION ALL
SELECT
  *
FROM (
  SELECT
    "t13"."c2" AS "value",
    1 AS "place",
    "t13"."patients"
  FROM (
    SELECT
      "t11"."c2",
      COUNT(*) AS "patients"
    FROM "t10" AS "t11"
    GROUP BY
      1
  ) AS "t13"
) AS "t14";
