package record

import (
	"encoding/json"
	"math"
	"net/netip"
	"strconv"
	"time"

	"tollwatch/decoder/call"
)

// Time prints as RFC 3339 in UTC with nine decimals.
type Time time.Time

const timeLayout = "2006-01-02T15:04:05.000000000Z07:00"

// IsZero lets omitzero leave an unknown time out.
func (t Time) IsZero() bool { return time.Time(t).IsZero() }

// MarshalJSON implements json.Marshaler.
func (t Time) MarshalJSON() ([]byte, error) {
	return appendTime(nil, time.Time(t)), nil
}

// UnmarshalJSON implements json.Unmarshaler.
func (t *Time) UnmarshalJSON(b []byte) error {
	var v time.Time
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	*t = Time(v)
	return nil
}

// address prints an endpoint; one that is not known is empty.
func address(a netip.AddrPort) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

// names prints the id that the legs of a call share, and two addresses, each
// empty where there is none. They are one string in memory.
func names(id call.ID, src, dst netip.AddrPort) (group, from, to string) {
	b := make([]byte, 0, 128)
	if id != 0 {
		b = strconv.AppendUint(append(b, 'c'), uint64(id), 36)
	}
	g := len(b)
	if src.IsValid() {
		b = src.AppendTo(b)
	}
	s := len(b)
	if dst.IsValid() {
		b = dst.AppendTo(b)
	}
	text := string(b)
	return text[:g], text[g:s], text[s:]
}

// seconds turns a duration into the contract's number.
func seconds(d time.Duration) *float64 {
	s := d.Seconds()
	return &s
}

// round keeps n decimals: noise behind them is no knowledge.
func round(x float64, n int) float64 {
	p := math.Pow10(n)
	return math.Round(x*p) / p
}

func optional(x float64, n int) *float64 {
	if x == 0 {
		return nil
	}
	x = round(x, n)
	return &x
}
