package systemd

import (
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"
)

// manager plays systemd: it listens on a socket of the given name.
func manager(t *testing.T, name string) (heard func() string) {
	t.Helper()
	c, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	t.Setenv("NOTIFY_SOCKET", name)
	return func() string {
		b := make([]byte, 4096)
		c.SetReadDeadline(time.Now().Add(time.Second))
		n, _ := c.Read(b)
		c.SetReadDeadline(time.Time{})
		return string(b[:n])
	}
}

func connect(t *testing.T) *Manager {
	t.Helper()
	m, err := Connect()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

// TestALife: what a manager hears of a sensor from its start to its end.
func TestALife(t *testing.T) {
	for _, name := range []string{filepath.Join(t.TempDir(), "notify"), "@tollwatch-test-" + strconv.Itoa(os.Getpid())} {
		heard := manager(t, name)
		m := connect(t)
		for _, step := range []struct {
			tell func() error
			want string
		}{
			{m.Ready, "READY=1"},
			{func() error { return m.Status("listening\non any") }, "STATUS=listening on any"},
			{m.Reloading, `RELOADING=1\nMONOTONIC_USEC=[1-9]\d*`},
			{m.Ready, "READY=1"},
			{m.Stopping, "STOPPING=1"},
		} {
			if err := step.tell(); err != nil {
				t.Errorf("%s: %v", step.want, err)
			}
			if got := heard(); !regexp.MustCompile("^" + step.want + "$").MatchString(got) {
				t.Errorf("%s: got %q, want %q", name, got, step.want)
			}
		}
	}
}

// TestSignsOfLife: four in the time that the manager waits for one, and only when
// Alive is called.
func TestSignsOfLife(t *testing.T) {
	heard := manager(t, filepath.Join(t.TempDir(), "notify"))
	t.Setenv("WATCHDOG_USEC", "8000000")
	t.Setenv("WATCHDOG_PID", strconv.Itoa(os.Getpid()))
	m := connect(t)
	start, given := time.Unix(1_000_000, 0), 0
	for second := range 16 {
		if err := m.Alive(start.Add(time.Duration(second) * time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Stopping(); err != nil {
		t.Fatal(err)
	}
	for got := heard(); got != "STOPPING=1"; got = heard() {
		if got != "WATCHDOG=1" {
			t.Fatalf("got %q, want WATCHDOG=1", got)
		}
		given++
	}
	if given != 8 {
		t.Errorf("got %d signs of life in 16 seconds, want 8", given)
	}
}

func TestNobodyWaitsForSigns(t *testing.T) {
	heard := manager(t, filepath.Join(t.TempDir(), "notify"))
	for _, c := range []struct{ usec, pid string }{{"", ""}, {"8000000", "1"}, {"soon", ""}, {"-5", ""}} {
		t.Setenv("WATCHDOG_USEC", c.usec)
		t.Setenv("WATCHDOG_PID", c.pid)
		m := connect(t)
		if err := m.Alive(time.Unix(1_000_000, 0)); err != nil {
			t.Error(err)
		}
		if err := m.Stopping(); err != nil {
			t.Error(err)
		}
		if got := heard(); got != "STOPPING=1" {
			t.Errorf("WATCHDOG_USEC=%s WATCHDOG_PID=%s: got %q, want no sign of life", c.usec, c.pid, got)
		}
	}
}

// TestAStatusIsSaidOnce: who says it each second tells it when it changes.
func TestAStatusIsSaidOnce(t *testing.T) {
	heard := manager(t, filepath.Join(t.TempDir(), "notify"))
	m := connect(t)
	for _, line := range []string{"one", "one", "two"} {
		if err := m.Status(line); err != nil {
			t.Error(err)
		}
	}
	if a, b := heard(), heard(); a != "STATUS=one" || b != "STATUS=two" {
		t.Errorf("got %q, %q; want one and two", a, b)
	}
}

func TestNobodyAsked(t *testing.T) {
	t.Setenv("NOTIFY_SOCKET", "")
	m := connect(t)
	for _, tell := range []func() error{m.Ready, m.Reloading, m.Stopping, func() error { return m.Status("x") }, func() error { return m.Alive(time.Now()) }} {
		if err := tell(); err != nil {
			t.Errorf("got %v, want nothing said and no error", err)
		}
	}
}

// TestABusyManagerHoldsNobodyUp: its socket is full, and it reads no more.
func TestABusyManagerHoldsNobodyUp(t *testing.T) {
	manager(t, filepath.Join(t.TempDir(), "notify"))
	m := connect(t)
	began := time.Now()
	for m.Ready() == nil {
		if time.Since(began) > 10*time.Second {
			t.Fatal("got no error of a socket that nobody reads")
		}
	}
	began = time.Now()
	if err := m.Ready(); err == nil {
		t.Error("got a message into a full socket")
	} else if took := time.Since(began); took > 5*time.Second {
		t.Errorf("got %s held up, want %s", took, patience)
	}
}

func TestConnectRefuses(t *testing.T) {
	for _, name := range []string{"vsock:2:1234", filepath.Join(t.TempDir(), "absent")} {
		t.Setenv("NOTIFY_SOCKET", name)
		if _, err := Connect(); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}
