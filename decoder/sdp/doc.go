// Package sdp reads session descriptions (RFC 8866) as far as a sensor wants
// them: where media goes, in which codecs, and whether it is encrypted.
//
// It turns the bytes of a body into a [Session] whose byte slices point into
// that body. It promises to allocate nothing, to read what phones and gateways
// really send (fields out of order or missing, LF alone, T.38, unknown lines),
// and to keep within [MaxMedia] and [MaxFormats], counting what it leaves out.
// Its cost grows linearly with the body.
//
// It will not resolve host names, negotiate, or keep key material: of a=crypto
// and a=fingerprint it notes that they are there.
package sdp
