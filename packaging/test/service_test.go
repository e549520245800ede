// Package test installs the Debian package in a machine that it boots, and looks at
// what systemd makes of it.
package test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"tollwatch/sensor/capture"
)

const root = "../.."

// TestPackage is the life of the package on a machine: what dpkg and systemd make
// of it, calls that are stolen there, a capture loop that stands still, an end, a
// configuration that is wrong, and what is left when it is purged.
func TestPackage(t *testing.T) {
	lookAtSources(t)
	rootfs := needed(t)
	dir := t.TempDir()
	deb := build(t, dir)
	m := boot(t, rootfs, dir)
	// The test has less patience than the unit, and leaves nothing in /etc.
	m.must(`mkdir -p /run/systemd/system/tollwatch.service.d && printf '[Service]\nWatchdogSec=8\nRestartSec=100ms\n' >/run/systemd/system/tollwatch.service.d/test.conf`)
	before := files(m)

	m.must("dpkg -i /test/" + deb)
	for _, story := range []struct {
		name string
		tell func(*testing.T, *machine)
	}{
		{"listens", listens}, {"brings dashboards", bringsDashboards}, {"is confined", isConfined}, {"alerts", alerts}, {"reloads", reloads}, {"is missed when it stands still", isMissed},
		{"is upgraded", func(t *testing.T, m *machine) { isUpgraded(t, m, deb) }}, {"ends", ends}, {"refuses", refuses},
	} {
		t.Run(story.name, func(t *testing.T) {
			of := *m
			of.t = t
			story.tell(t, &of)
		})
		if t.Failed() {
			t.Logf("the journal:\n%s", m.says("journalctl -u tollwatch --no-pager | grep -E 'systemd|msg=|tollwatch: ' | tail -n 40"))
			return
		}
	}

	m.must("dpkg --purge tollwatch")
	for name := range files(m) {
		if !before[name] {
			t.Errorf("got %s left when the package is purged, want nothing", name)
		}
	}
	if got := m.says("getent passwd tollwatch; getent group tollwatch; systemctl list-units --all --no-legend 'tollwatch*'"); got != "" {
		t.Errorf("got %q left when the package is purged, want neither user nor unit", got)
	}
}

// listens: dpkg alone has it listen, also after the next boot. systemd would not
// call it active before READY=1.
func listens(t *testing.T, m *machine) {
	if got := m.says("systemctl is-active tollwatch; systemctl is-enabled tollwatch"); got != "active\nenabled" {
		t.Fatalf("got %q, want it active and enabled", got)
	}
	m.await("a status", func() bool {
		return strings.HasPrefix(m.says("systemctl show -P StatusText tollwatch"), "listening since ")
	})
	log, want := m.says("journalctl -u tollwatch -o cat --no-pager"), best()
	if !strings.Contains(log, "backend="+want+" ") {
		t.Errorf("got\n%s\nwant that it listens by %s, the best that this kernel has", log, want)
	}
	if got := m.get("/metrics"); !strings.Contains(got, "200 OK") || !strings.Contains(got, fmt.Sprintf("tollwatch_capture_backend{backend=%q} 1\n", want)) {
		t.Errorf("got %.300q from /metrics on loopback, want metrics and among them the back-end %s", got, want)
	}
	if got := m.get("/readyz"); !strings.HasSuffix(got, "ok") {
		t.Errorf("got %q from /readyz, want ok", got)
	}
}

// best is the back-end that "auto" has to come to on this kernel, where nothing that
// the unit takes away hinders it.
func best() string {
	tap, err := capture.OpenLive(capture.LiveConfig{Interfaces: []string{"lo"}, RingBytes: 1 << 20, Mode: capture.Auto})
	if err != nil {
		return err.Error()
	}
	defer tap.Close()
	backend, _ := tap.Backend()
	return string(backend)
}

