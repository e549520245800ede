// Package config turns the configuration file into a Config.
//
// It promises to tell every problem of a file at once, each with file, line,
// column and key: what is not known, what has the wrong type, and what has a
// value that cannot work. Where a key is absent its default stands, and the
// file that ships, packaging/tollwatch.toml, says nothing but the defaults.
//
// It opens nothing that the file points at: token and secret files are read by
// those who use them, when they use them, so that no secret lies in a Config.
package config
