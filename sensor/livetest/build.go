//go:build !libpcap

package livetest

// How the programs are built: as they ship.
const (
	buildTags = ""
	buildCGO  = "CGO_ENABLED=0"
)
