package detect

import (
	"math"
	"net/netip"
	"time"

	"tollwatch/detect/rules"
)

// guessed is what was tried on an account from outside.
type guessed struct {
	count   float64 // of refused passwords, halving in guessHalfLife
	at      time.Time
	sources sketch // since the last pause of guessPause
	told    time.Time
}

const (
	guessHalfLife = 15 * time.Minute
	guessPause    = 2 * time.Hour
)

// guess counts a password of the account that was refused to a stranger.
func (e *Engine) guess(src netip.AddrPort, user string) {
	g, _, _ := e.gate.accounts.Observe(e.hash(user))
	idle := max(e.now.Sub(g.at), 0)
	if idle >= guessPause {
		*g = guessed{told: g.told}
	}
	g.count, g.at = g.count*math.Exp2(-float64(idle)/float64(guessHalfLife))+1, e.now
	g.sources.add(e.hash(network(src.Addr()).String()))
	if e.now.Sub(g.told) < guessPause { // whoever joins in is one of them
		put(e.gate.strangers, network(src.Addr())).tell(e.now, 0)
	}
	if e.now.Sub(g.told) < retell {
		return
	}
	signs := rules.Signs{Source: network(src.Addr()).String(), Extension: user, Guesses: int(math.Round(g.count)), GuessSources: g.sources.count()}
	if e.suspect(sign{scheme: BruteForce, source: src, extension: user, stranger: true, signs: signs}) {
		g.told = e.now
	}
}
