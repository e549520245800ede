package systemd

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// patience is how long a message may take: the manager may be busy, and its
// socket full.
const patience = 250 * time.Millisecond

// Manager is who started the process and wants to know how it is. Status and Alive
// belong to one goroutine; any may call the others.
type Manager struct {
	socket *net.UnixConn // nil: nobody asked
	every  time.Duration // between signs of life; 0: none is waited for
	fed    time.Time
	status string // told last
}

// Connect finds the manager by what it put into the environment.
func Connect() (*Manager, error) {
	name := os.Getenv("NOTIFY_SOCKET")
	if name == "" {
		return &Manager{}, nil
	}
	if !strings.HasPrefix(name, "/") && !strings.HasPrefix(name, "@") {
		return nil, fmt.Errorf("connect to the service manager: NOTIFY_SOCKET is %q, and only unix sockets are known", name)
	}
	socket, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		return nil, fmt.Errorf("connect to the service manager: %w", err)
	}
	return &Manager{socket: socket, every: watchdog()}, nil
}

// signs is how many signs of life are given in the time that the manager waits
// for one: a loop that turns late is no loop that stands still.
const signs = 4

// watchdog is how often a sign of life is due (sd_watchdog_enabled(3)).
func watchdog() time.Duration {
	if pid := os.Getenv("WATCHDOG_PID"); pid != "" && pid != strconv.Itoa(os.Getpid()) {
		return 0 // another process is meant
	}
	micros, err := strconv.ParseInt(os.Getenv("WATCHDOG_USEC"), 10, 64)
	if err != nil || micros <= 0 {
		return 0
	}
	return time.Duration(micros) * time.Microsecond / signs
}

// Ready tells that the sensor listens, or listens again after a reload.
func (m *Manager) Ready() error { return m.send("READY=1") }

// Reloading tells that a new configuration is being read; Ready ends it.
func (m *Manager) Reloading() error {
	return m.send("RELOADING=1", fmt.Sprintf("MONOTONIC_USEC=%d", monotonic()))
}

// Stopping tells that the sensor ends.
func (m *Manager) Stopping() error { return m.send("STOPPING=1") }

// Status says in a line what the sensor does now; what was said last is not
// repeated.
func (m *Manager) Status(line string) error {
	if m.socket == nil || line == m.status {
		return nil
	}
	m.status = line
	return m.send("STATUS=" + strings.ReplaceAll(line, "\n", " "))
}

// Alive is called each time that the loop has turned; it gives a sign of life
// when one is due.
func (m *Manager) Alive(now time.Time) error {
	if m.every == 0 || now.Sub(m.fed) < m.every {
		return nil
	}
	m.fed = now
	return m.send("WATCHDOG=1")
}

func (m *Manager) send(lines ...string) error {
	if m.socket == nil {
		return nil
	}
	m.socket.SetWriteDeadline(time.Now().Add(patience))
	if _, err := m.socket.Write([]byte(strings.Join(lines, "\n"))); err != nil {
		return fmt.Errorf("tell the service manager %s: %w", lines[0], err)
	}
	return nil
}

// Close lets go of the manager.
func (m *Manager) Close() error {
	if m.socket == nil {
		return nil
	}
	return m.socket.Close()
}
