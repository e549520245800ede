package influx

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"time"
)

// TestTheServerMoved: its name leads to another machine, and the old one, which
// answers that it is away for good, keeps the connection up. The next try goes to
// the new one.
func TestTheServerMoved(t *testing.T) {
	logged(t)
	old, moved := newServer(t, status(204, ""), status(503, "retired"), status(503, "retired"), status(503, "retired")), newServer(t)
	var name atomic.Value
	name.Store(old.Listener.Addr().String())
	o := newOutput(t, "http://influx.example.net:8086", func(c *Config) {
		c.transport = &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, network, name.Load().(string))
		}}
	})
	stop := running(t, o)
	o.Alert(anAlert())
	for end := time.Now().Add(10 * time.Second); o.Counters().Done < 1 && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	name.Store(moved.Listener.Addr().String())
	o.Alert(anAlert())
	<-moved.done
	stop()
	if c := balanced(t, o); c.Done != 2 || c.Retry != 1 {
		t.Errorf("got %+v, want the second alert at the new machine by its second try", c)
	}
}
