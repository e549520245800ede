#!/usr/bin/env bash
# What the tests need beyond Go: Debian packages (installed where this is root
# and one is missing), a real InfluxDB, VictoriaMetrics and Alertmanager, parts of Grafana and a
# Debian to install the package in (all made once, kept in the cache).
# Without the rights it says what is missing, and the tests that need it skip.
set -euo pipefail
cd "$(dirname "$0")/../.."

# package:program that proves it is there
wanted=(sip-tester:sipp sipvicious:svmap procps:sysctl iproute2:ip zstd:zstd tshark:tshark debootstrap:debootstrap systemd-container:systemd-nspawn nodejs:node npm:npm)

missing=()
for entry in "${wanted[@]}"; do
  command -v "${entry#*:}" >/dev/null || missing+=("${entry%%:*}")
done

if ((${#missing[@]})); then
  if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
    echo "prepare: installing ${missing[*]} through apt-get"
    export DEBIAN_FRONTEND=noninteractive
    apt-get -o DPkg::Lock::Timeout=200 -qq update
    apt-get -o DPkg::Lock::Timeout=200 -qq install -y --no-install-recommends "${missing[@]}" >/dev/null
  else
    echo "prepare: not installed: ${missing[*]}; the tests that need them will skip (install them, or run as root)" >&2
  fi
fi

packaging/test/program.sh influxd >/dev/null || echo "prepare: no InfluxDB could be built; its tests will skip" >&2
packaging/test/program.sh victoria-metrics >/dev/null || echo "prepare: no VictoriaMetrics could be built; its tests will skip" >&2
packaging/test/program.sh alertmanager >/dev/null || echo "prepare: no Alertmanager could be built; its test will skip" >&2
packaging/test/grafana.sh >/dev/null || echo "prepare: nothing of Grafana could be fetched; its tests will skip" >&2
if [[ $(id -u) == 0 ]]; then
  packaging/test/rootfs.sh >/dev/null || echo "prepare: no Debian could be made; the test of the package will skip" >&2
fi
