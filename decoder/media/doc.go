// Package media follows media streams: it turns UDP packets that are no SIP
// into figures of streams (packets, loss, duplicates, reordering, jitter,
// R-factor and MOS), into what RTCP reports of them, and into the activity of
// legs: which side sends, and how many keys it pressed.
//
// A stream is one SSRC one way between two endpoints, or the fax of one way. It
// belongs to the leg whose SDP announced where it goes, else where it comes from;
// one that nobody announced is believed after some packets in a row, and belongs
// to no leg.
//
// It promises constant cost and no allocation for a packet of a known stream,
// and tables that never exceed their caps: what nobody announced goes first, and
// no announced stream that is alive goes for one that comes after it. It keeps no
// payload: neither voice nor digits nor names.
package media
