package sdp

// assigned are the static payload types of RFC 3551 §6, tables 4 and 5.
var assigned = [...]struct {
	name string
	rate int
}{
	0: {"PCMU", 8000}, 3: {"GSM", 8000}, 4: {"G723", 8000}, 5: {"DVI4", 8000}, 6: {"DVI4", 16000}, 7: {"LPC", 8000},
	8: {"PCMA", 8000}, 9: {"G722", 8000}, 10: {"L16", 44100}, 11: {"L16", 44100}, 12: {"QCELP", 8000},
	13: {"CN", 8000}, 14: {"MPA", 90000}, 15: {"G728", 8000}, 16: {"DVI4", 11025}, 17: {"DVI4", 22050},
	18: {"G729", 8000}, 25: {"CelB", 90000}, 26: {"JPEG", 90000}, 28: {"nv", 90000}, 31: {"H261", 90000},
	32: {"MPV", 90000}, 33: {"MP2T", 90000}, 34: {"H263", 90000},
}

// assignedBytes are the same names as slices, so that a Format costs nothing.
var assignedBytes = func() (t [len(assigned)][]byte) {
	for i, a := range assigned {
		if a.name != "" {
			t[i] = []byte(a.name)
		}
	}
	return t
}()

// static returns the format of a payload type as RFC 3551 assigns it.
func static(pt uint8) Format {
	if int(pt) >= len(assigned) {
		return Format{PayloadType: pt}
	}
	return Format{PayloadType: pt, Codec: assignedBytes[pt], ClockRate: assigned[pt].rate}
}
