"""Where the examples are; what several tests begin with."""

import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
RENAME = EXAMPLES / "rename_column" / "scenario.yaml"

SMALL = """
name: small
database: {engine: postgresql, version: 15}
schema: "CREATE TABLE t (id bigint PRIMARY KEY, a text);"
tables: {t: {rows: 1000}}
app:
  instances: 2
  versions:
    v1:
      - {name: get, rate: 20/s, sql: "SELECT a FROM t WHERE id = $1"}
background:
  - {name: report, every: 1min, time: 1s, sql: SELECT count(*) FROM t}
change: ALTER TABLE t RENAME COLUMN a TO b
"""