// isConfined: a user of its own, no capability in use on any thread, no more than
// three to be had, and what systemd itself says of the unit.
func isConfined(t *testing.T, m *machine) {
	threads := m.must(`cat /proc/$(systemctl show -P MainPID tollwatch)/task/*/status`)
	count := strings.Count(threads, "Name:")
	for _, line := range []string{"CapEff:\t0000000000000000", "CapPrm:\t000000c000002000", "CapBnd:\t000000c000002000", "CapAmb:\t0000000000000000", "NoNewPrivs:\t1", "Seccomp:\t2"} {
		if got := strings.Count(threads, line+"\n"); got != count || count < 3 {
			t.Errorf("got %q on %d of %d threads, want it on all", line, got, count)
		}
	}
	if got := m.must("stat -c '%U %a' /var/lib/tollwatch /var/lib/tollwatch/calls.db"); got != "tollwatch 700\ntollwatch 600" {
		t.Errorf("got the store with %q, want it of tollwatch alone", got)
	}
	analysis := m.says("systemd-analyze security --no-pager tollwatch | grep -v ✓")
	_, level, _ := strings.Cut(analysis, "Overall exposure level for tollwatch.service: ")
	t.Logf("systemd-analyze security: %s", level)
	var exposure float64
	if _, err := fmt.Sscan(level, &exposure); err != nil || exposure > 1.7 {
		t.Errorf("got an exposure of %q, want 1.7 at most:\n%s", level, analysis)
	}
}

// alerts: calls that are stolen on the interface that "any" found are an incident,
// which root can acknowledge.
func alerts(t *testing.T, m *machine) {
	siplab := filepath.Join(t.TempDir(), "siplab")
	command(t, "go", "build", "-o", siplab, "tollwatch/cmd/siplab")
	command(t, "ip", "netns", "exec", m.name, siplab, "play", "--scenario", "court-a", "--seed", "3", "--set", "length=40s", "--set", "attack.length=40s",
		"--set", "media=none", "--interface", "tap0", "--speed", "8", "--truth", filepath.Join(t.TempDir(), "truth.json"))
	m.await("the incident", func() bool { return strings.Contains(m.says("tollwatch incidents --json"), `"scheme":"toll_fraud"`) })
	if got := m.says("journalctl -u tollwatch -p warning -o cat"); !strings.Contains(got, `msg="incident raised"`) || strings.Contains(got, "capture started") {
		t.Errorf("got %q as warnings, want the incident and nothing of lower priority", got)
	}
	m.must(`tollwatch incidents ack "$(tollwatch incidents --json | grep -o '"incident":"[^"]*"' | head -n 1 | cut -d '"' -f 4)"`)
	m.await("the word to be heard", func() bool { return strings.Contains(m.says("journalctl -u tollwatch -o cat"), `msg="order heard"`) })
}

func reloads(t *testing.T, m *machine) {
	before := m.must("systemctl show -P MainPID tollwatch")
	m.must("systemctl reload tollwatch")
	m.await("the reload", func() bool {
		return strings.Contains(m.says("journalctl -u tollwatch -o cat"), `msg="tariff and hours reloaded"`) &&
			m.says("systemctl is-active tollwatch") == "active"
	})
	if after := m.must("systemctl show -P MainPID tollwatch"); after != before {
		t.Errorf("got process %s, want that of before, %s", after, before)
	}
}

// isMissed: the thread of the capture loop is stopped, and it alone. systemd starts
// the sensor anew, and the journal has what it was at.
func isMissed(t *testing.T, m *machine) {
	before := m.must("systemctl show -P MainPID tollwatch")
	freeze(t, m, m.outside(before))
	m.await("a new sensor", func() bool {
		return m.says("systemctl show -P NRestarts tollwatch") == "1" && m.says("systemctl is-active tollwatch") == "active"
	})
	if after := m.must("systemctl show -P MainPID tollwatch"); after == before {
		t.Errorf("got process %s as before, want another", after)
	}
	log := m.says("journalctl -u tollwatch -o cat --no-pager")
	for _, want := range []string{"Watchdog timeout", "SIGABRT", "sensor.(*Sensor).capture"} {
		if !strings.Contains(log, want) {
			t.Errorf("got a journal without %q", want)
		}
	}
}

