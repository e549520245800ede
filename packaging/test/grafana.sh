#!/bin/sh
# Fetches Grafana's own types, a compiler that checks against them, and Grafana's code
# that transforms answers and writes values, for the tests of sensor/output/grafana:
# once, into the cache; its path is printed. The versions are those of grafana/.
set -eu
here=$(cd "$(dirname "$0")" && pwd)/grafana
sum=$(sha256sum "$here/package-lock.json" | cut -c1-12)
dir="${XDG_CACHE_HOME:-$HOME/.cache}/tollwatch/grafana-$sum"
if [ ! -e "$dir/complete" ]; then
	mkdir -p "$dir"
	echo "fetching what Grafana is made of into $dir, once" >&2
	cp "$here/package.json" "$here/package-lock.json" "$dir/"
	(cd "$dir" && npm ci --no-audit --no-fund --ignore-scripts) >&2
	touch "$dir/complete"
fi
echo "$dir"
