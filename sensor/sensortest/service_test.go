package sensortest

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"tollwatch/sensor/livetest"
)

// nobody is a user without rights of its own.
const nobody = 65534

// serviceCaps is what packaging/tollwatch.service gives the sensor.
const serviceCaps = "-all,+net_raw,+bpf,+perfmon"

// served is a sensor as systemd starts it: another user, three capabilities, a
// manager that listens.
type served struct {
	ns, file, dir, program string

	mu      sync.Mutex
	log     bytes.Buffer
	manager *net.UnixConn
	cmd     *exec.Cmd
}

func (s *served) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.Write(b)
}

func (s *served) said(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Contains(s.log.String(), text)
}

// premises makes a namespace with tap0 and tap1, and a folder that nobody may write.
func premises(t *testing.T, name string) *served {
	t.Helper()
	_, err := exec.LookPath("setpriv")
	need(t, err == nil, "setpriv of util-linux is not installed")
	t.Setenv("CGO_ENABLED", "0") // as it is packaged
	ns, _ := playground(t, name)
	dir := t.TempDir()
	for _, d := range []string{filepath.Dir(dir), dir} { // others may look into neither
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	s := &served{ns: ns, dir: dir, file: filepath.Join(dir, "tollwatch.toml"), program: livetest.Tollwatch(t)}
	store := filepath.Join(dir, "store")
	if err := errors.Join(os.Mkdir(store, 0o750), os.Chown(store, nobody, nobody)); err != nil {
		t.Fatal(err)
	}
	s.configure(t, "tap1")
	return s
}

func (s *served) configure(t *testing.T, interfaces string) {
	t.Helper()
	text := fmt.Sprintf("[capture]\ninterfaces = [%q]\n[store]\ndir = %q\n[http]\nlisten = \"127.0.0.1:8480\"\n", interfaces, filepath.Join(s.dir, "store"))
	if err := os.WriteFile(s.file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// command runs the sensor in the namespace, as nobody with the capabilities of caps.
func (s *served) command(caps string) *exec.Cmd {
	return exec.Command("ip", "netns", "exec", s.ns, "setpriv", "--reuid", fmt.Sprint(nobody), "--regid", fmt.Sprint(nobody), "--clear-groups",
		"--inh-caps", caps, "--ambient-caps", caps, "--bounding-set", caps, s.program, "run", "--config", s.file)
}

func (s *served) start(t *testing.T) {
	t.Helper()
	socket := filepath.Join(s.dir, "notify")
	var err error
	if s.manager, err = net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"}); err == nil {
		err = os.Chmod(socket, 0o777)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.manager.Close() })
	s.cmd = s.command(serviceCaps)
	s.cmd.Env = append(os.Environ(), "NOTIFY_SOCKET="+socket, "WATCHDOG_USEC=4000000")
	s.cmd.Stderr = s
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.cmd.Process.Kill()
		s.cmd.Wait()
		if t.Failed() {
			t.Logf("the sensor said:\n%s", tail(s.log.String(), 4000))
		}
	})
}

// hears waits for a message that begins so; what else comes before is passed over.
func (s *served) hears(begin string, within time.Duration) bool {
	s.manager.SetReadDeadline(time.Now().Add(within))
	b := make([]byte, 4096)
	for {
		n, err := s.manager.Read(b)
		if err != nil {
			return false
		}
		if strings.HasPrefix(string(b[:n]), begin) {
			return true
		}
	}
}

// forget passes over what the manager was told so far.
func (s *served) forget() {
	for s.hears("", time.Millisecond) {
	}
}

// answers asks the sensor from within its namespace.
func (s *served) answers(path string) string {
	out, _ := exec.Command("ip", "netns", "exec", s.ns, "bash", "-c",
		`exec 3<>/dev/tcp/127.0.0.1/8480 && printf 'GET `+path+` HTTP/1.0\r\n\r\n' >&3 && cat <&3`).Output()
	return string(out)
}

// powerless tells that no thread of the sensor uses a capability, and that all
// have the three that are laid aside, or what the build must have kept.
func (s *served) powerless(t *testing.T, when string) {
	t.Helper()
	if s.said("this build uses cgo") {
		t.Fatal("the sensor was built with cgo; packages build it without")
	}
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", s.cmd.Process.Pid))
	if err != nil || len(threads) < 3 {
		t.Fatalf("%s: got %d threads, %v", when, len(threads), err)
	}
	for _, file := range threads {
		b, err := os.ReadFile(file)
		if err != nil {
			continue // it ended
		}
		for _, want := range []string{"CapInh:\t0000000000000000", "CapPrm:\t000000c000002000", "CapEff:\t0000000000000000",
			"CapAmb:\t0000000000000000", "NoNewPrivs:\t1"} {
			if !strings.Contains(string(b), want+"\n") {
				t.Errorf("%s: %s: want %s, got\n%s", when, file, want, b)
			}
		}
	}
}

