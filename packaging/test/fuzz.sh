#!/usr/bin/env bash
# Runs every fuzz target of the repository for the time given (default 5s),
# one after the other, but those that a second argument (a pattern) names.
# Findings land in the package's testdata/fuzz.
set -euo pipefail
cd "$(dirname "$0")/../.."
time=${1:-5s}
without=${2:-^$}
status=0
while IFS=: read -r file target; do
  [[ $target =~ $without ]] && continue
  package=./$(dirname "$file")
  echo "fuzz: $package $target for $time"
  if out=$(go test "$package" -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 1x 2>&1); then
    tail -n 1 <<<"$out"
  else
    status=1
    echo "$out"
  fi
done < <(grep -rnoE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' cmd sensor detect decoder | sed -E 's/:[0-9]+:func /:/')
exit $status
