package livetest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"time"

	"golang.org/x/sys/unix"

	"tollwatch/sensor/capture"
)

// Do runs a function on a thread that is in the machine's namespace. What it
// opens there stays there.
func (h *Host) Do(inside func() error) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread must not be used again
		fd, err := unix.Open("/run/netns/"+h.ns, unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err == nil {
			err = unix.Setns(fd, unix.CLONE_NEWNET)
			unix.Close(fd)
		}
		if err == nil {
			err = inside()
		}
		done <- err
	}()
	return <-done
}

// Client speaks HTTP to servers in the machine.
func (h *Host) Client() *http.Client {
	dial := func(ctx context.Context, network, address string) (c net.Conn, err error) {
		err = h.Do(func() error {
			c, err = (&net.Dialer{}).DialContext(ctx, network, address)
			return err
		})
		return c, err
	}
	return &http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}, Timeout: 5 * time.Second}
}

// Tap listens on ports of the machine.
func (h *Host) Tap(names ...string) capture.Tap {
	h.net.t.Helper()
	var tap capture.Tap
	err := h.Do(func() (err error) {
		cfg := capture.DefaultLiveConfig()
		cfg.Interfaces = names
		tap, err = capture.OpenLive(cfg)
		return err
	})
	if err != nil {
		h.net.t.Fatal(err)
	}
	h.net.t.Cleanup(func() { tap.Close() })
	return tap
}

// Sender sends whole frames out of a port of the machine.
func (h *Host) Sender(port string) func(frame []byte) {
	h.net.t.Helper()
	var fd, index int
	err := h.Do(func() error {
		i, err := net.InterfaceByName(port)
		if err != nil {
			return err
		}
		index = i.Index
		fd, err = unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
		return err
	})
	if err != nil {
		h.net.t.Fatal(fmt.Errorf("send frames out of %s: %w", port, err))
	}
	h.net.t.Cleanup(func() { unix.Close(fd) })
	return func(frame []byte) {
		h.net.t.Helper()
		for {
			err := unix.Sendto(fd, frame, 0, &unix.SockaddrLinklayer{Ifindex: index})
			if err == unix.ENOBUFS || err == unix.EINTR {
				runtime.Gosched() // the kernel has no room: the receiver is about to make some
				continue
			}
			if err != nil {
				h.net.t.Fatalf("send %d bytes out of %s: %v", len(frame), port, err)
			}
			return
		}
	}
}
