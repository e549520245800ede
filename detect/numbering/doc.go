// Package numbering turns what a telephone or a trunk dialled into a number of
// the public network: E.164, country, class and price.
//
// A [Table] holds the destinations, one row a prefix, in a trie of digits. A
// [Plan] is the table seen from one country and one site: it knows what "0" or
// "011" means there, strips the outside-line prefix that people dial before a
// number, and learns that prefix from calls whose two legs it is shown.
//
// It promises that 001345…, +1345…, 9 00 1345… and 1345… are the same place;
// that what cannot be read is [Unparsed] and never guessed to be harmless; that
// an emergency number is one only at its exact length; that reading costs time
// linear in the digits and at most one allocation, the E.164 string.
//
// It will not say whether a number exists: it knows how long the numbers of a
// country are, not which of them were given out. It does not believe display
// names, and it does not know the extensions of a site: see
// [Number.MayBeExtension].
package numbering
