package sensor

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"tollwatch/sensor/rights"
	"tollwatch/sensor/systemd"
)

// attaching are the capabilities that attaching to an interface takes, of which
// each back-end uses what it needs. They are kept for interfaces that come back.
func attaching(mode string) rights.Set {
	if mode == "tcx" {
		return rights.Of(rights.NetRaw, rights.BPF, rights.Perfmon, rights.NetAdmin)
	}
	return rights.Of(rights.NetRaw, rights.BPF, rights.Perfmon)
}

// lower gives up every right that capture does not take, once all is open. Those
// of attaching are laid aside: the loop reads without any.
func (s *Sensor) lower() {
	kept, err := rights.Keep(attaching(s.cfg.Capture.Mode))
	switch {
	case errors.Is(err, rights.ErrThreads):
		s.log.Warn("capabilities not laid aside", "error", err)
	case err != nil:
		s.log.Error("capabilities not laid aside", "error", err)
	default:
		s.log.Info("capabilities laid aside until an interface comes back", "kept", kept.String())
	}
}

// ownFolder refuses a store that is somebody else's to root, which gives up the
// right to write everywhere, and would leave files there that the owner cannot open.
func ownFolder(dir string) error {
	info, err := os.Stat(dir)
	if err != nil || os.Geteuid() != 0 {
		return nil // who opens it says what is wrong
	}
	if s, ok := info.Sys().(*syscall.Stat_t); ok && s.Uid != 0 {
		return fmt.Errorf("open store %s: it belongs to user %d, not to root: start the sensor as that user (systemctl start tollwatch), or name another folder under [store] dir", dir, s.Uid)
	}
	return nil
}

// connect finds the service manager; a sensor that nobody manages runs as well.
func (s *Sensor) connect() {
	var err error
	if s.manager, err = systemd.Connect(); err != nil {
		s.manager = &systemd.Manager{}
		s.told(err)
	}
}

// told logs that the service manager could not be told.
func (s *Sensor) told(err error) {
	if err != nil {
		s.log.Warn("service manager not told", "error", err)
	}
}

// alive is called by the capture loop alone, after it has taken a frame or let idle
// time pass: a loop that stands still is silent, and is started anew.
func (s *Sensor) alive(now *State) {
	s.told(s.manager.Alive(now.At))
	if now.At.Sub(s.described) < heartbeat {
		return
	}
	s.described = now.At
	s.told(s.manager.Status(s.describe(now)))
}

// describe is the sensor in one line.
func (s *Sensor) describe(now *State) string {
	if err := s.Ready(); err != nil {
		return "not ready: " + err.Error()
	}
	return fmt.Sprintf("listening since %s: %d calls now, %d incidents open, %d frames lost",
		s.started.Format(time.DateTime), now.Detect.LiveCalls, now.open(), now.Capture.KernelDrops)
}

// undelivered counts what the outputs gave up. Points that wait in the spool are
// not among it: the next start sends them.
type undelivered struct{ points, posts uint64 }

func (s *Sensor) undelivered() (u undelivered) {
	if s.influx != nil {
		u.points = s.influx.Counters().Lost
	}
	if s.webhook != nil {
		c := s.webhook.Counters()
		u.posts = c.Failed + c.Lost
	}
	return u
}

// owed says what could not be delivered in the time after the capture had ended;
// nobody asks for metrics any more.
func (s *Sensor) owed(before undelivered) {
	if now := s.undelivered(); now != before {
		s.log.Warn("not delivered before the end; the store has it", "influx_points", now.points-before.points, "webhook_posts", now.posts-before.posts)
	}
}
