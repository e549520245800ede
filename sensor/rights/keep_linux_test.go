package rights

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// child is set in the process that gives up rights: what Keep gives up, the tests
// would miss.
const child = "TOLLWATCH_TEST_RIGHTS"

// aside is what the child lays aside.
var aside = Of(NetRaw, BPF)

func TestMain(m *testing.M) {
	if os.Getenv(child) != "" {
		os.Exit(giveUp())
	}
	os.Exit(m.Run())
}

// giveUp is the child: it lays two capabilities aside, and says at each step how that
// went, on a line, before it waits for one.
func giveUp() int {
	in := bufio.NewReader(os.Stdin)
	step := func(text string) {
		fmt.Println(text)
		in.ReadString('\n')
	}
	busy := make(chan struct{})
	for range 4 { // threads that are there before, held in a system call
		go func() {
			var p [2]int
			unix.Pipe(p[:])
			busy <- struct{}{}
			unix.Read(p[0], make([]byte, 1))
		}()
		<-busy
	}
	if _, err := Keep(aside); err != nil {
		fmt.Println("error:", err)
		return 1
	}
	step("kept")
	Raised(Of(NetRaw, NetAdmin), func() {
		effective, permitted, err := thread()
		step(fmt.Sprintf("raised to %v of %v (%v) %v", effective, permitted, err, socket()))
	})
	step(fmt.Sprintf("lowered %v", socket()))
	out, err := exec.Command("grep", "CapPrm", "/proc/self/status").Output()
	step(fmt.Sprintf("executed %s %v", strings.Fields(string(out)), err))
	return 0
}

// socket is what needs NetRaw.
func socket() string {
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW, 0)
	if err != nil {
		return err.Error()
	}
	unix.Close(fd)
	return "can capture"
}

// start runs the child with the capabilities of caps alone, as setpriv(1) names
// them, and user nobody.
func start(t *testing.T, caps ...string) (pid int, next func() string) {
	t.Helper()
	need(t, os.Getuid() == 0, "to start a child with certain capabilities needs root")
	_, err := exec.LookPath("setpriv")
	need(t, err == nil, "setpriv of util-linux is not installed")
	list := "-all,+" + strings.Join(caps, ",+")
	cmd := exec.Command("setpriv", "--reuid", "65534", "--clear-groups", "--inh-caps", list, "--ambient-caps", list, "--bounding-set", list, "/proc/self/fd/3")
	return begin(t, cmd)
}

func begin(t *testing.T, cmd *exec.Cmd) (pid int, next func() string) {
	t.Helper()
	self, err := os.Open(os.Args[0]) // its folder is closed to others
	if err != nil {
		t.Fatal(err)
	}
	defer self.Close()
	cmd.ExtraFiles = []*os.File{self}
	cmd.Env = append(os.Environ(), child+"=1")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stdin.Close(); cmd.Wait() })
	out := bufio.NewReader(stdout)
	asked := false
	return cmd.Process.Pid, func() string {
		if asked {
			io.WriteString(stdin, "\n")
		}
		asked = true
		line, _ := out.ReadString('\n')
		return strings.TrimSpace(line)
	}
}

// threadsOf are the capability sets of each thread, by the name that proc(5) gives them.
func threadsOf(t *testing.T, pid int) (out []map[string]Set) {
	t.Helper()
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
	if err != nil || len(files) == 0 {
		t.Fatalf("got no thread of process %d: %v", pid, err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if errors.Is(err, syscall.ESRCH) || errors.Is(err, os.ErrNotExist) {
			continue // it ended
		}
		if err != nil {
			t.Fatal(err)
		}
		sets := map[string]Set{}
		for line := range strings.Lines(string(b)) {
			name, value, _ := strings.Cut(line, ":")
			if n, err := strconv.ParseUint(strings.TrimSpace(value), 16, 64); err == nil {
				sets[name] = Set(n)
			}
		}
		out = append(out, sets)
	}
	return out
}

// TestKeep: of three capabilities two are kept, on every thread, effective on
// none; one thread raises one of them and lowers it again.
func TestKeep(t *testing.T) {
	pid, next := start(t, "net_raw", "bpf", "net_admin")
	told := next()
	if withCgo(told) {
		return
	}
	if told != "kept" {
		t.Fatalf("got %q, want kept", told)
	}
	all := threadsOf(t, pid)
	if len(all) < 5 {
		t.Errorf("got %d threads, want those that wait in a system call among them", len(all))
	}
	for _, s := range all {
		if s["CapEff"] != 0 || s["CapPrm"] != aside || s["CapInh"] != 0 || s["CapAmb"] != 0 || s["NoNewPrivs"] != 1 {
			t.Errorf("got effective %v, permitted %v, inheritable %v, ambient %v, no_new_privs %d; want none, %v, none, none, 1",
				s["CapEff"], s["CapPrm"], s["CapInh"], s["CapAmb"], s["NoNewPrivs"], aside)
		}
	}
	if got, want := next(), "raised to CAP_NET_RAW of CAP_NET_RAW CAP_BPF (<nil>) can capture"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	raised := 0
	for _, s := range threadsOf(t, pid) {
		if s["CapEff"] != 0 {
			raised++
		}
	}
	if raised != 1 {
		t.Errorf("got %d threads with effective capabilities, want 1", raised)
	}
	if got, want := next(), "lowered operation not permitted"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, s := range threadsOf(t, pid) {
		if s["CapEff"] != 0 {
			t.Errorf("got effective %v after it was lowered, want none", s["CapEff"])
		}
	}
}

// TestKeepOfRoot: root may, and does, empty the bounding set too, and a program that
// it executes is as poor as it is.
func TestKeepOfRoot(t *testing.T) {
	need(t, os.Getuid() == 0, "this is what root gives up")
	pid, next := begin(t, exec.Command("/proc/self/fd/3"))
	told := next()
	if withCgo(told) {
		return
	}
	if told != "kept" {
		t.Fatalf("got %q, want kept", told)
	}
	for _, s := range threadsOf(t, pid) {
		if s["CapEff"] != 0 || s["CapPrm"]&^(aside) != 0 || s["CapBnd"] != 0 {
			t.Errorf("got effective %v, permitted %v, bounding %v; want none, at most %v, none", s["CapEff"], s["CapPrm"], s["CapBnd"], aside)
		}
	}
	next() // raised
	next() // lowered
	if got, want := next(), "executed [CapPrm: 0000000000000000] <nil>"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestKeepWithoutAny: who has nothing gives up nothing.
func TestKeepWithoutAny(t *testing.T) {
	need(t, os.Getuid() == 0, "to start a child as another user needs root")
	cmd := exec.Command("/proc/self/fd/3")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	_, next := begin(t, cmd)
	if told := next(); withCgo(told) {
		return
	} else if told != "kept" {
		t.Errorf("got %q, want kept", told)
	}
	if got, want := next(), "raised to none of none (<nil>) operation not permitted"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func need(t *testing.T, ok bool, reason string) {
	t.Helper()
	if ok {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatal(reason)
	}
	t.Skip(reason)
}
