package sensor

import "testing"

// TestCards: what was lost before does not count, and an interface that was removed
// and is back counts from nothing.
func TestCards(t *testing.T) {
	counters := map[string]uint64{"eth0": 100, "eth1": 7}
	c := newCards([]string{"eth0", "eth1"}, func(name string) uint64 { return counters[name] })
	for i, step := range []struct{ eth0, eth1, want uint64 }{{100, 7, 0}, {103, 8, 4}, {103, 0, 4}, {103, 2, 6}, {110, 2, 13}} {
		counters["eth0"], counters["eth1"] = step.eth0, step.eth1
		if got := c.look(); got != step.want {
			t.Errorf("step %d: got %d frames lost, want %d", i, got, step.want)
		}
	}
	if got := (*cards)(nil).look(); got != 0 {
		t.Errorf("got %d frames lost without any interface", got)
	}
}
