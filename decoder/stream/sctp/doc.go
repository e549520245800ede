// Package sctp finds SIP messages in SCTP packets (RFC 9260; SIP over it:
// RFC 4168).
//
// An [Assembler] takes what follows the common header and looks at DATA and
// I-DATA chunks (RFC 8260). A message in one chunk is handed on where it lies,
// and leaves nothing behind. Fragments are kept until the message is whole,
// put in order by TSN (I-DATA: by FSN) within their direction and stream;
// what comes twice is ignored, also for a while after the message was whole.
//
// It promises that every byte of a message was sent in that place by that
// sender, that its memory is bounded (messages, bytes, fragments of each) and
// that the cost is linear in the bytes. Messages that do not begin with a SIP
// start line are not put together: other users of SCTP carry much. Fragments
// that overtake the first are waited for, but give way to the rest.
//
// It does not verify checksums or verification tags, does not follow an
// association from one pair of addresses to another (multi-homing), and does
// not acknowledge: a message in one chunk that is sent twice comes out twice.
package sctp
