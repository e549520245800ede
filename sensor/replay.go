package sensor

import (
	"context"
	"errors"
	"io"
	"time"

	"tollwatch/sensor/capture"
)

// Replay runs a source of frames to its end through the pipeline, on the
// frames' own clock, and puts out the summary last. A capture that is cut
// ends the replay with its error, after everything before the fault has been
// put out.
func Replay(ctx context.Context, source capture.Source, p *Pipeline) error {
	started := time.Now()
	var frame capture.Frame
	read := readAll(ctx, source, p, &frame)
	if p.err != nil {
		return p.err
	}
	if err := p.Finish(); err != nil {
		return err
	}
	summary := p.Summary()
	summary.WallSeconds = time.Since(started).Seconds()
	if err := p.sink.Put(summary); err != nil {
		return err
	}
	return read
}

// readAll reads to the end. A faulty file is one error; the next file is read
// all the same.
func readAll(ctx context.Context, source capture.Source, p *Pipeline, f *capture.Frame) error {
	// Next may be busy for hours without a frame, inside a compression bomb.
	stop := context.AfterFunc(ctx, func() { source.Close() })
	defer stop()
	var faults []error
	for ctx.Err() == nil {
		err := source.Next(f)
		switch {
		case err == nil:
			if err := p.Observe(f); err != nil {
				return err
			}
		case errors.Is(err, io.EOF):
			return errors.Join(append(faults, ctx.Err())...)
		case faulty(err):
			faults = append(faults, err)
		default:
			return errors.Join(append(faults, err)...)
		}
	}
	return ctx.Err()
}

// faulty says that one file of several cannot be read on.
func faulty(err error) bool {
	var fault *capture.FileError
	return errors.As(err, &fault)
}
