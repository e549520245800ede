package influx

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// farSide is a network namespace at the other end of a real line, whose packets
// back can be swallowed without a word.
type farSide struct {
	t         *testing.T
	name      string
	near, far string // addresses
}

func newFarSide(t *testing.T) *farSide {
	t.Helper()
	f := &farSide{t: t, name: fmt.Sprintf("tw-far-%d", os.Getpid()), near: "198.18.77.1", far: "198.18.77.2"}
	if out, err := exec.Command("ip", "netns", "add", f.name).CombinedOutput(); err != nil {
		why := fmt.Sprintf("a line of one's own takes root and iproute2: %v %s", err, out)
		if os.Getenv("CI") == "true" {
			t.Fatal(why)
		}
		t.Skip(why)
	}
	t.Cleanup(func() { exec.Command("ip", "netns", "delete", f.name).Run() })
	link := fmt.Sprintf("twf%d", os.Getpid()%1_000_000)
	for _, command := range []string{
		"link add " + link + " type veth peer name far netns " + f.name,
		"address add " + f.near + "/30 dev " + link, "link set " + link + " up",
		"-n " + f.name + " address add " + f.far + "/30 dev far", "-n " + f.name + " link set far up",
	} {
		f.ip(command)
	}
	return f
}

func (f *farSide) ip(command string) {
	f.t.Helper()
	if out, err := exec.Command("ip", strings.Fields(command)...).CombinedOutput(); err != nil {
		f.t.Fatalf("ip %s: %v %s", command, err, out)
	}
}

func (f *farSide) cut()  { f.ip("-n " + f.name + " route add blackhole " + f.near + "/32") }
func (f *farSide) mend() { f.ip("-n " + f.name + " route delete blackhole " + f.near + "/32") }

// listen opens a port there: a socket stays in the namespace where it was made. The
// thread is thrown away with its goroutine.
func (f *farSide) listen() net.Listener {
	f.t.Helper()
	var l net.Listener
	made := make(chan error)
	go func() {
		runtime.LockOSThread()
		file, err := os.Open("/run/netns/" + f.name)
		if err == nil {
			err = unix.Setns(int(file.Fd()), unix.CLONE_NEWNET)
			file.Close()
		}
		if err == nil {
			l, err = net.Listen("tcp", f.far+":0")
		}
		made <- err
	}()
	if err := <-made; err != nil {
		f.t.Fatal(err)
	}
	return l
}

// TestARealLineIsCut: on the connections of the kernel itself, with its own
// repetitions and their pauses. The line swallows packets for some seconds, in the
// middle of writing. Within two of its return the alerts are there.
func TestARealLineIsCut(t *testing.T) {
	logged(t)
	f := newFarSide(t)
	var alerts, metrics atomic.Int64
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := content(r)
		if err != nil {
			return // cut in the middle
		}
		w.WriteHeader(http.StatusNoContent)
		if r.URL.Query().Get("bucket") == "alerts" {
			alerts.Add(int64(strings.Count(string(body), "\n")))
			return
		}
		metrics.Add(int64(strings.Count(string(body), "\n")))
	})}
	l := f.listen()
	go server.Serve(l)
	defer server.Close()
	o := newOutput(t, "http://"+l.Addr().String(), func(c *Config) {
		d := DefaultConfig()
		c.MinPause, c.MaxPause, c.Linger = d.MinPause, 2*time.Second, 100*time.Millisecond
	})
	stop := running(t, o)
	for round, outage := range []time.Duration{0, 3 * time.Second, 7 * time.Second} {
		before := o.alerts.counts.done.Load()
		f.cut()
		o.Put(anAlert())
		o.Put(cayman(round))
		for cut := time.Now(); time.Since(cut) < outage; {
			o.Put(anAlert())
			time.Sleep(50 * time.Millisecond)
		}
		if got := o.alerts.counts.done.Load(); outage > 0 && got != before {
			t.Fatalf("got %d alerts through a line that is cut", got-before)
		}
		f.mend()
		took := await(t, "the alerts", func() bool { return o.alerts.counters().Waiting == 0 })
		t.Logf("cut for %v: %d alerts were there %v after the line was", outage, o.alerts.counts.done.Load()-before, took)
		if took > 2*time.Second {
			t.Errorf("cut for %v: got the alerts %v after the line was back, want two seconds", outage, took)
		}
	}
	await(t, "the metrics", func() bool { return o.metrics.counters().Waiting == 0 })
	stop()
	c := balanced(t, o)
	if c.Done != c.Queued || metrics.Load() < 3 || alerts.Load() < int64(c.Done)-3 {
		t.Errorf("got %+v; %d alerts and %d metrics at the server", c, alerts.Load(), metrics.Load())
	}
}
