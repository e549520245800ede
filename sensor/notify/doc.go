// Package notify posts alerts to one webhook.
//
// It promises that whoever hands it an alert never waits, that posts go out in
// order, signed when there is a secret, each tried three times, and that every
// one is counted: done, failed or lost. Posts wait in memory: what finds no
// room there, or still waits when the process ends and cannot be posted at
// once, is lost and counted.
//
// It does not look into the body, follows no redirect, and reads no answer but
// its status.
package notify
