// Package sensor is the pipeline, and the only folder that touches the world.
//
// A [Pipeline] takes frames in the order of their time, decodes them, has the
// events judged as they happen, and hands what it found to a [Sink]: calls,
// streams, registrations and alerts. The very same pipeline serves a replay
// and a live tap; only the source of the frames and of the time differs.
//
// It belongs to one goroutine. It never waits for a sink: a sink that has to
// wait keeps a queue of its own, bounded, and counts what it loses.
package sensor
