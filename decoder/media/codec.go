package media

import "strings"

// Codec is what a payload type means.
type Codec struct {
	PayloadType uint8
	Name        string
	ClockRate   int // Hz
}

// static has what each payload type means where no SDP tells: those of RFC 3551
// §6, Tables 4 and 5, have a name. G722 runs at 8000 Hz by the clock of RTP.
var static = func() (all [128]Codec) {
	for i := range all {
		all[i].PayloadType = uint8(i)
	}
	for _, c := range [...]Codec{
		{0, "PCMU", 8000}, {3, "GSM", 8000}, {4, "G723", 8000}, {5, "DVI4", 8000}, {6, "DVI4", 16000}, {7, "LPC", 8000}, {8, "PCMA", 8000},
		{9, "G722", 8000}, {10, "L16", 44100}, {11, "L16", 44100}, {12, "QCELP", 8000}, {13, "CN", 8000}, {14, "MPA", 90000},
		{15, "G728", 8000}, {16, "DVI4", 11025}, {17, "DVI4", 22050}, {18, "G729", 8000}, {25, "CelB", 90000}, {26, "JPEG", 90000},
		{28, "nv", 90000}, {31, "H261", 90000}, {32, "MPV", 90000}, {33, "MP2T", 90000}, {34, "H263", 90000},
	} {
		all[c.PayloadType] = c
	}
	return all
}()

// fax is what UDPTL carries.
var fax = Codec{Name: "T38"}

// Use is what packets of a payload type are: the medium itself, digits, comfort
// noise, or what nobody announced and may be either of the first two. Only the
// medium has a time stamp that goes on with the packets.
type Use uint8

const (
	medium Use = iota + 1
	digits
	noise
	unknown
)

// Use tells it of a codec.
func (c *Codec) Use() Use { return c.use() }

func (c *Codec) use() Use {
	switch {
	case strings.EqualFold(c.Name, "telephone-event"):
		return digits
	case strings.EqualFold(c.Name, "CN"):
		return noise
	case c.Name == "":
		return unknown
	}
	return medium
}

// tick is how many nanoseconds a unit of the clock lasts; 0 when not known.
func (c *Codec) tick() float64 {
	if c.ClockRate <= 0 {
		return 0
	}
	return 1e9 / float64(c.ClockRate)
}

// alike says that a change between two codecs is none to the ear: the two laws
// of G.711 cost the same.
func (c *Codec) alike(other *Codec) bool {
	return strings.EqualFold(c.Name, other.Name) || c.isG711() && other.isG711()
}

func (c *Codec) isG711() bool {
	return strings.EqualFold(c.Name, "PCMU") || strings.EqualFold(c.Name, "PCMA")
}
