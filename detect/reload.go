package detect

import (
	"fmt"
	"slices"

	"tollwatch/detect/rules"
)

// Reload takes from cfg what may change while calls run: prices, opening hours and
// holidays, and caps. A running call keeps its price until its next leg, and a cap
// on a class that had one what was consumed of it.
func (e *Engine) Reload(cfg Config) error {
	if len(cfg.Caps) > maxCaps {
		return fmt.Errorf("%d caps configured: at most %d", len(cfg.Caps), maxCaps)
	}
	e.cfg.Prices, e.cfg.Hours, e.cfg.Caps = cfg.Prices, cfg.Hours, cfg.Caps
	e.caps = e.caps.replaced(cfg.Caps)
	for _, slot := range e.calls.OldestFirst() {
		c := *slot
		class := c.occupies
		c.occupies, c.told = 0, [maxCaps]uint8{}
		if class != 0 {
			e.caps.occupy(c, true)
		}
	}
	return nil
}

// replaced are other caps, with what was consumed of those on the same classes; of
// one with other limits nothing was said yet. Running calls are not counted among
// those at once.
func (m *meters) replaced(caps []Cap) meters {
	out := newMeters(caps)
	out.midnight, out.day, out.month = m.midnight, m.day, m.month
	for k := range m.all {
		old := m.all[k]
		old.calls = 0
		if !slices.Contains(caps, old.Cap) {
			old.told = [rules.AtOnce + 1]told{}
		}
		out.restore(&old)
	}
	return out
}
