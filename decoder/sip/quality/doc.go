// Package quality reads voice quality reports (RFC 6035): the text that a
// telephone or a gateway sends of a call's media, as the body of a PUBLISH or a
// NOTIFY, of type application/vq-rtcpxr ([IsReport]).
//
// [Parse] turns such a body into a [Report]: who reports on which call, and
// what each side received. It reads what phones send: names in any case, blanks
// or none behind the colons, lines that end in CRLF or LF, in any order within
// their section. What it cannot read, and what is out of its range, is unknown;
// of what is said twice the first counts.
//
// It promises that nothing is allocated, that the texts of a Report are pieces
// of the body, and that its cost grows linearly with it. It believes nothing
// and judges nothing: a report is its sender's word.
package quality
