// Package record is what leaves the sensor in words: the objects of the
// contract (`call`, `stream`, `registration`, `alert`, `summary`) as values
// with their JSON names, made from the decoder's events and detection's
// verdicts. replay prints them, the store keeps them, the API and the webhook
// serve them: one shape everywhere.
//
// Times are RFC 3339 in UTC with nanoseconds, durations seconds, money euro,
// addresses ip:port. A field that is not known is left out, never guessed.
package record
