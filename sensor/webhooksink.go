package sensor

import (
	"encoding/json"

	"tollwatch/sensor/notify"
	"tollwatch/sensor/record"
)

// webhookSink posts the alerts that wake somebody. The webhook behind it has a
// queue of its own and never waits. That an incident was acknowledged is posted, so
// that others stop calling; its minutes from then on are not.
type webhookSink struct{ out *notify.Webhook }

// Put implements Sink.
func (w webhookSink) Put(o record.Object) error {
	a, ok := o.(*record.Alert)
	if !ok || !a.Pages() || a.Event == "updated" && !a.AcknowledgedAt.IsZero() {
		return nil
	}
	b, err := json.Marshal(a)
	if err != nil {
		return err
	}
	w.out.Post(a.Key(), b)
	return nil
}
