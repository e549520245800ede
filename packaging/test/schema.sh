#!/bin/sh
# Fetches the types of Grafana's dashboards and a compiler that checks against them, for
# the tests of sensor/output/grafana, once, into the cache; its path is printed.
set -eu
schema=13.2.3 typescript=5.9.3
dir="${XDG_CACHE_HOME:-$HOME/.cache}/tollwatch/grafana-schema-$schema-$typescript"
if [ ! -e "$dir/node_modules/typescript/lib/tsc.js" ] || [ ! -e "$dir/node_modules/@grafana/schema/package.json" ]; then
	mkdir -p "$dir"
	echo "fetching @grafana/schema $schema and typescript $typescript into $dir, once" >&2
	(cd "$dir" && npm install --no-audit --no-fund --ignore-scripts --no-save "@grafana/schema@$schema" "typescript@$typescript") >&2
fi
echo "$dir"