// freeze stops the thread that waits for frames, as a debugger does, until the
// process has ended.
func freeze(t *testing.T, m *machine, pid int) {
	t.Helper()
	frozen, ended := make(chan error), make(chan struct{})
	go func() {
		runtime.LockOSThread() // who traces a thread is a thread
		defer close(ended)
		tid, err := stop(pid)
		frozen <- err
		for err == nil { // until it ends
			var status syscall.WaitStatus
			if _, err = syscall.Wait4(tid, &status, unix.WALL, nil); status.Signaled() || status.Exited() {
				return
			}
		}
	}()
	if err := <-frozen; err != nil {
		t.Fatalf("stop the thread that waits for frames: %v", err)
	}
	select {
	case <-ended:
	case <-time.After(90 * time.Second):
		t.Fatalf("the sensor still runs, its loop stands still; /readyz: %s", m.get("/readyz"))
	}
}

// stop stops the thread that is in ppoll(2), where the capture loop waits for
// frames; Go itself waits in other calls. One that has left it just before is let go.
func stop(pid int) (tid int, err error) {
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if tid = polling(pid); tid == 0 {
			continue
		}
		if err := syscall.PtraceAttach(tid); err != nil {
			return 0, err
		}
		if _, err := syscall.Wait4(tid, nil, unix.WALL, nil); err != nil {
			return 0, err
		}
		if polls(fmt.Sprintf("/proc/%d/task/%d/syscall", pid, tid)) {
			return tid, nil
		}
		syscall.PtraceDetach(tid)
	}
	return 0, errors.New("no thread waits for frames")
}

func polling(pid int) (tid int) {
	calls, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/syscall", pid))
	for _, file := range calls {
		if polls(file) {
			fmt.Sscan(filepath.Base(filepath.Dir(file)), &tid)
		}
	}
	return tid
}

func polls(file string) bool {
	b, err := os.ReadFile(file)
	return err == nil && strings.HasPrefix(string(b), fmt.Sprint(unix.SYS_PPOLL, " "))
}

// isUpgraded: another version is put over it, the sensor is started anew, and what
// was changed in the configuration stays, and so does what was switched off.
func isUpgraded(t *testing.T, m *machine, deb string) {
	before := m.must("systemctl show -P MainPID tollwatch")
	m.must(`sed -i 's/^name = ""/name = "lyon"/' /etc/tollwatch/tollwatch.toml`)
	m.must("dpkg -i /test/" + deb)
	if got := m.must("systemctl is-active tollwatch; systemctl show -P MainPID tollwatch"); got == "active\n"+before || !strings.HasPrefix(got, "active\n") {
		t.Errorf("got %q, want another process than %s", got, before)
	}
	m.must(`grep -q '^name = "lyon"' /etc/tollwatch/tollwatch.toml`)
	m.must("systemctl disable --now tollwatch; dpkg -i /test/" + deb)
	if got := m.says("systemctl is-enabled tollwatch; systemctl is-active tollwatch"); got != "disabled\ninactive" {
		t.Errorf("got %q of a sensor that was switched off before, want it left so", got)
	}
	m.must("systemctl enable --now tollwatch")
}

// ends: it has told what it owes, and systemd calls it a success.
func ends(t *testing.T, m *machine) {
	began := time.Now()
	m.must("systemctl stop tollwatch")
	t.Logf("stopped after %s", time.Since(began).Round(time.Millisecond))
	if got := m.must("systemctl show -P Result -P ExecMainStatus -P ActiveState tollwatch"); got != "success\n0\ninactive" && got != "inactive\nsuccess\n0" {
		t.Errorf("got %q, want a success", strings.Fields(got))
	}
	if log := m.says("journalctl -u tollwatch -o cat --no-pager | tail -n 5"); !strings.Contains(log, `msg="capture ended"`) {
		t.Errorf("got a log that ends\n%s\nwant that the capture ended", log)
	}
}

