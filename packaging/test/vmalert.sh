#!/bin/sh
# Tries packaging/victoriametrics/tollwatch-rules.yml with vmalert's own tool for that.
# Its build takes minutes: so the nightly run does it.
set -eu
cd "$(dirname "$0")"
exec "$(./program.sh vmalert-tool)" unittest --files=vmalert.yml
