package rights

import (
	"os"
	"testing"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		status string
		want   Set
		bad    bool
	}{
		{"Name:\tx\nCapPrm:\tffffffffffffffff\nCapEff:\t0000000000002000\nCapBnd:\tffffffffffffffff\n", 1 << NetRaw, false},
		{"CapEff:\t000000c000002000\n", 1<<NetRaw | 1<<Perfmon | 1<<BPF, false},
		{"CapEff:\t0000000000000000", 0, false},
		{"CapEff:\tyes\n", 0, true},
		{"Name:\tCapEff\n", 0, true},
	} {
		got, err := parse([]byte(c.status))
		if got != c.want || (err != nil) != c.bad {
			t.Errorf("%q: got %x, %v; want %x, an error: %v", c.status, got, err, c.want, c.bad)
		}
	}
	if s := Set(1<<NetRaw | 1<<BPF); !s.Has(NetRaw, BPF) || s.Has(NetRaw, Perfmon) || !s.Has() {
		t.Errorf("%x: has not what is in it, or what is not", s)
	}
}

func TestSetsPrintThemselves(t *testing.T) {
	for s, want := range map[Set]string{0: "none", Of(NetRaw): "CAP_NET_RAW", Of(BPF, NetRaw, 5): "capability 5 CAP_NET_RAW CAP_BPF"} {
		if got := s.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestHeld(t *testing.T) {
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("no /proc/self/status: not Linux")
	}
	if _, err := Held(); err != nil {
		t.Error(err)
	}
}
