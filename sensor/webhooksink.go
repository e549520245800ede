package sensor

import (
	"encoding/json"

	"tollwatch/sensor/notify"
	"tollwatch/sensor/record"
)

// webhookSink posts the alerts that wake somebody. The webhook behind it has a
// queue of its own and never waits.
type webhookSink struct{ out *notify.Webhook }

// Put implements Sink.
func (w webhookSink) Put(o record.Object) error {
	a, ok := o.(*record.Alert)
	if !ok || !a.Pages() {
		return nil
	}
	b, err := json.Marshal(a)
	if err != nil {
		return err
	}
	w.out.Post(a.Key(), b)
	return nil
}
