#!/usr/bin/env bash
# The licence of tollwatch, and of everything that is linked into it: most of them
# want to be where the program is.
set -euo pipefail
cd "$(dirname "$0")/../.."

echo "tollwatch"
echo
cat LICENSE
{
  echo "Go $("$GO" env GOROOT)"
  "$GO" list -deps -f '{{with .Module}}{{if .Version}}{{.Path}} {{.Dir}}{{end}}{{end}}' ./cmd/tollwatch
} | LC_ALL=C sort -u | while read -r module dir; do
  found=
  for file in "$dir"/LICEN[CS]E* "$dir"/COPYING* "$dir"/NOTICE*; do
    [[ -f $file ]] || continue
    found=yes
    printf '\n\n%s (%s)\n\n' "$module" "$(basename "$file")"
    cat "$file"
  done
  [[ $found ]] || { echo "copyright: $module has no licence in $dir" >&2; exit 1; }
done
