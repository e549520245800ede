package detect

import (
	"net/netip"
	"testing"
	"time"

	"tollwatch/detect/numbering"
)

// priceList is a tariff of these prices.
func priceList(t testing.TB, prices ...numbering.Price) *numbering.PriceList {
	t.Helper()
	l := &numbering.PriceList{}
	for _, p := range prices {
		if err := l.Add(p); err != nil {
			t.Fatalf("%s: %v", p.Prefix, err)
		}
	}
	return l
}

// TestWhosePrices: the customer's list, then the bills, then the table; and the
// alert says which.
func TestWhosePrices(t *testing.T) {
	list := priceList(t, numbering.Price{Prefix: "1345", Rate: .5, Billing: numbering.Billing{Fee: .1, Minimum: time.Minute, Increment: time.Minute}},
		numbering.Price{Prefix: "227", Rate: .5, Billing: numbering.Billing{Fee: .1, Minimum: time.Minute, Increment: time.Minute}},
		numbering.Price{Prefix: "870", Rate: 9})
	elsewhere := priceList(t, numbering.Price{Prefix: "44", Rate: .01})
	bills := map[string]float64{"1345": .25, "227": .25}
	for _, c := range []struct {
		name   string
		prices *numbering.PriceList
		bills  map[string]float64
		want   Tariff
		spent  float64 // EUR, of 20 calls of 10 seconds
		worst  float64
	}{
		{"no list and no bill", nil, nil, Estimate, 0, 8 * 60 * 2},
		{"a list", list, nil, Customer, 20 * .6, 8 * 60 * 9},
		{"bills", nil, bills, Bills, 20 * .25 / 6, 8 * 60 * .25},
		{"a list and bills", list, bills, Customer, 20 * .6, 8 * 60 * 9},
		{"a list of other places", elsewhere, nil, Estimate, 0, 8 * 60 * 2},
		{"a list of other places, and bills", elsewhere, bills, Bills, 20 * .25 / 6, 8 * 60 * .25},
	} {
		e, err := New(Config{Location: paris, Prices: c.prices, Trunks: []Trunk{{Name: "a", Channels: 8, Addresses: addrs(trunkAddr)}}})
		if err != nil {
			t.Fatal(err)
		}
		e.SetRates(c.bills)
		s := &script{}
		for i := range 20 {
			s.add(plot{at: monday.Add(time.Duration(i) * 3 * time.Second), extension: 204, number: stolenNumbers[i%4], ring: time.Second, talk: 10 * time.Second})
		}
		alerts := play(e, s.sorted(), monday.Add(time.Hour))
		a := alerts[len(alerts)-1]
		if a.Tariff != c.want || a.WorstEURPerHour < c.worst-.01 {
			t.Errorf("%s: got tariff %s, worst %.2f; want %s, %.2f", c.name, a.Tariff, a.WorstEURPerHour, c.want, c.worst)
		}
		if c.spent > 0 && (a.SpentEUR < c.spent-.01 || a.SpentEUR > c.spent+.01) {
			t.Errorf("%s: got %.2f EUR, want %.2f", c.name, a.SpentEUR, c.spent)
		}
		if sure := a.SpentLow == a.SpentEUR && a.SpentHigh == a.SpentEUR; sure != (c.want == Customer) {
			t.Errorf("%s: got %.2f to %.2f EUR around %.2f", c.name, a.SpentLow, a.SpentHigh, a.SpentEUR)
		}
	}
}

func addrs(all ...netip.AddrPort) (out []netip.Addr) {
	for _, a := range all {
		out = append(out, a.Addr())
	}
	return out
}
