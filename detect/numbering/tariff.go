package numbering

import (
	"errors"
	"time"
)

// Tariff is where a price came from.
type Tariff uint8

// Estimate: the embedded table. Customer: the customer's own price list. Bills:
// what the operator's bills have shown. Where several know a number, the list
// goes first, then the bills.
const (
	Estimate Tariff = iota + 1
	Customer
	Bills
)

var tariffNames = [...]string{"", "estimate", "customer", "bills"}

func (t Tariff) String() string {
	if int(t) >= len(tariffNames) {
		return ""
	}
	return tariffNames[t]
}

// Price is what calls to the numbers behind a prefix cost.
type Price struct {
	Prefix string // digits of E.164, without the +
	Rate   float64
	Billing
}

// MaxPrices bounds a price list: the longest that operators give to companies
// have some thousand rows.
const MaxPrices = 20_000

// PriceList is the customer's own tariff: the price of the longest prefix holds.
// It does not change once the engine has it.
type PriceList struct {
	prices  []Price
	trie    trie
	dearest float64
}

// What is wrong with a price.
var (
	ErrPrefix     = errors.New("a prefix is 1 to 15 digits and begins with the code of a country")
	ErrTwice      = errors.New("this prefix stands there already")
	ErrPricesFull = errors.New("too many prefixes: a price list holds 20,000, fewer where they have little in common")
)

// Add enters a price. Minimum and increment of zero mean a second.
func (l *PriceList) Add(p Price) error {
	if !allDigits(p.Prefix) || p.Prefix == "" || len(p.Prefix) > maxE164 || p.Prefix[0] == '0' {
		return ErrPrefix
	}
	if l.trie.at(p.Prefix) >= 0 {
		return ErrTwice
	}
	if len(l.prices) >= MaxPrices || !l.trie.add(p.Prefix, len(l.prices)) {
		return ErrPricesFull
	}
	p.Minimum, p.Increment = max(p.Minimum, time.Second), max(p.Increment, time.Second)
	l.prices = append(l.prices, p)
	l.dearest = max(l.dearest, p.Rate)
	return nil
}

// Len is how many prices there are.
func (l *PriceList) Len() int {
	if l == nil {
		return 0
	}
	return len(l.prices)
}

// Dearest is the highest price, EUR a minute; 0 of no list.
func (l *PriceList) Dearest() float64 {
	if l == nil {
		return 0
	}
	return l.dearest
}

// Price puts the best price known into the number: of the list, which may be nil
// and is what was agreed, else of the bills (EUR a minute, by [Number.Prefix]),
// else the table's stays.
func (l *PriceList) Price(n *Number, bills map[string]float64) {
	n.Tariff = Estimate
	if rate, known := bills[n.Prefix]; !l.apply(n) && known {
		n.Rate, n.Tariff = rate, Bills
	}
}

// apply puts the list's price in place of the number's, and says whether it has
// one. A number without E.164, such as a short code, has none. It allocates nothing.
func (l *PriceList) apply(n *Number) bool {
	if l == nil || len(n.E164) < 2 || len(n.E164) > maxE164+1 {
		return false
	}
	row := l.trie.longest([]byte(n.E164[1:]))
	if row < 0 {
		return false
	}
	n.Rate, n.Billing, n.Tariff = l.prices[row].Rate, l.prices[row].Billing, Customer
	return true
}
