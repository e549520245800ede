// Package tap tells what a place in the network sees: frames of others or of this
// host alone, both directions of signalling and audio or one, frames twice, tags,
// TLS, loss.
//
// An [Observer] takes frames, and makes the sheet of them: it is as good for a
// capture file. [Listen] feeds it from the interfaces of a configuration for a
// while and adds what only the machine knows. Nothing is kept of what was heard
// but figures and a few addresses; its tables have caps.
package tap
