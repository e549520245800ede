// Package call is the vocabulary of what the decoder found: legs of calls,
// media streams, registrations and single messages, and the events that tell
// of them. Detection imports only this package of the decoder.
//
// Everything here is a value. Strings are copies that outlive the packet they
// were read from, so an [Event] may be handed to another goroutine and kept.
// The package knows no number, class, price or role: dialled digits stay as
// they were sent, and their meaning belongs to package detect.
package call
