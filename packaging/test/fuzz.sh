#!/usr/bin/env bash
# Runs every fuzz target of the repository for the time given (default 5s),
# one after the other, but those that a second argument (a pattern) names.
# Findings land in the package's testdata/fuzz.
#
# Before Go 1.27 the fuzzer itself may fail with nothing but "context deadline
# exceeded" when its time is up (golang/go#75804). That alone, without a failing
# input, is run a second time in full; twice is a failure.
set -euo pipefail
cd "$(dirname "$0")/../.."
time=${1:-5s}
without=${2:-^$}

fuzz() { # package target
  go test "$1" -run '^$' -fuzz "^$2\$" -fuzztime "$time" -fuzzminimizetime 1x 2>&1
}

# only_late says that an output tells of the fuzzer's own deadline and of
# nothing found: no input, no panic, no hang, no message of the target.
only_late() {
  ! grep -qE 'Failing input|panic|hung|terminated' <<<"$1" &&
    [[ $(grep -cE '^ {4}' <<<"$1") == 1 ]] && grep -qx '    context deadline exceeded' <<<"$1"
}

status=0
while IFS=: read -r file target; do
  [[ $target =~ $without ]] && continue
  package=./$(dirname "$file")
  echo "fuzz: $package $target for $time"
  failed=0
  out=$(fuzz "$package" "$target") || failed=1
  if ((failed)) && only_late "$out"; then
    echo "fuzz: the fuzzer missed its own deadline (golang/go#75804): once more"
    failed=0
    out=$(fuzz "$package" "$target") || failed=1
  fi
  if ((failed)); then
    status=1
    echo "$out"
  else
    tail -n 1 <<<"$out"
  fi
done < <(grep -rnoE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' cmd sensor detect decoder | sed -E 's/:[0-9]+:func /:/')
exit $status
