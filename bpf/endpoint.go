package bpf

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"

	"github.com/cilium/ebpf"
)

// MaxCodecs is how many codecs of an endpoint the programs know, those of RFC
// 3551 §6 not counted.
const MaxCodecs = len(tapEndpoint{}.Codecs)

// MaxEndpoints is how many endpoints they know.
const MaxEndpoints = 32768

// Use is what packets of a payload type are.
type Use uint8

// The uses, as in lib/abi.h.
const (
	Medium  = Use(tapUseUSE_MEDIUM)
	Digits  = Use(tapUseUSE_DIGITS)
	Noise   = Use(tapUseUSE_NOISE)
	Unknown = Use(tapUseUSE_UNKNOWN)
)

// Codec is what a payload type means.
type Codec struct {
	PayloadType uint8
	Use         Use
	ClockRate   int // Hz; 0: not known
}

// tickOf is how long a unit of the clock lasts, in 256ths of a nanosecond.
func tickOf(hz int) uint32 {
	if hz < 60 { // none is so slow, and it would not fit
		return 0
	}
	return uint32(256e9 / uint64(hz))
}

// Endpoint is where media arrives.
type Endpoint struct {
	Addr    netip.AddrPort
	Fax     bool    // T.38 is expected there
	Headers bool    // the headers of every packet are wanted
	Codecs  []Codec // those beyond MaxCodecs are counted without jitter
}

func endpointKey(a netip.AddrPort) tapEndpointKey {
	return tapEndpointKey{Addr: a.Addr().As16(), Port: networkOrder(a.Port())}
}

// networkOrder is a port as the programs compare it.
func networkOrder(port uint16) uint16 {
	return binary.NativeEndian.Uint16([]byte{byte(port >> 8), byte(port)})
}

// SetEndpoint adds an endpoint, or replaces what was known of it.
func (p *Programs) SetEndpoint(e *Endpoint) error {
	key, value := endpointKey(e.Addr), tapEndpoint{}
	if e.Fax {
		value.Flags |= uint32(tapEndpointFlagENDPOINT_FAX)
	}
	if e.Headers {
		value.Flags |= uint32(tapEndpointFlagENDPOINT_HEADERS)
	}
	value.N = uint32(min(len(e.Codecs), MaxCodecs))
	for i, c := range e.Codecs[:value.N] {
		to := &value.Codecs[i]
		to.PayloadType, to.Use, to.TickQ8 = c.PayloadType, uint8(c.Use), tickOf(c.ClockRate)
	}
	var before tapEndpoint
	known := p.Endpoints.Lookup(&key, &before) == nil
	value.Born = before.Born
	if err := p.Endpoints.Update(&key, &value, ebpf.UpdateAny); err != nil {
		return fmt.Errorf("tell the kernel programs of an endpoint: %w", err)
	}
	if known {
		return p.bump(p.Changes)
	}
	return p.bump(p.Announcements)
}

// DeleteEndpoint forgets one, if it is there; its streams go on.
func (p *Programs) DeleteEndpoint(a netip.AddrPort) error {
	key := endpointKey(a)
	return forget(p.Endpoints, &key)
}

// forget deletes what may not be there.
func forget(m *ebpf.Map, key any) error {
	if err := m.Delete(key); err != nil && !errors.Is(err, ebpf.ErrKeyNotExist) {
		return fmt.Errorf("delete from the kernel's table: %w", err)
	}
	return nil
}

// bump makes what the programs looked up before stale.
func (p *Programs) bump(v *ebpf.Variable) error {
	var n uint32
	if err := v.Get(&n); err != nil {
		return err
	}
	return v.Set(n + 1)
}
