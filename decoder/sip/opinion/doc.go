// Package opinion asks a second parser about messages that open a dialog.
//
// Whoever attacks a telephone system may write a message that its parts read
// in two ways: the proxy sees one caller, the PBX another. [Second] has chosen
// messages, scanned already by package sip, read in full by gosip, compares
// what both understood ([Compare]), and says with [sip.ParserDisagree] that
// they differ, unless the difference is a fault of gosip's that is known. It
// also looks for what is too dear for every packet ([sip.Validate]).
//
// It promises a bounded cost: gosip takes as long as some fifty scans. What is
// not asked is counted. It corrects nothing: the scanner's reading stays the
// one that counts.
package opinion
