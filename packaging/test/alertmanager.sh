#!/bin/sh
# Builds Prometheus' Alertmanager 0.28.1, for the test of how alerts are grouped. It is
# built once (half a minute) and kept; the path of the program is printed.
set -eu
version=0.28.1
dir="${XDG_CACHE_HOME:-$HOME/.cache}/tollwatch/alertmanager-$version"
if [ ! -x "$dir/alertmanager" ]; then
	mkdir -p "$dir"
	echo "building alertmanager $version into $dir, once" >&2
	# Outside the module: its dependencies are not ours.
	(cd / && CGO_ENABLED=0 GOBIN="$dir" GOFLAGS=-mod=mod go install "github.com/prometheus/alertmanager/cmd/alertmanager@v$version") >&2
fi
echo "$dir/alertmanager"