// refuses: a wrong configuration is told in one line with its place, and once it is
// right the sensor listens without being asked.
func refuses(t *testing.T, m *machine) {
	m.must(`cp -p /etc/tollwatch/tollwatch.toml /run/ && sed -i 's/^mode = .*/mode = "telepathy"/' /etc/tollwatch/tollwatch.toml`)
	if out, err := m.shell("systemctl start tollwatch"); err == nil {
		t.Errorf("got it started with a wrong configuration: %s", out)
	}
	place := regexp.MustCompile(`(?m)^tollwatch: .*tollwatch\.toml:\d+:\d+: capture\.mode.*\n.*status=2/`)
	m.await("the place of what is wrong, and status 2, in the journal", func() bool {
		return place.MatchString(m.says("journalctl -u tollwatch -o cat --no-pager | tail -n 30"))
	})
	m.must("cp -p /run/tollwatch.toml /etc/tollwatch/tollwatch.toml; rm /run/tollwatch.toml")
	m.await("it to listen again", func() bool { return m.says("systemctl is-active tollwatch") == "active" })
}

// files are those of the machine that a package could leave; dpkg's own, the log
// and copies of the list of users are not.
func files(m *machine) map[string]bool {
	out := map[string]bool{}
	for name := range strings.Lines(m.must(`find /etc /usr /var /opt /srv /home -xdev ! -path '/var/lib/dpkg/*' ! -path '/var/log/*' ! -path '/var/cache/*' ! -path '/var/tmp/*' ! -path '/etc/*-' ! -path '/etc/.pwd.lock'`)) {
		out[strings.TrimSuffix(name, "\n")] = true
	}
	return out
}

// needed is the folder with a Debian, where this machine has what the test takes.
func needed(t *testing.T) (rootfs string) {
	t.Helper()
	need(t, os.Geteuid() == 0, "to boot a machine needs root")
	for _, program := range []string{"systemd-nspawn", "nsenter", "unshare", "ip", "make", "git"} {
		_, err := exec.LookPath(program)
		need(t, err == nil, program+" is not installed; `make test` installs it")
	}
	cache := os.Getenv("XDG_CACHE_HOME")
	if cache == "" {
		home, _ := os.UserHomeDir()
		cache = filepath.Join(home, ".cache")
	}
	all, _ := filepath.Glob(filepath.Join(cache, "tollwatch", "debian-*", "usr"))
	need(t, len(all) > 0, "no Debian in the cache; `make test` makes it")
	return filepath.Dir(all[len(all)-1])
}

// need skips with the reason; in CI a missing need is a failure.
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

// build makes the package into dir, and returns its name there.
func build(t *testing.T, dir string) string {
	t.Helper()
	command(t, "make", "-C", root, "deb", "DIST="+dir)
	all, err := filepath.Glob(filepath.Join(dir, "tollwatch_*.deb"))
	if err != nil || len(all) != 1 {
		t.Fatalf("got %v, %v; want one package", all, err)
	}
	return filepath.Base(all[0])
}

func command(t *testing.T, program string, args ...string) {
	t.Helper()
	if out, err := exec.Command(program, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", program, strings.Join(args, " "), err, out)
	}
}

// lookAtSources lets go test know what the package is made of: it keeps a result
// until a file that the test has looked at changes, and what make reads it does not
// see.
func lookAtSources(t *testing.T) {
	t.Helper()
	for _, top := range []string{"bpf", "cmd", "decoder", "detect", "docs", "packaging", "sensor", "go.mod", "go.sum", "Makefile"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				_, err = os.Stat(path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
