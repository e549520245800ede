package test

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// machine is a Debian that was booted for a test: a system of its own with systemd
// as its first process, whose files are changed in memory only. Its network is a
// namespace of the test's, with a pair of interfaces tap0 and tap1.
type machine struct {
	t      *testing.T
	name   string
	leader int // its first process, as the host numbers it
}

// boot starts a machine on the folder of rootfs.sh, which sees dir at /test. It is
// gone when the test ends.
func boot(t *testing.T, rootfs, dir string) *machine {
	t.Helper()
	sweep()
	m := &machine{t: t, name: fmt.Sprint(prefix, os.Getpid())}
	m.ip("netns", "add", m.name)
	t.Cleanup(func() { exec.Command("ip", "netns", "delete", m.name).Run() })
	m.ip("-n", m.name, "link", "set", "lo", "up")
	m.ip("-n", m.name, "link", "add", "tap0", "type", "veth", "peer", "name", "tap1")
	m.ip("-n", m.name, "link", "set", "tap0", "up")
	m.ip("-n", m.name, "link", "set", "tap1", "up")

	var console bytes.Buffer
	// All mounts are of a namespace that ends with the machine.
	cmd := exec.Command("unshare", "--mount", "bash", "-euc", start, "start", m.name, rootfs, t.TempDir(), dir)
	cmd.Stdout, cmd.Stderr = &console, &console
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { cmd.Wait(); close(ended) }()
	t.Cleanup(func() {
		// All that runs in the machine ends with its first process, and nspawn then.
		// A machine that never came to have one is nspawn alone.
		process := cmd.Process
		if m.leader != 0 {
			process, _ = os.FindProcess(m.leader)
		}
		process.Kill()
		<-ended
		m.forgetGroups()
		if t.Failed() {
			t.Logf("the machine said:\n%s", console.String())
		}
	})
	m.await("the machine to boot", func() bool {
		select {
		case <-ended:
			t.Fatalf("the machine did not boot:\n%s", console.String())
		default:
		}
		if m.leader == 0 {
			m.leader = first(cmd.Process.Pid)
		}
		return m.leader != 0 && strings.Contains("running degraded", m.says("systemctl is-system-running"))
	})
	return m
}

// prefix is that of machines' names; the number of the test's process follows.
const prefix = "tw-m-"

// sweep ends the machines of tests that were killed: they are alone in a namespace
// that bears the number of a process that is no more.
func sweep() {
	left, _ := filepath.Glob("/run/netns/" + prefix + "*")
	for _, path := range left {
		name := filepath.Base(path)
		if _, err := os.Stat("/proc/" + strings.TrimPrefix(name, prefix)); err == nil {
			continue // its test runs
		}
		inside, _ := exec.Command("ip", "netns", "pids", name).Output()
		for _, field := range strings.Fields(string(inside)) {
			pid, _ := strconv.Atoi(field)
			if process, err := os.FindProcess(pid); err == nil && pid > 1 {
				process.Kill()
			}
		}
		exec.Command("ip", "netns", "delete", name).Run()
		(&machine{name: name}).forgetGroups()
	}
}

// start lays a file system in memory over the folder, and becomes the machine.
// Where no systemd gives it groups of processes (cgroups) of its own, it makes them:
// two machines must not share them.
const start = `
name=$1 rootfs=$2 over=$3 test=$4
mount -t tmpfs tmpfs "$over"
mkdir "$over/upper" "$over/work" "$over/root"
mount -t overlay overlay -o "lowerdir=$rootfs,upperdir=$over/upper,workdir=$over/work" "$over/root"
keep=
if [[ ! -d /run/systemd/system ]]; then
  keep=--keep-unit
  for groups in /sys/fs/cgroup /sys/fs/cgroup/unified /sys/fs/cgroup/systemd; do
    if [[ -f $groups/cgroup.procs ]] && mkdir "$groups/$name" 2>/dev/null; then echo $$ >"$groups/$name/cgroup.procs"; fi
  done
fi
exec systemd-nspawn --quiet --directory="$over/root" --machine="$name" --network-namespace-path="/run/netns/$name" --register=no $keep \
  --capability=CAP_BPF,CAP_PERFMON --system-call-filter='bpf perf_event_open' --bind-ro="$test:/test" --boot --console=pipe </dev/null
`

