package influx

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
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
	block := os.Getpid() % (1 << 15) * 4 // of 198.18.0.0/15, RFC 2544: a network for each process
	ends := fmt.Sprintf("198.%d.%d.", 18+block>>16, block>>8&255)
	f := &farSide{t: t, name: fmt.Sprintf("tw-far-%d", os.Getpid()), near: ends + strconv.Itoa(block&255+1), far: ends + strconv.Itoa(block&255+2)}
	if out, err := exec.Command("ip", "netns", "add", f.name).CombinedOutput(); err != nil {
		why := fmt.Sprintf("a line of one's own takes root and iproute2: %v %s", err, out)
		if os.Getenv("CI") == "true" {
			t.Fatal(why)
		}
		t.Skip(why)
	}
	link := fmt.Sprintf("twf%d", os.Getpid()%1_000_000)
	t.Cleanup(func() {
		exec.Command("ip", "link", "delete", link).Run() // the kernel takes its time with a namespace
		exec.Command("ip", "netns", "delete", f.name).Run()
	})
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

// listen opens a port there: a socket stays in the namespace where it was made.
func (f *farSide) listen() (l net.Listener) {
	f.t.Helper()
	f.inside(func() (err error) {
		l, err = net.Listen("tcp", f.far+":0")
		return err
	})
	return l
}

// names answers every question for an address with its own, and returns where it
// is asked.
func (f *farSide) names() (address string) {
	f.t.Helper()
	var c net.PacketConn
	f.inside(func() (err error) {
		c, err = net.ListenPacket("udp", f.far+":0")
		return err
	})
	f.t.Cleanup(func() { c.Close() })
	go func() {
		q := make([]byte, 512)
		for {
			n, from, err := c.ReadFrom(q)
			if err != nil {
				return
			}
			if a := answerName(q[:n], net.ParseIP(f.far).To4()); a != nil {
				c.WriteTo(a, from) // the line may be cut
			}
		}
	}()
	return c.LocalAddr().String()
}

// answerName is RFC 1035 §4.1 in its smallest: the question again, and one address
// of a minute where it is for type A.
func answerName(q []byte, address []byte) []byte {
	end := 12
	for end < len(q) && q[end] != 0 {
		end += 1 + int(q[end])
	}
	end += 5
	if end > len(q) {
		return nil
	}
	a := append([]byte{q[0], q[1], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}, q[12:end]...)
	if q[end-3] == 1 {
		a[7] = 1
		a = append(a, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4)
		a = append(a, address...)
	}
	return a
}

// inside runs f in the namespace. The thread is thrown away with its goroutine.
func (f *farSide) inside(do func() error) {
	f.t.Helper()
	made := make(chan error)
	go func() {
		runtime.LockOSThread()
		file, err := os.Open("/run/netns/" + f.name)
		if err == nil {
			err = unix.Setns(int(file.Fd()), unix.CLONE_NEWNET)
			file.Close()
		}
		if err == nil {
			err = do()
		}
		made <- err
	}()
	if err := <-made; err != nil {
		f.t.Fatal(err)
	}
}

// TestARealLineIsCut: on the connections of the kernel itself, with its own
// repetitions and their pauses, by address and by a name that is asked for through
// the same line. The line swallows packets for some seconds, in the middle of
// writing. Within two of its return the alerts are there.
func TestARealLineIsCut(t *testing.T) {
	logged(t)
	f := newFarSide(t)
	l, names := f.listen(), f.names()
	go http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := content(r); err == nil { // not cut in the middle
			w.WriteHeader(http.StatusNoContent)
		}
	}))
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	resolver := func() *net.Resolver {
		return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "udp", names)
		}}
	}
	for host, outages := range map[string][]time.Duration{
		f.far: {0, 3 * time.Second},
		// The longest that a lost question keeps others waiting is ten seconds, and that
		// of a request: after both, all that is under way began on the dead line.
		"influx.example.net": {16500 * time.Millisecond},
	} {
		o := newOutput(t, "http://"+net.JoinHostPort(host, port), func(c *Config) {
			d := DefaultConfig()
			c.MinPause, c.MaxPause, c.Linger, c.resolver = d.MinPause, 2*time.Second, 100*time.Millisecond, resolver
		})
		stop := running(t, o)
		for _, outage := range outages {
			f.outages(o, host, outage)
		}
		await(t, "the metrics", func() bool { return o.metrics.counters().Waiting == 0 })
		stop()
		if c := balanced(t, o); c.Done != c.Queued {
			t.Errorf("got %+v, want all done", c)
		}
	}
}

// outages cuts the line again where alerts came late: a busy machine is late once,
// and what waits for a lost question or a request that hangs is late each time.
func (f *farSide) outages(o *Output, host string, length time.Duration) {
	f.t.Helper()
	var took []time.Duration
	for range 3 {
		took = append(took, f.outage(o, host, length))
		if took[len(took)-1] <= 2*time.Second {
			return
		}
	}
	f.t.Errorf("%s, cut for %v: got the alerts %v after the line was back, want two seconds", host, length, took)
}

// outage cuts the line for a while, under an output that makes alerts, and says how
// long after its return they were there.
func (f *farSide) outage(o *Output, host string, length time.Duration) time.Duration {
	f.t.Helper()
	done := o.alerts.counts.done.Load
	f.cut()
	before := done()
	o.Put(anAlert())
	o.Put(cayman(1))
	for cut := time.Now(); time.Since(cut) < length; {
		o.Put(anAlert())
		time.Sleep(50 * time.Millisecond) // the kernel has no clock but the real one
	}
	if got := done(); length > 0 && got != before {
		f.t.Fatalf("got %d alerts through a line that is cut", got-before)
	}
	f.mend()
	took := await(f.t, "the alerts", func() bool { return o.alerts.counters().Waiting == 0 })
	f.t.Logf("%s, cut for %v: %d alerts were there %v after the line was", host, length, done()-before, took)
	return took
}
