# shellcheck shell=bash
# Whether a database that was just loaded is the shop, and the whole of it.
# shellcheck source=beside.bash
source "$(dirname "${BASH_SOURCE[0]}")/beside.bash"
checks_folder=$(dirname "$(realpath "${BASH_SOURCE[0]}")")

# described DATABASE: what a manifest says of a database, from the database itself:
# {"orders", "newestOrder", "migrations": [NAME…], "tables": {NAME: ROWS…}}.
described() {
  local count
  count=$(shop_sql "SELECT string_agg(format('SELECT %L, count(*) FROM public.%I', tablename, tablename), ' UNION ALL ')
    FROM pg_tables WHERE schemaname = 'public'" "$1")
  [[ -n $count ]] || { echo '{"orders": null, "newestOrder": null, "migrations": [], "tables": {}}'; return; }
  jq -n --argjson tables "$(shop_sql "SELECT coalesce(json_object_agg(name, n), '{}') FROM ($count) AS each (name, n)" "$1")" \
    --argjson migrations "$(shop_sql "SELECT coalesce(json_agg(name ORDER BY name), '[]') FROM mikro_orm_migrations" "$1" 2>/dev/null || echo '[]')" \
    --argjson orders "$(shop_sql "SELECT json_build_object('orders', count(*), 'newestOrder',
      to_char(max(created_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')) FROM \"order\"" "$1" 2>/dev/null || echo '{"orders": null, "newestOrder": null}')" \
    '$orders + {$migrations, $tables}'
}

# orphans DATABASE: a line for each kind of row that has lost what it belongs to; nothing when all is well.
orphans() { as_shop "$1" psql -XAtq -F ': ' -v ON_ERROR_STOP=1 <"$checks_folder/orphans.sql"; }

# unlike_manifest MANIFEST DESCRIBED: a line for each difference between what was dumped and what is there.
unlike_manifest() {
  jq -nr --slurpfile manifest "$1" --argjson here "$2" '
    def differs(what; was; is): if was == is then empty else "\(what): \(was) when it was dumped, \(is) now" end;
    $manifest[0] as $was
    | differs("orders"; $was.orders; $here.orders),
      differs("newest order"; ($was.newestOrder // "none")[:19]; ($here.newestOrder // "none")[:19]),
      ($was.migrations | if type == "number" then differs("migrations"; .; $here.migrations | length)
        elif type == "array" then differs("migrations"; sort; $here.migrations | sort)
        else "migrations: the manifest names none" end),
      ($was.tables | if type == "number" then differs("tables"; .; $here.tables | length)
        elif type == "object" then . as $t | ($t + $here.tables | keys[]) | differs("rows of \(.)"; $t[.]; $here.tables[.])
        elif type == "array" then differs("tables"; sort; $here.tables | keys)
        else "tables: the manifest names none" end)'
}

# unlike_release LIST DESCRIBED: migrations that the database has and the release of that list does not know.
# The other way round proves nothing: a list also names those of modules that the shop does not use, and the
# first ones of some modules are named otherwise.
unlike_release() {
  comm -13 <(sed -E 's/ breaking$//; s#.*/##' "$1" | sort -u) <(jq -r '.migrations[] | select(startswith("Migration"))' <<<"$2" | sort -u)
}
