// Package sip scans SIP messages (RFC 3261) into offsets, without allocating.
package sip
