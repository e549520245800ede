package livetest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// build builds the programs once for all tests of a process. Other users may
// run them.
var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "tollwatch-live-")
	if err != nil {
		return "", err
	}
	cmd := exec.Command("go", "build", "-tags", buildTags, "-o", dir, "tollwatch/cmd/tollwatch", "tollwatch/cmd/siplab")
	cmd.Env = append(os.Environ(), buildCGO)
	if out, err := cmd.CombinedOutput(); err != nil {
		return dir, fmt.Errorf("build the programs: %w: %s", err, out)
	}
	return dir, os.Chmod(dir, 0o755)
})

var built atomic.Bool

// Main runs the tests of a package and removes what was built for them.
func Main(m *testing.M) {
	code := m.Run()
	if built.Load() {
		dir, _ := build()
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

// Tollwatch is the path of the real program, of a package whose TestMain is Main.
func Tollwatch(t testing.TB) string { t.Helper(); return program(t, "tollwatch") }

// Siplab is that of the lab's.
func Siplab(t testing.TB) string { t.Helper(); return program(t, "siplab") }

func program(t testing.TB, name string) string {
	t.Helper()
	Programs(t, "go")
	built.Store(true)
	dir, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, name)
}

// Process is a program that runs until the test ends, or is told to.
type Process struct {
	t    testing.TB
	name string
	cmd  *exec.Cmd
	out  output
	over chan struct{} // closed when it has ended
}

// output keeps what a program says, for whoever looks meanwhile.
type output struct {
	mu   sync.Mutex
	said bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.said.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.said.String()
}

// Start starts a program in the machine.
func (h *Host) Start(program string, args ...string) *Process {
	h.net.t.Helper()
	p := &Process{t: h.net.t, name: filepath.Base(program), cmd: h.Command(program, args...), over: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.out
	if err := p.cmd.Start(); err != nil {
		p.t.Fatalf("start %s: %v", p.name, err)
	}
	go func() {
		p.cmd.Wait()
		close(p.over)
	}()
	p.t.Cleanup(func() {
		p.Kill()
		if p.t.Failed() {
			said := p.out.String()
			p.t.Logf("%s on %s said:\n%s", p.name, h.Name, said[max(0, len(said)-4000):])
		}
	})
	return p
}

// Said is what it has written so far.
func (p *Process) Said() string { return p.out.String() }

// Running says that it has not ended.
func (p *Process) Running() bool {
	select {
	case <-p.over:
		return false
	default:
		return true
	}
}

// Signal sends a signal to the program itself.
func (p *Process) Signal(s syscall.Signal) { p.cmd.Process.Signal(s) }

// Kill ends it at once.
func (p *Process) Kill() {
	p.Signal(syscall.SIGKILL)
	<-p.over
}

// Wait waits for its end, which must come within so long, and returns its status.
func (p *Process) Wait(within time.Duration) int {
	p.t.Helper()
	select {
	case <-p.over:
	case <-time.After(within):
		p.t.Fatalf("%s has not ended within %s", p.name, within)
	}
	return p.cmd.ProcessState.ExitCode()
}

// Stop asks it to end, and waits.
func (p *Process) Stop() int {
	p.t.Helper()
	p.Signal(syscall.SIGTERM)
	return p.Wait(10 * time.Second)
}

// Await waits until the program has said a text.
func (p *Process) Await(text string) {
	p.t.Helper()
	Await(p.t, p.name+" to say "+text, func() bool { return strings.Contains(p.Said(), text) })
}

// Await asks until it is so, for twenty seconds.
func Await(t testing.TB, what string, so func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !so() {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
		time.Sleep(20 * time.Millisecond) // the other side is another process: there is nothing to wait on
	}
}
