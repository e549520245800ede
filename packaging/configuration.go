// Package packaging carries the files that ship, for the commands that write them.
package packaging

import _ "embed"

// Configuration is the file that ships: each key with its default and a comment.
//
//go:embed tollwatch.toml
var Configuration []byte
