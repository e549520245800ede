// Package tariff reads a customer's price list, a CSV file (docs/tariff.md),
// into a [numbering.PriceList].
//
// It promises bounded work whatever the file, and every problem with line and
// column, at most a hundred: a price that cannot be read is never guessed, and
// of a file with a problem nothing is used. It does not know what calls cost.
package tariff