// first finds the first process of the machine that nspawn, process pid, made: its
// child that is systemd and numbers processes anew. No other may be entered: what
// is done there could be done to the host.
func first(pid int) int {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	own, err := os.Readlink("/proc/self/ns/pid")
	for _, child := range strings.Fields(string(b)) {
		ns, other := os.Readlink("/proc/" + child + "/ns/pid")
		name, _ := os.ReadFile("/proc/" + child + "/comm")
		if n, _ := strconv.Atoi(child); err == nil && other == nil && ns != own && string(name) == "systemd\n" {
			return n
		}
	}
	return 0
}

// forgetGroups removes the groups of processes that start made, from the innermost.
// They are busy until the kernel has put the last process away.
func (m *machine) forgetGroups() {
	for _, groups := range []string{"/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd"} {
		group := filepath.Join(groups, m.name)
		for try := 0; try < 100; try++ {
			if _, err := os.Stat(group); err != nil {
				break
			}
			exec.Command("find", group, "-depth", "-type", "d", "-exec", "rmdir", "{}", "+").Run()
			time.Sleep(20 * time.Millisecond)
		}
	}
}

func (m *machine) ip(args ...string) {
	m.t.Helper()
	if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
		m.t.Fatalf("ip %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// shell runs a line of shell in the machine, as root.
func (m *machine) shell(line string) (string, error) {
	out, err := exec.Command("nsenter", "--target", strconv.Itoa(m.leader), "--all", "bash", "-c", line).CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

// says is what a line of shell prints, whatever its status.
func (m *machine) says(line string) string {
	out, _ := m.shell(line)
	return out
}

// must is says of a line that has to succeed.
func (m *machine) must(line string) string {
	m.t.Helper()
	out, err := m.shell(line)
	if err != nil {
		m.t.Fatalf("%s: %v\n%s", line, err, out)
	}
	return out
}

// get asks the sensor in the machine, from its loopback.
func (m *machine) get(path string) string {
	return m.says(`exec 3<>/dev/tcp/127.0.0.1/8480 && printf 'GET ` + path + ` HTTP/1.0\r\n\r\n' >&3 && cat <&3`)
}

// await asks until it is so. Machines that run many tests at once are slow.
func (m *machine) await(what string, so func() bool) {
	m.t.Helper()
	for deadline := time.Now().Add(90 * time.Second); !so(); time.Sleep(100 * time.Millisecond) { // other systems: there is nothing to wait on
		if time.Now().After(deadline) {
			m.t.Fatalf("waited in vain for %s", what)
		}
	}
}

// outside is the host's number of a process of the machine.
func (m *machine) outside(inside string) int {
	m.t.Helper()
	own, err := os.Readlink(fmt.Sprintf("/proc/%d/ns/pid", m.leader))
	if err != nil {
		m.t.Fatal(err)
	}
	all, _ := filepath.Glob("/proc/[0-9]*/status")
	for _, file := range all {
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		if ns, _ := os.Readlink(fmt.Sprintf("/proc/%d/ns/pid", pid)); ns == own && numbered(file, inside) {
			return pid
		}
	}
	m.t.Fatalf("got no process of the host that is %q in the machine", inside)
	return 0
}

// numbered tells whether the last of a process's numbers, that of its own machine,
// is inside (NSpid of proc(5)).
func numbered(status, inside string) bool {
	b, err := os.ReadFile(status)
	for lines := bufio.NewScanner(bytes.NewReader(b)); err == nil && lines.Scan(); {
		if all, ok := strings.CutPrefix(lines.Text(), "NSpid:"); ok {
			return strings.HasSuffix(all, "\t"+inside)
		}
	}
	return false
}
