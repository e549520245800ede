package sensortest

import (
	"bytes"
	"regexp"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"tollwatch/sensor/capture"
)

// datagram is a UDP payload as gopacket reads it: a second look at the bytes
// of a capture, to judge why the sensor and the reference differ.
type datagram struct {
	payload []byte
	cut     bool // an IP header says more than the frame has
}

// datagrams reads a capture a second time.
func datagrams(t *testing.T, file string) []datagram {
	t.Helper()
	source, err := capture.OpenFiles([]string{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	var out []datagram
	for f := (capture.Frame{}); source.Next(&f) == nil; {
		p := gopacket.NewPacket(f.Data, layers.LinkType(f.Link), gopacket.DecodeOptions{})
		if udp, ok := p.Layer(layers.LayerTypeUDP).(*layers.UDP); ok {
			out = append(out, datagram{udp.Payload, cut(p)})
		}
	}
	return out
}

func cut(p gopacket.Packet) bool {
	ip, ok := p.NetworkLayer().(*layers.IPv4)
	return ok && p.LinkLayer() != nil && int(ip.Length) > len(p.LinkLayer().LayerPayload())
}

var (
	statusLine  = regexp.MustCompile(`^SIP/2\.0 (\d{3}) `)
	requestLine = regexp.MustCompile(`^([A-Za-z]+) \S+ SIP/2\.0`)
)

// word is the method or the status of a SIP message, or "".
func (d *datagram) word() string {
	for _, form := range []*regexp.Regexp{statusLine, requestLine} {
		if m := form.FindSubmatch(d.payload); m != nil {
			return string(m[1])
		}
	}
	return ""
}

// has says whether a byte stands in the start line, before its end.
func (d *datagram) has(c byte) bool {
	line, _, _ := bytes.Cut(d.payload, []byte("\n"))
	return bytes.IndexByte(bytes.TrimSuffix(line, []byte("\r")), c) >= 0
}

// field is the value of a header, as it stands, without compact forms and
// folding.
func (d *datagram) field(name string) string {
	for line := range bytes.Lines(d.payload) {
		if n, value, ok := bytes.Cut(line, []byte(":")); ok && string(n) == name {
			return string(bytes.TrimSpace(value))
		}
	}
	return ""
}
