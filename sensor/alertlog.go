package sensor

import (
	"log/slog"

	"tollwatch/sensor/record"
)

// alertLog writes a line for each change of an incident but its updates, so
// that an alert is seen on the console even where nothing else is set up.
type alertLog struct{ log *slog.Logger }

// Put implements Sink.
func (l alertLog) Put(o record.Object) error {
	a, ok := o.(*record.Alert)
	if !ok || a.Event == "updated" {
		return nil
	}
	write := l.log.Info
	if a.Pages() {
		write = l.log.Warn
	}
	write("incident "+a.Event, "incident", a.Incident, "level", a.Level, "scheme", a.Scheme, "extension", a.Extension, "trunk", a.Trunk,
		"acknowledged_by", a.AcknowledgedBy, "calls", a.Calls, "spent_eur", a.SpentEUR, "score", a.Score, "why", sentence(a.Reasons))
	return nil
}
