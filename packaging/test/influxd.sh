#!/bin/sh
# Builds InfluxDB 1.8.3, the last that builds from modules alone, for the tests
# of sensor/output/influx. It is built once (two minutes) and kept; the path of
# the program is printed.
set -eu
version=1.8.3
dir="${XDG_CACHE_HOME:-$HOME/.cache}/tollwatch/influxd-$version"
if [ ! -x "$dir/influxd" ]; then
	mkdir -p "$dir"
	echo "building influxd $version into $dir, once" >&2
	# Outside the module: its dependencies are not ours.
	(cd / && GOBIN="$dir" GOFLAGS=-mod=mod go install "github.com/influxdata/influxdb/cmd/influxd@v$version") >&2
fi
echo "$dir/influxd"
