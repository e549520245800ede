package sensor

import "tollwatch/sensor/capture"

// cards adds up what the cards of some interfaces have lost since it was made. One
// that is removed and comes back counts from nothing.
type cards struct {
	ports []port
	lost  uint64
	read  func(name string) uint64
}

type port struct {
	name string
	seen uint64
}

func newCards(names []string, read func(name string) uint64) *cards {
	c := &cards{read: read}
	for _, name := range names {
		c.ports = append(c.ports, port{name, read(name)})
	}
	return c
}

// look takes the counters as they stand.
func (c *cards) look() uint64 {
	if c == nil {
		return 0
	}
	for i := range c.ports {
		p := &c.ports[i]
		now := c.read(p.name)
		if now < p.seen {
			p.seen = 0
		}
		c.lost += now - p.seen
		p.seen = now
	}
	return c.lost
}

// watchedCards are those of the interfaces that are listened to; nil without any.
func watchedCards(interfaces []string) *cards {
	names, err := capture.Resolve(interfaces)
	if err != nil {
		return nil // the capture says so
	}
	return newCards(names, capture.CardLosses)
}
