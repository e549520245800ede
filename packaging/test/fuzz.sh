#!/usr/bin/env bash
# Runs every fuzz target of the repository for the time given (default 5s),
# one after the other. Findings land in the package's testdata/fuzz.
set -euo pipefail
cd "$(dirname "$0")/../.."
time=${1:-5s}
status=0
while IFS=: read -r file target; do
  package=./$(dirname "$file")
  echo "fuzz: $package $target for $time"
  go test "$package" -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 1x | tail -n 2 || status=1
done < <(grep -rnoE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' cmd sensor detect decoder | sed -E 's/:[0-9]+:func /:/')
exit $status
