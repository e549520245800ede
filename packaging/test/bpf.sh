#!/usr/bin/env bash
# Makes the objects and bindings of the kernel programs anew, where clang is of
# the version that they are committed from: it alone gives the same bytes. Where
# this is root it is installed.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly version=14.0.6

if ! command -v clang >/dev/null && [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get -o DPkg::Lock::Timeout=200 -qq update &&
    apt-get -o DPkg::Lock::Timeout=200 -qq install -y --no-install-recommends clang-14 clang llvm >/dev/null ||
    echo "bpf: clang could not be installed" >&2
fi

found=$(clang --version 2>/dev/null | sed -n 's/.*clang version \([0-9.]*\).*/\1/p' || true)
if [[ $found != "$version" ]]; then
  echo "bpf: clang is ${found:-not there}, not $version: the kernel programs stay as they are committed" >&2
  exit 0
fi
said=$("${GO:-go}" generate ./bpf 2>&1) || {
  echo "$said" >&2
  exit 1
}
