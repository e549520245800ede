// Package play sends a scenario's frames live, at the times at which they were
// planned, out of an interface of a network namespace that was made for it.
//
// It sends whole frames out of a packet socket, so that both ends of every call
// may have addresses that nothing of the machine has. It never sends into the
// network of the machine itself, nor out of a card: whoever listens there would
// take the lab's calls for real ones. Memory is that of the generator, which
// waits for the frames to be sent.
package play

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"time"

	"github.com/google/gopacket/pcapgo"

	"tollwatch/sensor/lab/packets"
	"tollwatch/sensor/lab/scenario"
	"tollwatch/sensor/lab/truth"
)

// Options say where and how fast.
type Options struct {
	Interface string
	Speed     float64   // 1 = as planned, 60 = a minute in a second
	Truth     io.Writer // what was sent
}

// Run plays the scenario of a seed. It returns what was sent; when ctx ends
// first, its error says so, and the truth holds the calls that were over. Some
// of them may not have been sent: frames are made a little ahead.
func Run(ctx context.Context, p scenario.Parameters, seed uint64, o Options) (truth.Totals, error) {
	if !(o.Speed > 0) {
		return truth.Totals{}, fmt.Errorf("play at speed %g: want more than 0", o.Speed)
	}
	out, err := open(o.Interface)
	if err != nil {
		return truth.Totals{}, fmt.Errorf("play on %q: %w", o.Interface, err)
	}
	defer syscall.Close(out)
	playing, stop := context.WithCancel(ctx)
	defer stop()
	read, write := io.Pipe()
	var totals truth.Totals
	generated := make(chan error, 1)
	go func() {
		var err error
		totals, err = packets.Generate(playing, p, seed, write, o.Truth)
		write.CloseWithError(err)
		generated <- err
	}()
	err = send(ctx, out, read, o.Speed)
	stop()
	read.CloseWithError(io.ErrClosedPipe) // wakes a generator that writes
	made := <-generated
	switch {
	case ctx.Err() != nil:
		err = fmt.Errorf("play %s: stopped, not all of it was sent: %w", p.Name, ctx.Err())
	case err == nil:
		err = made
	}
	return totals, err
}

// send writes frames as their times come.
func send(ctx context.Context, out int, pcap io.Reader, speed float64) error {
	r, err := pcapgo.NewReader(pcap)
	if err != nil {
		return fmt.Errorf("read the scenario's frames: %w", err)
	}
	began := time.Now()
	var first time.Time
	for {
		frame, info, err := r.ReadPacketData()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case first.IsZero():
			first = info.Timestamp
		}
		due := began.Add(time.Duration(float64(info.Timestamp.Sub(first)) / speed))
		if err := wait(ctx, due); err != nil {
			return err
		}
		if err := put(ctx, out, frame); err != nil {
			return fmt.Errorf("send a frame: %w", err)
		}
	}
}

// put sends one frame; where the kernel has no room it tries again.
func put(ctx context.Context, out int, frame []byte) error {
	const pause = time.Millisecond
	for {
		_, err := syscall.Write(out, frame)
		if !errors.Is(err, syscall.ENOBUFS) && !errors.Is(err, syscall.EINTR) {
			return err
		}
		if err := wait(ctx, time.Now().Add(pause)); err != nil {
			return err
		}
	}
}

// wait sleeps until a moment, if it is still to come.
func wait(ctx context.Context, due time.Time) error {
	left := time.Until(due)
	if left <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(left)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// open makes a socket that sends whole frames on an interface.
func open(name string) (int, error) {
	if err := foreign(); err != nil {
		return 0, err
	}
	i, err := net.InterfaceByName(name)
	if err != nil {
		return 0, fmt.Errorf("there is no such interface in this namespace: %w", err)
	}
	if err := harmless(i.Index); err != nil {
		return 0, err
	}
	s, err := syscall.Socket(syscall.AF_PACKET, syscall.SOCK_RAW|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, fmt.Errorf("open a packet socket (this needs root, or CAP_NET_RAW): %w", err)
	}
	if err := syscall.Bind(s, &syscall.SockaddrLinklayer{Ifindex: i.Index}); err != nil {
		syscall.Close(s)
		return 0, err
	}
	return s, nil
}
