package plan

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strconv"
	"time"
)

// Site is the place that all sources make their items at.
type Site struct {
	Start         time.Time
	Length        time.Duration // how long items begin
	Zone          *time.Location
	Extensions    int    // 201, 202 …
	OutsidePrefix string // what telephones dial for an outside line
	TrunkFormat   TrunkFormat
	Trunks        int    // lines to operators; 0 is one
	Shared        bool   // they are at one address, and told apart by domain
	Seed          uint64 // of what the site is
	Run           uint64 // of what happens there: the seed, but for repetitions
	Desks         *Desks
	Analogue      int       // of the extensions, the last ones: their telephones speak no SIP
	Migration     time.Time // a new PBX and new telephones serve from then on; zero = never
	Customary     []string  // blocks abroad that the site calls most, the first most of all
}

// TrunkAccount is the site's own account at its operator.
const TrunkAccount = "33199001200"

// End is when no item begins any more.
func (s *Site) End() time.Time { return s.Start.Add(s.Length) }

// Streams of random numbers, so that no source disturbs another. A source adds
// a number of its own below 256.
const (
	StreamArrivals = 1 << 8
	StreamCalls    = 2 << 8
	StreamDays     = 3 << 8
	StreamContacts = 4 << 8
	StreamAttacks  = 5 << 8
	StreamHabits   = 6 << 8
	StreamDraws    = 7 << 8
	StreamRepeats  = 8 << 8
	StreamGuests   = 9 << 8
	StreamCases    = 10 << 8
)

// Rand is a stream of what happens.
func (s *Site) Rand(stream uint64) *rand.Rand { return NewRand(s.Run, stream) }

// NewRand is the stream of a seed.
func NewRand(seed, stream uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, stream)) }

// TrunkOf is the line by which a number is called, and calls: always the same.
func (s *Site) TrunkOf(number string) int {
	if s.Trunks < 2 || number == "" {
		return 0
	}
	return int(number[len(number)-1]-'0') % s.Trunks
}

// Domain is that of a trunk whose address is another's too; empty otherwise.
func (s *Site) Domain(trunk int) string {
	if !s.Shared {
		return ""
	}
	return string(rune('a'+trunk)) + ".operator.example"
}

// SpeaksSIP says whether an extension's telephone is seen at all.
func (s *Site) SpeaksSIP(extension string) bool {
	i, ok := s.Phone(extension)
	return !ok || i < s.Extensions-s.Analogue
}

// Elsewhere is an address of the Internet that is nobody's (RFC 5737).
func Elsewhere(host int) netip.Addr { return netip.AddrFrom4([4]byte{192, 0, 2, byte(host)}) }

// Repeat is the seed of another time at the site of a seed; the n-th, from 0,
// which is the seed itself.
func Repeat(seed uint64, n int) uint64 {
	if n == 0 {
		return seed
	}
	return NewRand(seed, StreamRepeats+uint64(n)<<16).Uint64()
}

// Between draws a span, to the millisecond.
func Between(rng *rand.Rand, least, most time.Duration) time.Duration {
	return least + (time.Duration(rng.Float64() * float64(most-least))).Round(time.Millisecond)
}

// Digits draws n keys of a telephone.
func Digits(rng *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = '0' + byte(rng.IntN(10))
	}
	return string(b)
}

// Phone returns the index of an extension, from 0.
func (s *Site) Phone(extension string) (int, bool) { return PhoneOf(extension, s.Extensions) }

// PhoneOf returns the index of an extension among n.
func PhoneOf(extension string, n int) (int, bool) {
	i, err := strconv.Atoi(extension)
	i -= firstPhone + 1
	return i, err == nil && i >= 0 && i < n && ExtensionName(i) == extension
}

// ExtensionName and ExtensionNumber are the two names of telephone i, from 0.
func ExtensionName(i int) string { return strconv.Itoa(firstPhone + 1 + i) }

// ExtensionNumber is E.164 with +.
func ExtensionNumber(i int) string { return fmt.Sprintf("%s%03d", siteBlock, firstPhone+1+i) }

// From sets the telephone that calls.
func (c *Call) From(i int) { c.Extension, c.CLI = ExtensionName(i), ExtensionNumber(i) }

// To sets the number that is called, and how telephone and PBX write it.
func (c *Call) To(s *Site, number string) {
	c.Number = number
	c.DialledByPhone = s.OutsidePrefix + Written(number, National)
	c.SentToTrunk = Written(number, s.TrunkFormat)
	c.Trunk = s.TrunkOf(number)
}
