#!/bin/sh
# Tries packaging/victoriametrics/tollwatch-rules.yml with vmalert's own tool for that. Its
# build takes minutes, once, into the cache: so the nightly run does it.
set -eu
cd "$(dirname "$0")"
version=1.151.0
dir="${XDG_CACHE_HOME:-$HOME/.cache}/tollwatch/vmalert-tool-$version"
if [ ! -x "$dir/vmalert-tool" ]; then
	mkdir -p "$dir"
	echo "building vmalert-tool $version into $dir, once" >&2
	# Outside the module: its dependencies are not ours.
	(cd / && CGO_ENABLED=0 GOBIN="$dir" GOFLAGS=-mod=mod go install "github.com/VictoriaMetrics/VictoriaMetrics/app/vmalert-tool@v$version") >&2
fi
exec "$dir/vmalert-tool" unittest --files=vmalert.yml