// TestServed: the manager hears that the sensor listens, and that it lives as long
// as its loop turns. No thread has a capability in use, and still an interface that
// comes back is taken up. When the loop alone stands still, while the process goes
// on answering, the manager hears nothing more. Told to end, the sensor says so and
// ends well.
func TestServed(t *testing.T) {
	s := premises(t, "v")
	s.start(t)
	if !s.hears("READY=1", 20*time.Second) {
		t.Fatal("got no READY=1")
	}
	sockets, err := os.ReadFile(fmt.Sprintf("/proc/%d/net/packet", s.cmd.Process.Pid))
	if err != nil || strings.Count(string(sockets), "\n") != 2 {
		t.Errorf("got %v and %q, want READY=1 when the one packet socket is there", err, sockets)
	}
	s.powerless(t, "ready")
	if !s.hears("WATCHDOG=1", 10*time.Second) || !s.hears("STATUS=listening since", 20*time.Second) {
		t.Error("got no sign of life, or no status, of a sensor that listens")
	}

	run(t, "ip", "-n", s.ns, "link", "delete", "tap1")
	await(t, "the interface to be missed", func() bool { return s.said("interface lost") })
	s.powerless(t, "without its interface")
	run(t, "ip", "-n", s.ns, "link", "add", "tap0", "type", "veth", "peer", "name", "tap1")
	run(t, "ip", "-n", s.ns, "link", "set", "tap0", "up")
	run(t, "ip", "-n", s.ns, "link", "set", "tap1", "up")
	await(t, "the interface to be taken up again", func() bool { return s.said("interface is there again") })
	s.powerless(t, "with its interface again")
	if !s.hears("WATCHDOG=1", 10*time.Second) {
		t.Error("got no sign of life after that")
	}

	thaw := s.freeze(t)
	s.forget()
	if s.hears("WATCHDOG=1", 5*time.Second) {
		t.Error("got a sign of life of a loop that stands still")
	}
	if got := s.answers("/livez"); !strings.Contains(got, "200 OK") {
		t.Errorf("got %q, want an answer: only the loop stands still", got)
	}
	thaw()
	if !s.hears("WATCHDOG=1", 10*time.Second) {
		t.Error("got no sign of life of a loop that goes on")
	}

	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if !s.hears("STOPPING=1", 10*time.Second) {
		t.Error("got no STOPPING=1")
	}
	if err := s.cmd.Wait(); err != nil || !s.said("capture ended") {
		t.Errorf("got %v, want a good end, and that the log tells of it", err)
	}
}

// freeze stops the thread that waits for frames, and that thread alone, as a
// debugger does, until thaw is called.
func (s *served) freeze(t *testing.T) (thaw func()) {
	t.Helper()
	frozen, again, thawed := make(chan error), make(chan bool), make(chan struct{})
	go func() {
		runtime.LockOSThread() // who traces a thread is a thread
		defer close(thawed)
		for {
			tid, err := s.waiting()
			if err == nil {
				err = stop(tid)
			}
			frozen <- err
			if err != nil {
				return
			}
			goOn := <-again
			syscall.PtraceDetach(tid)
			if !goOn {
				return
			}
		}
	}()
	// The loop may have left the thread just before: then it turns on another.
	for try := 0; ; try++ {
		if err := <-frozen; err != nil {
			t.Fatalf("stop the thread that waits for frames: %v", err)
		}
		if s.stalls() {
			break
		}
		if try == 5 {
			t.Fatal("the loop turns although its thread is stopped")
		}
		again <- true
	}
	return func() { again <- false; <-thawed }
}

// stalls tells that the loop has not turned for five seconds, which is when the
// sensor says so itself.
func (s *served) stalls() bool {
	for deadline := time.Now().Add(8 * time.Second); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		if strings.Contains(s.answers("/readyz"), "has not turned") {
			return true
		}
	}
	return false
}

// waiting finds the thread that is in ppoll(2); Go itself waits in other calls.
func (s *served) waiting() (int, error) {
	poll := fmt.Sprint(unix.SYS_PPOLL, " ")
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		calls, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/syscall", s.cmd.Process.Pid))
		for _, file := range calls {
			if b, err := os.ReadFile(file); err == nil && strings.HasPrefix(string(b), poll) {
				var tid int
				_, err := fmt.Sscan(filepath.Base(filepath.Dir(file)), &tid)
				return tid, err
			}
		}
	}
	return 0, errors.New("no thread waits for frames")
}

func stop(tid int) error {
	if err := syscall.PtraceAttach(tid); err != nil {
		return err
	}
	_, err := syscall.Wait4(tid, nil, unix.WALL, nil)
	return err
}

// TestWhatKeepsASensorFromStarting is told in one line, with what to do; sensor/livetest
// has more of it.
func TestWhatKeepsASensorFromStarting(t *testing.T) {
	s := premises(t, "k")
	for _, link := range []string{"tap0", "tap1"} {
		run(t, "ip", "-n", s.ns, "link", "set", link, "down")
	}
	for _, c := range []struct {
		name, interfaces string
		command          *exec.Cmd
		want             string
	}{
		{"all down", "any", s.command(serviceCaps), "capture on any: no Ethernet interface is up: there are lo, "},
		{"somebody else's store", "lo", exec.Command("ip", "netns", "exec", s.ns, s.program, "run", "--config", s.file),
			"it belongs to user 65534, not to root: start the sensor as that user"},
	} {
		s.configure(t, c.interfaces)
		out, err := c.command.CombinedOutput()
		if c.command.ProcessState.ExitCode() != 1 || !strings.Contains(string(out), c.want) || strings.Count(string(out), "\n") != 1 {
			t.Errorf("%s: got %v and %q, want status 1 and one line with %q", c.name, err, out, c.want)
		}
	}
}
