"""Writes sim/sql/server_function_names.cpp: what PostgreSQL's own functions are called, and which of them are volatile.

usage: script/server_functions.py BINARIES...

Each argument is the folder of a server's programs; what any of them has is listed.  A server is asked
without being started (postgres --single), so initdb and postgres suffice.
"""
import pathlib
import re
import subprocess
import sys
import tempfile
import textwrap

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from private_server import account

TARGET = pathlib.Path(__file__).parent.parent / "sim/sql/server_function_names.cpp"

# Functions that only the server itself can call are left out.  Of those called pg_..., the volatile ones are listed:
# the prefix is the server's own and says the rest.  A name is volatile if all that bear it are: of timezone() only one is.
QUERY = """
SELECT proname || CASE WHEN bool_and(provolatile = 'v') THEN '!' ELSE '' END AS name FROM pg_proc
WHERE pronamespace = 'pg_catalog'::regnamespace AND proname !~ '^binary_upgrade'
AND (proname !~ '^pg_' OR provolatile = 'v')
AND prorettype <> ALL (array['internal', 'trigger', 'event_trigger', 'language_handler', 'fdw_handler', 'index_am_handler',
'table_am_handler', 'tsm_handler', 'cstring']::regtype[])
AND NOT proargtypes::oid[] && array['internal', 'cstring']::regtype[]::oid[] GROUP BY proname
"""

# They run SQL that is given as text, or work on the relation that is given: what they do is not seen in the call.
UNSEEN = re.compile(r"(query|cursor|table|schema|database)_to_xml|ts_stat|ts_rewrite|brin_(de)?summarize|gin_clean|satisfies_hash|currtid")

HEAD = '''#include "sim/sql/server_functions.h"

// Written by script/server_functions.py from pg_proc of PostgreSQL {versions}.

namespace midflight::sql {{

const char* const kServerFunctionNames =
'''


def release(binaries):
    version = subprocess.run([f"{binaries}/postgres", "--version"], check=True, text=True, stdout=subprocess.PIPE).stdout
    return float(re.search(r"\d+(\.\d+)?", version)[0])


def names_of(binaries):
    user = account()
    as_user = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"] if user else []
    with tempfile.TemporaryDirectory(prefix="midflight-functions-") as folder:
        if user:
            subprocess.run(["chown", f"{user.pw_uid}:{user.pw_gid}", folder], check=True)
        data = folder + "/data"
        run = {"check": True, "cwd": folder, "text": True, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        subprocess.run([*as_user, f"{binaries}/initdb", "-D", data, "-A", "trust", "-E", "UTF8", "--locale=C"], **run)
        query = " ".join(QUERY.split()) + "\n"
        answer = subprocess.run([*as_user, f"{binaries}/postgres", "--single", "-D", data, "postgres"], input=query, **run).stdout
        version = (pathlib.Path(data) / "PG_VERSION").read_text().strip()
    return version, set(re.findall(r'name = "([^"]+)"', answer))


def main():
    versions, names = [], set()
    for binaries in sorted(sys.argv[1:], key=release) or sys.exit(__doc__):
        version, found = names_of(binaries)
        versions.append(version)
        names |= found
    names = {name for name in names if name + "!" not in names and not UNSEEN.match(name)}
    lines = textwrap.wrap(" ".join(sorted(names)), 125, break_on_hyphens=False)
    text = "\n".join(f'    "{line} "' for line in lines)
    TARGET.write_text(HEAD.format(versions=", ".join(versions)) + text + ";\n\n}  // namespace midflight::sql\n")
    print(f"{TARGET}: {len(names)} names, {sum(name.endswith('!') for name in names)} of them volatile")


main()
