package detect

import (
	"errors"
	"net/netip"
	"slices"
	"time"
)

// MaxMaintenance is how far ahead the end of a maintenance may lie: long enough
// for a weekend, and no thief gains more by announcing one.
const MaxMaintenance = 72 * time.Hour

// ErrMaintenance: its end lies too far ahead.
var ErrMaintenance = errors.New("a maintenance lasts 72 hours at most")

// maintenance is a time in which the PBX is changed. The zero value is none.
type maintenance struct {
	until      time.Time
	reason, by string
}

// Maintain begins a maintenance, or gives one that runs another end; an end that
// is not ahead ends it. Who is PBX, trunk and telephone is learned anew, and what
// is strange about logins and trunks wakes nobody meanwhile; money and caps stay armed.
func (e *Engine) Maintain(until time.Time, reason, by string) (Result, error) {
	e.alerts = e.alerts[:0]
	if !e.now.IsZero() && until.Sub(e.now) > MaxMaintenance {
		return Result{}, ErrMaintenance
	}
	running := e.maintained()
	e.maintenance = maintenance{until, reason[:min(len(reason), maxName)], by[:min(len(by), maxName)]}
	if e.maintained() && !running {
		e.roles, e.holders, e.bindings = e.roles.anew(&e.cfg), newHolders(), newBindings()
	}
	return Result{Alerts: e.alerts}, nil
}

// Maintenance is the end and the reason of the one that runs; zero without.
func (e *Engine) Maintenance() (until time.Time, reason string) {
	if !e.maintained() {
		return time.Time{}, ""
	}
	return e.maintenance.until, e.maintenance.reason
}

func (e *Engine) maintained() bool { return e.now.Before(e.maintenance.until) }

// ofRoles says that a sign is about who registers where, and through which trunk:
// what a change of the PBX changes.
func (s *sign) ofRoles() bool {
	switch s.scheme {
	case AccountTakeover, BruteForce, Enumeration, TrunkTrouble:
		return true
	}
	return false
}

// anew knows what is configured alone. Trunks that are found again get the names
// they had.
func (r *roles) anew(cfg *Config) roles {
	fresh := newRoles(cfg)
	fresh.former, fresh.refused = slices.DeleteFunc(slices.Clone(r.trunks), func(t trunk) bool { return !t.learned }), r.refused
	return fresh
}

// formerly is the name of the trunk that was at the address before a maintenance,
// empty when there was none.
func (r *roles) formerly(a netip.Addr) string {
	for i := range r.former {
		if t := &r.former[i]; t.at(a) && !hasTrunk(r.trunks, t.Name) {
			return t.Name
		}
	}
	return ""
}

func hasTrunk(list []trunk, name string) bool {
	return slices.ContainsFunc(list, func(t trunk) bool { return t.Name == name })
}
