package influx

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tollwatch/sensor/output/influx/influxtest"
	"tollwatch/sensor/output/points"
)

// The environment of the process that is killed.
const (
	killedDir  = "TOLLWATCH_KILLED_DIR"
	killedURL  = "TOLLWATCH_KILLED_URL"
	killedFrom = "TOLLWATCH_KILLED_FROM"
)

// numbered makes point n: every tenth is an alert.
func numbered(o *Output, n int) {
	group := fmt.Sprint("n", n)
	if n%10 == 0 {
		a := anAlert()
		a.Time, a.Incident = night.Add(time.Duration(n)*time.Second), group
		o.Alert(a)
		return
	}
	o.Call(&points.Call{ID: group, Group: group, End: night.Add(time.Duration(n) * time.Second), State: "answered"})
}

// TestKilledProcess is the process that TestKill kills; it does nothing else. It
// makes points and says how far those are that are in safety.
func TestKilledProcess(t *testing.T) {
	dir, url := os.Getenv(killedDir), os.Getenv(killedURL)
	if dir == "" {
		return
	}
	n, err := strconv.Atoi(os.Getenv(killedFrom))
	if err != nil {
		t.Fatal(err)
	}
	o := newOutput(t, url, func(c *Config) { c.Dir, c.Linger = dir, time.Millisecond })
	go o.Run(t.Context())
	for {
		for range 1 + n%50 {
			numbered(o, n)
			n++
		}
		for o.metrics.inbox.waiting()+o.alerts.inbox.waiting() > 0 {
			time.Sleep(100 * time.Microsecond)
		}
		fmt.Printf("safe %d\n", n)
	}
}

// moody is a server that is away most of the time, until it is told not to be.
type moody struct {
	mu     sync.Mutex
	steady bool
	got    map[int]bool
}

var number = regexp.MustCompile(`(?:call_group|incident)="n(\d+)"`)

func (m *moody) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := content(r)
	m.mu.Lock()
	defer m.mu.Unlock()
	mood := rand.IntN(16)
	switch {
	case m.steady || mood < 2:
	case mood < 10:
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	default:
		panic(http.ErrAbortHandler) // a reset in the middle
	}
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	for _, match := range number.FindAllSubmatch(body, -1) {
		n, _ := strconv.Atoi(string(match[1]))
		m.got[n] = true
	}
	w.WriteHeader(http.StatusNoContent)
}

// rounds is how often something is repeated: of the environment, or the default.
func rounds(t *testing.T, name string, otherwise int) int {
	t.Helper()
	n, err := strconv.Atoi(os.Getenv(name))
	if os.Getenv(name) == "" {
		return otherwise
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// TestKill: a process that writes and drains is killed (kill -9) at a random moment,
// KILLS times. Every point that was in safety arrives at last.
func TestKill(t *testing.T) {
	logged(t)
	m := &moody{got: map[int]bool{}}
	server := httptest.NewServer(m)
	defer server.Close()
	server.Config.ErrorLog = nil
	dir := t.TempDir()
	var safe [][2]int
	n := 0
	for range rounds(t, "KILLS", 40) {
		to := killed(t, dir, server.URL, n)
		safe = append(safe, [2]int{n, to})
		n = to + 1000 // what was made and not in safety has these numbers
	}
	m.mu.Lock()
	before := len(m.got)
	m.steady = true
	m.mu.Unlock()
	last := newOutput(t, server.URL, func(c *Config) { c.Dir = dir })
	stop := running(t, last)
	for end := time.Now().Add(time.Minute); (last.Counters().Found == 0 || last.Counters().Waiting > 0) && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	stop()
	c := balanced(t, last)
	want, missing := 0, 0
	for _, s := range safe {
		for n := s[0]; n < s[1]; n++ {
			want++
			if !m.got[n] {
				missing++
			}
		}
	}
	t.Logf("%d kills: %d points in safety, %d had arrived before the last process, %d were found by it", len(safe), want, before, c.Found)
	if missing > 0 || c.Waiting > 0 || c.Lost > 0 || want < 100*len(safe) {
		t.Errorf("got %d of %d points missing; %+v", missing, want, c)
	}
	if last.Trouble().Kind == Damaged {
		t.Errorf("got %v", last.Trouble())
	}
}

// killed runs a process from number n on until it is killed, and returns how far
// its points were in safety.
func killed(t *testing.T, dir, url string, n int) (safe int) {
	t.Helper()
	c := exec.Command(os.Args[0], "-test.run=^TestKilledProcess$")
	c.Env = append(os.Environ(), killedDir+"="+dir, killedURL+"="+url, fmt.Sprint(killedFrom, "=", n))
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	said := bufio.NewScanner(out)
	began := false
	for said.Scan() {
		if text, ok := strings.CutPrefix(said.Text(), "safe "); ok {
			safe, _ = strconv.Atoi(text)
		}
		if !began {
			began = true
			time.AfterFunc(time.Duration(rand.IntN(200))*time.Millisecond, func() { c.Process.Kill() })
		}
	}
	c.Process.Kill()
	io.Copy(io.Discard, out)
	c.Wait() // killed is how it ends
	if safe <= n {
		t.Fatalf("got no point in safety from the process that began at %d", n)
	}
	return safe
}

// TestTheServerIsKilled: InfluxDB itself is killed and started anew while points
// come. All of them are there at last, once.
func TestTheServerIsKilled(t *testing.T) {
	logged(t)
	real := influxtest.Influxd(t, influxtest.In(t.TempDir()))
	real.InfluxQL(t, "", "CREATE DATABASE calls")
	o := newOutput(t, real.URL, func(c *Config) {
		c.Org, c.BucketAlerts, c.Linger, c.MaxPause = "", "", 10*time.Millisecond, 50*time.Millisecond
	})
	stop := running(t, o)
	n := 0
	make := func(points int) {
		for range points {
			numbered(o, n)
			n++
		}
	}
	for range rounds(t, "RESTARTS", 3) {
		before := o.Counters().Done
		for o.Counters().Done < before+300 { // it is killed while it writes
			make(50)
			time.Sleep(time.Millisecond)
		}
		real.Kill()
		make(500)
		real.Start()
	}
	for deadline := time.Now().Add(time.Minute); o.Counters().Waiting > 0 && time.Now().Before(deadline); {
		time.Sleep(10 * time.Millisecond)
	}
	stop()
	if c := balanced(t, o); c.Done != uint64(n) {
		t.Errorf("got %+v of %d points", c, n)
	}
	got := influxtest.Text(real.InfluxQL(t, "calls", "SELECT count(call_group) FROM call; SELECT count(incident) FROM alert"))
	if want := fmt.Sprintf("%d; %d", n*9/10, n/10); got != want {
		t.Errorf("got %s calls and alerts in the server, want %s", got, want)
	}
}
