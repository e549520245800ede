// Package decoder turns captured frames into events of calls.
//
// A [Decoder] owns one of each part and carries facts between them: frames
// become packets (frame), TCP segments become messages (stream), messages
// become dialogs (sip, sdp, dialog), everything else on UDP may be media
// (rtp, media). Media endpoints go from dialogs to media, activity comes back;
// the two never import each other.
//
// It is pure: no clock but the packet's, no goroutine, nothing global. What
// cannot be decoded is counted by reason; every frame has exactly one fate, so
// the ledger balances. It never decides what a call means.
package decoder
