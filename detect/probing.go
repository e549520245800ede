package detect

import (
	"slices"
	"strings"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/detect/rules"
	"tollwatch/detect/window"
)

// tried is by which prefixes somebody dialled a number.
type tried struct {
	last, told time.Time
	n          int
	prefixes   [16]uint32 // hashes
}

// triesPause ends a series of tries.
const triesPause = 10 * time.Minute

// suffixDigits tell a number, whatever is dialled before it: no country's
// numbers are shorter where fraud is paid out.
const suffixDigits = 9

// tryOutside looks at a stranger's attempt.
func (e *Engine) tryOutside(l *call.Leg, served bool) {
	source := network(l.Src.Addr())
	b := source.As16()
	t, fresh := e.try(b[:], l.Request.User, served)
	if t == nil || served && t.n < rules.LeastPrefixes {
		return
	}
	if e.suspectTries(t, fresh || served, sign{scheme: Probing, source: l.Src, stranger: !served,
		signs: rules.Signs{Source: source.String(), Number: l.Request.User, Prefixes: t.n, Served: served}}) {
		put(e.gate.strangers, source).tell(e.now, 0)
	}
}

// tryInside looks at an attempt of an extension, or of who has its password.
func (e *Engine) tryInside(l *call.Leg, c *ongoing, served bool) {
	who := c.extension
	if l.AuthUser != "" {
		who = l.AuthUser[:min(len(l.AuthUser), maxName)]
	}
	var b [maxName]byte
	t, fresh := e.try(b[:copy(b[:], who)], l.Request.User, served)
	if t == nil || t.n < rules.LeastPrefixes {
		return
	}
	e.suspectTries(t, fresh || served, sign{scheme: Probing, source: l.Src, extension: who,
		signs: rules.Signs{Source: l.Src.Addr().Unmap().String(), Extension: who, Number: l.Request.User, Prefixes: t.n, Inside: true, Served: served}})
}

func (e *Engine) suspectTries(t *tried, news bool, s sign) bool {
	if s.signs.Prefixes < rules.LeastPrefixes || !news && e.now.Sub(t.told) < retell {
		return false
	}
	t.told = e.now
	return e.suspect(s)
}

// try notes by which prefix a number was dialled, unless it was served: that is
// how people dial. It returns nil where there are too few digits to tell.
func (e *Engine) try(who []byte, dialled string, served bool) (t *tried, fresh bool) {
	at := suffix(dialled)
	if at < 0 {
		return nil, false
	}
	t, _, _ = e.gate.numbers.Observe(e.hashTry(who, dialled[at:]))
	if e.now.Sub(t.last) >= triesPause {
		*t = tried{}
	}
	t.last = e.now
	prefix := uint32(e.hash(spelled(dialled[:at])))
	if served || slices.Contains(t.prefixes[:t.n], prefix) || t.n == len(t.prefixes) {
		return t, false
	}
	t.prefixes[t.n] = prefix
	t.n++
	return t, true
}

func (e *Engine) hashTry(who []byte, number string) uint64 {
	var b [2 * maxName]byte
	n := copy(b[:maxName], who)
	n += copy(b[n:], number)
	return window.Hash(e.cfg.HashKey, b[:n])
}

// suffix is where the last nine digits of a number begin; -1 when it has no
// more, or is none.
func suffix(dialled string) int {
	if len(dialled) > maxName {
		return -1
	}
	left := suffixDigits
	for i := len(dialled) - 1; i >= 0; i-- {
		if dialled[i] >= '0' && dialled[i] <= '9' {
			if left--; left == 0 {
				return i
			}
		} else if dialled[i] >= 'a' && dialled[i] <= 'z' {
			return -1
		}
	}
	return -1
}

// digits is the last nine digits of a number, or what there is of it.
func digits(dialled string) string { return dialled[max(suffix(dialled), 0):] }

// spelled takes away how people write a number abroad, which is no other prefix.
func spelled(prefix string) string {
	return strings.TrimPrefix(strings.TrimPrefix(prefix, "+"), "00")
}
