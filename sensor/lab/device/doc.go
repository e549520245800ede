// Package device writes SIP messages (RFC 3261) as the machines of a telephone
// system do: each make has its own order of headers, its own Call-IDs, tags
// and branches, and its own name.
//
// The makes are inventions; the PBX writes as Asterisk does, roughly. Every
// message is valid: oddities of the field are a matter of the tests of those
// who read. It keeps no state: a [Message] says all, a [Make] writes it.
package device
