// Package hep receives what Homer capture agents send (HEP, versions 1 to 3)
// over UDP and TCP, as a source of frames beside the taps.
//
// An agent can report calls that never were: only senders that are allowed are
// heard, and with a key only packets of version 3 that bear it. What is refused
// is counted by reason. Frames bear the time of their arrival, never the agent's.
//
// A [Listener] never blocks a tap, holds a bounded number of packets and
// connections, and ends all its goroutines when it is closed. It does not decode:
// frames are of link type frame.LinkHEP, a HEP packet each.
package hep
