// Package sip scans SIP messages (RFC 3261) into offsets.
//
// [Parse] goes once over the header section of a message and leaves a
// [Message]: spans of the buffer for the fields that a sensor lives on, numbers
// for the few that are numbers. Nearly all lines have the shape that nearly all
// senders write, which quick readers know; the thorough ones read all others.
// URIs, parameters, lists and rare headers are read on demand from those spans
// ([ParseURI], [Param], [Message.NextAddress], [Message.Header]).
//
// It promises that nothing is allocated, that every span lies inside the
// buffer whatever the bytes are, and that the cost grows linearly with the
// message. It reads what phones send and reports how it deviates: whatever
// begins with a SIP start line is scanned, and each deviation is a bit of
// [Anomaly]. Where senders and receivers could read a header in two ways, the
// first value counts and a bit tells.
//
// It will not validate for validation's sake ([Validate] does the little that
// is too dear for every packet), keep state between messages, split streams
// into messages, or copy: spans live as long as the buffer that was scanned.
package sip
