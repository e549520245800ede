#!/bin/sh
# Builds one of the programs of others that tests use, of a version that is known to
# build from modules alone; once, into the cache. Its path is printed.
set -eu
case "${1:-}" in
influxd) version=1.8.3 module=github.com/influxdata/influxdb/cmd/influxd ;;                            # two minutes
victoria-metrics) version=1.151.0 module=github.com/VictoriaMetrics/VictoriaMetrics/app/victoria-metrics ;; # one; from 1.154 on it wants a newer Go than go.mod does
vmalert-tool) version=1.151.0 module=github.com/VictoriaMetrics/VictoriaMetrics/app/vmalert-tool ;;     # some minutes
alertmanager) version=0.28.1 module=github.com/prometheus/alertmanager/cmd/alertmanager ;;              # half a minute
*)
	echo "program.sh: influxd, victoria-metrics, vmalert-tool or alertmanager" >&2
	exit 2
	;;
esac
dir="${XDG_CACHE_HOME:-$HOME/.cache}/tollwatch/$1-$version"
if [ ! -x "$dir/$1" ]; then
	mkdir -p "$dir"
	echo "building $1 $version into $dir, once" >&2
	# Outside the module: its dependencies are not ours.
	(cd / && CGO_ENABLED=0 GOBIN="$dir" GOFLAGS=-mod=mod go install "$module@v$version") >&2
fi
echo "$dir/$1"
