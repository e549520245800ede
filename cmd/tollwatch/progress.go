package main

import (
	"os"

	"github.com/schollz/progressbar/v3"

	"tollwatch/sensor/capture"
)

// progressEvery is how many frames pass between two drawings.
const progressEvery = 4096

// progress draws on standard error how far a source has been read.
type progress struct {
	capture.Source
	bar  *progressbar.ProgressBar
	seen int
}

// withProgress draws progress when standard error is a terminal.
func withProgress(s capture.Source) capture.Source {
	info, err := os.Stderr.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return s
	}
	size := int64(s.Stats().FileSize)
	if size == 0 {
		size = -1 // standard input: only a spinner
	}
	return &progress{Source: s, bar: progressbar.DefaultBytes(size, "reading")}
}

// Next implements capture.Source.
func (p *progress) Next(f *capture.Frame) error {
	if p.seen++; p.seen%progressEvery == 0 {
		p.bar.Set64(int64(p.Stats().FileRead))
	}
	err := p.Source.Next(f)
	if err != nil {
		p.bar.Clear()
	}
	return err
}
