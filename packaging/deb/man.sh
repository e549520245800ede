#!/usr/bin/env bash
# tollwatch(8): what a manual page has to say, around the list of commands that the
# program itself prints.
set -euo pipefail
cd "$(dirname "$0")/../.."

roff() { sed -e 's/\\/\\e/g' -e 's/-/\\-/g' -e "s/^[.']/\\\\\&&/"; }

cat <<'HEAD'
.TH TOLLWATCH 8 "" tollwatch "System Administration"
.SH NAME
tollwatch \- toll\-fraud sensor for telephone systems
.SH SYNOPSIS
.B tollwatch
.I command
[\fIoptions\fR]
.SH DESCRIPTION
Listens on a mirror port, or on the telephone system itself, and tells at the third call that calls are being stolen: in seconds, in euro,
with its reasons. It is passive: it sends nothing into the network that it watches.
.PP
Each command explains itself, with an example, when it is given
.BR \-h .
.SH COMMANDS
HEAD
env -u GOARCH -u GOOS "$GO" run ./cmd/tollwatch -h | awk '/^Available Commands:/ {on = 1; next} on && !NF {exit} on' | grep -vE '^ *(completion|help) ' |
  while read -r name text; do
    printf '.TP\n.B %s\n%s\n' "$(roff <<<"$name")" "$(roff <<<"$text")"
  done
cat <<'TAIL'
.SH SERVICE
.B systemctl start tollwatch
runs
.BR "tollwatch run" .
.B systemctl reload tollwatch
brings the tariff and the opening hours into force as they are now.
.B journalctl \-u tollwatch
has the log.
.SH EXIT STATUS
0: done. 1: ran and found a problem. 2: called or configured wrongly.
.SH FILES
.TP
.I /etc/tollwatch/tollwatch.toml
the configuration: every key, its default and what it does
.TP
.I /var/lib/tollwatch
calls, alerts, and what the sensor has learned
.TP
.I /usr/share/doc/tollwatch
the documentation;
.I install.md
first
TAIL
