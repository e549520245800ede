package numbering

import "testing"

// typical is what telephones and trunks send, and what scanners try.
var typical = []string{
	"0123456789", "+33612345678", "33123456789", "0013455550123", "9 00 1345 555 0123", "204", "3615", "112",
	"alice", "900972592123456", "*21*0022720304050#", "0262123456", "99999999999999999999", "12340033123456789",
}

func TestResolveAllocatesOneString(t *testing.T) {
	p := plan(t, "FR", "auto")
	buf := make([]byte, 0, 32)
	for _, user := range typical {
		if n := testing.AllocsPerRun(100, func() { p.Resolve(user, "") }); n > 1 {
			t.Errorf("got %v allocations for %q, want at most 1", n, user)
		}
		if n := testing.AllocsPerRun(100, func() { p.AppendE164(buf, user, "") }); n != 0 {
			t.Errorf("got %v allocations with a buffer for %q, want 0", n, user)
		}
	}
	if n := testing.AllocsPerRun(100, func() { p.Resolve("+33612345678", "") }); n != 0 {
		t.Errorf("got %v allocations for what is E.164 already, want 0", n)
	}
	if n := testing.AllocsPerRun(100, func() { p.table.Lookup("13455550123") }); n != 0 {
		t.Errorf("got %v allocations for a lookup, want 0", n)
	}
	if n := testing.AllocsPerRun(100, func() { p.ObserveOutside("0123456789", "+33123456789") }); n != 0 {
		t.Errorf("got %v allocations for an observation, want 0", n)
	}
}

func BenchmarkLookup(b *testing.B) {
	p := plan(b, "FR", "auto")
	for b.Loop() {
		p.table.Lookup("13455550123")
	}
}

func BenchmarkResolve(b *testing.B) {
	p := plan(b, "FR", "auto")
	for _, user := range typical {
		b.Run(user, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.Resolve(user, "")
			}
		})
	}
}

func BenchmarkDefault(b *testing.B) {
	for b.Loop() {
		if _, err := Default(); err != nil {
			b.Fatal(err)
		}
	}
}
