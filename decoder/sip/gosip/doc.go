// Package gosip wraps ghettovoice/gosip: a second, full reading of a message
// that the scanner of package sip has read already. It turns the bytes of one
// message into [Facts] with every header that gosip kept.
//
// It is for chosen messages only: gosip allocates some two hundred times a
// message and costs fifty scanner passes. It promises that no input makes it
// panic, log or hang, and that it costs nothing for messages longer than
// [MaxMessage]. Detection must not depend on it: gosip drops headers that it
// cannot read, and knows neither tel: nor urn: (a difference to the scanner is
// a finding, [sip.ParserDisagree], not a correction).
//
// It is the only package that imports gosip, so that it can be replaced.
package gosip
