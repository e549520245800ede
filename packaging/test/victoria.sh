#!/bin/sh
# Builds VictoriaMetrics 1.151.0 on one node (from 1.154 on it wants a newer Go than
# go.mod does), for the tests of sensor/output. It is built once (a minute) and kept;
# the path of the program is printed.
set -eu
version=1.151.0
dir="${XDG_CACHE_HOME:-$HOME/.cache}/tollwatch/victoria-metrics-$version"
if [ ! -x "$dir/victoria-metrics" ]; then
	mkdir -p "$dir"
	echo "building victoria-metrics $version into $dir, once" >&2
	# Outside the module: its dependencies are not ours.
	(cd / && CGO_ENABLED=0 GOBIN="$dir" GOFLAGS=-mod=mod go install "github.com/VictoriaMetrics/VictoriaMetrics/app/victoria-metrics@v$version") >&2
fi
echo "$dir/victoria-metrics"
