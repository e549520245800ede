package tap

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"time"

	"tollwatch/sensor/capture"
	"tollwatch/sensor/commission"
	"tollwatch/sensor/config"
)

// Listen listens on the configured interfaces for a while, or until ctx ends, and
// makes the sheet. Every frame is copied out of the kernel, whatever [capture]
// mode says: only so can it be said what there is.
func Listen(ctx context.Context, cfg *config.Config, length time.Duration) commission.Sheet {
	source, ports, err := open(cfg)
	if err != nil {
		return commission.Sheet{{Name: "capture", Result: commission.Fail, Found: err.Error()}}
	}
	defer source.Close()
	o := New(thisHost(), cfg.Site.View, ports)
	before, began := cardLosses(ports), time.Now()
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	err = o.take(ctx, source)
	o.advance(time.Now())
	for i, n := range cardLosses(ports) {
		o.ports[i].card = n - min(n, before[i])
	}
	s := append(o.Sheet(source.Stats().KernelDrops), clock(began))
	if err != nil {
		s = append(s, commission.Check{Name: "capture", Result: commission.Fail, Found: err.Error()})
	}
	return s
}

// underWay is how old a frame may be that is still to come out of the kernel.
const underWay = 250 * time.Millisecond

// take observes until ctx ends.
func (o *Observer) take(ctx context.Context, source capture.Source) error {
	var f capture.Frame
	for ctx.Err() == nil {
		err := source.Next(&f)
		var gone *capture.InterfaceError
		switch {
		case err == nil:
			o.Observe(&f)
		case errors.Is(err, capture.ErrIdle):
			o.advance(time.Now().Add(-underWay))
		case errors.As(err, &gone):
			for _, p := range o.ports {
				p.removed = p.removed || p.Name == gone.Name
			}
		default:
			return err
		}
	}
	return nil
}

func open(cfg *config.Config) (capture.Tap, []Port, error) {
	if len(cfg.Capture.Interfaces) == 0 {
		return nil, nil, errors.New("no interface is configured: what capture agents send is counted in /metrics")
	}
	names, err := capture.Resolve(cfg.Capture.Interfaces)
	if err != nil {
		return nil, nil, err
	}
	live := capture.DefaultLiveConfig()
	live.Interfaces = names
	source, err := capture.OpenLive(live)
	if err != nil {
		return nil, nil, err
	}
	var ports []Port
	for _, name := range names {
		if i, err := net.InterfaceByName(name); err == nil {
			ports = append(ports, Port{i.Index, name, meantAsMirror(i, cfg)})
		}
	}
	return source, ports, nil
}

// meantAsMirror: an interface without an address can be nothing else, unless it is
// the port of a bridge; one that is named is, where [site] view says that the tap
// stands in the network.
func meantAsMirror(i *net.Interface, cfg *config.Config) bool {
	if slices.Contains(cfg.Capture.Interfaces, i.Name) && slices.Contains([]string{"lan", "trunk", "internet"}, cfg.Site.View) {
		return true
	}
	_, err := os.Stat(filepath.Join("/sys/class/net", i.Name, "master"))
	return err != nil && !capture.HasAddress(i)
}

// thisHost has the addresses of all interfaces.
func thisHost() Host {
	h := Host{map[Hardware]bool{}, map[netip.Addr]bool{}}
	all, err := net.Interfaces()
	if err != nil {
		return h
	}
	for _, i := range all {
		if len(i.HardwareAddr) == len(Hardware{}) {
			h.Hardware[Hardware(i.HardwareAddr)] = true
		}
		own, _ := i.Addrs()
		for _, a := range own {
			if p, err := netip.ParsePrefix(a.String()); err == nil {
				h.Addresses[p.Addr().Unmap()] = true
			}
		}
	}
	return h
}

// cardLosses is what each port has lost so far.
func cardLosses(ports []Port) []uint64 {
	out := make([]uint64, len(ports))
	for i, p := range ports {
		out[i] = capture.CardLosses(p.Name)
	}
	return out
}
