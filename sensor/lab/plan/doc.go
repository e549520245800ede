// Package plan is the vocabulary of what happens at a site, and the order in
// which it happens: a [Plan] takes [Item] after Item from its sources, as
// events. Who calls whom, when it rings, how it ends; who registers, who
// probes. Packages beside this one make packets of it.
//
// The same site and seed give the same items on every machine: times are
// rounded to the millisecond, so that the last bit of a logarithm decides
// nothing, and no source disturbs another (see [Site.Rand]). It uses only
// telephone numbers that reach nobody, see [Ranges].
package plan
