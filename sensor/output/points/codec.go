package points

import "strings"

// codecs are the names of encodings that points tell apart: those of RFC 3551, of
// telephones, and of video calls. Whoever writes SDP chooses the name, so that any
// other is one word.
var codecs = [...]string{
	"PCMU", "PCMA", "G722", "G729", "opus", "GSM", "iLBC", "G723", "G728", "AMR", "AMR-WB", "EVS", "speex", "SILK", "T38", "CN",
	"G726-16", "G726-24", "G726-32", "G726-40", "AAL2-G726-16", "AAL2-G726-24", "AAL2-G726-32", "AAL2-G726-40",
	"G719", "G7221", "G729D", "G729E", "GSM-EFR", "GSM-HR-08", "BV16", "BV32", "iSAC", "L8", "L16", "DVI4", "VDVI", "LPC", "QCELP", "MPA",
	"CLEARMODE", "telephone-event", "red", "t140",
	"H261", "H263", "H263-1998", "H263-2000", "H264", "H265", "VP8", "VP9", "AV1", "JPEG", "CelB", "nv", "MPV", "MP2T",
}

// codecOf is the name as RFC 3551 and its like write it, whatever its case was
// (RFC 4566 §6); empty stays so.
func codecOf(name string) string {
	if name == "" {
		return ""
	}
	for _, known := range codecs {
		if strings.EqualFold(name, known) {
			return known
		}
	}
	return Other
}
