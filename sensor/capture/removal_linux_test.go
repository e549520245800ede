package capture

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// TestLiveInterfaceThatComesBack: each of two interfaces is removed; when one is
// made again, by its name, its frames are there again.
func TestLiveInterfaceThatComesBack(t *testing.T) {
	inNamespace(t, func(t *testing.T) {
		veth(t)
		ip(t, "link add other type veth peer name other2")
		ip(t, "link set other up")
		s := open(t, "tap", "other")
		defer s.Close()
		ip(t, "link del tap")
		gone := nextInterfaceError(s)
		if gone == nil || gone.Name != "tap" || gone.Left != 1 {
			t.Errorf("got %v, want tap gone and 1 left", gone)
		}
		ip(t, "link del other")
		gone = nextInterfaceError(s)
		if gone == nil || gone.Name != "other" || gone.Left != 0 {
			t.Errorf("got %v, want other gone and none left", gone)
		}
		if err := s.Next(&Frame{}); err != ErrIdle {
			t.Errorf("got %v with no interface left, want that nothing comes", err)
		}
		if st := s.Stats(); strings.Join(st.Away, " ") != "tap other" || strings.Join(st.Down, " ") != "tap other" {
			t.Errorf("got %v away and %v down, want both in both", st.Away, st.Down)
		}
		veth(t)
		for n := 0; len(s.Stats().Away) != 1; n++ {
			if n == 60 {
				t.Fatalf("got %v away after six seconds, want other alone", s.Stats().Away)
			}
			s.Next(&Frame{})
		}
		send, stop := sender(t, "far")
		defer stop()
		send(udpFrame(7, 0))
		if got := collect(t, s); len(got) != 1 || !bytes.Equal(got[0].Data, udpFrame(7, 0)) {
			t.Errorf("got %d frames of the interface that is back, want 1", len(got))
		}
		if out := ip(t, "-d link show tap"); !strings.Contains(out, "promiscuity 1") {
			t.Errorf("not promiscuous: %s", out)
		}
		if st := s.Stats(); strings.Join(st.Away, " ") != "other" {
			t.Errorf("got %v away, want other alone", st.Away)
		}
	})
}

// TestLiveAnyIsNotDownWhenOneIsAway: interfaces of containers come and go, and
// nobody named them. When the last one is away, nothing is heard.
func TestLiveAnyIsNotDownWhenOneIsAway(t *testing.T) {
	inNamespace(t, func(t *testing.T) {
		veth(t)
		ip(t, "link add box type veth peer name inside")
		ip(t, "link set box up")
		s := open(t, Any)
		defer s.Close()
		ip(t, "link del box")
		if gone := nextInterfaceError(s); gone == nil || gone.Name != "box" || gone.Left != 2 {
			t.Errorf("got %v, want the box gone and 2 left", gone)
		}
		if st := s.Stats(); strings.Join(st.Away, " ") != "box" || len(st.Down) != 0 {
			t.Errorf("got %v away and %v down, want the box away and none down", st.Away, st.Down)
		}
		ip(t, "link del tap") // its other end goes with it
		for left := 2; left > 0; {
			gone := nextInterfaceError(s)
			if gone == nil {
				t.Fatal("got no word of the ends of the pair")
			}
			left = gone.Left
		}
		if st := s.Stats(); len(st.Down) != 3 {
			t.Errorf("got %v down, want all three: nothing is heard", st.Down)
		}
	})
}

// TestLiveInterfaceGoesDownThenAway: the kernel tells nobody of a removal that
// follows on a switching off.
func TestLiveInterfaceGoesDownThenAway(t *testing.T) {
	inNamespace(t, func(t *testing.T) {
		veth(t)
		s := open(t, "tap")
		defer s.Close()
		// The interfaces are looked at every second, and the kernel takes its
		// time over a carrier.
		becomes := func(want int) {
			t.Helper()
			for n := 0; len(s.Stats().Down) != want; n++ {
				if n == 60 {
					t.Fatalf("got %v down, want %d interfaces", s.Stats().Down, want)
				}
				s.Next(&Frame{})
			}
		}
		ip(t, "link set tap down")
		becomes(1)
		ip(t, "link set tap up")
		becomes(0)
		ip(t, "link set tap down")
		becomes(1)
		ip(t, "link del tap")
		if gone := nextInterfaceError(s); gone == nil || gone.Name != "tap" {
			t.Errorf("got %v, want tap gone", gone)
		}
	})
}

func nextInterfaceError(s Source) *InterfaceError {
	for range 50 {
		var gone *InterfaceError
		if err := s.Next(&Frame{}); errors.As(err, &gone) {
			return gone
		}
	}
	return nil
}
