package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"tollwatch/decoder"
	"tollwatch/detect"
	"tollwatch/sensor"
	"tollwatch/sensor/capture"
	"tollwatch/sensor/config"
	"tollwatch/sensor/record"
	"tollwatch/sensor/report"
	"tollwatch/sensor/store"
)

type replayFlags struct {
	config, store string
	json, send    bool
}

func replayCommand() *cobra.Command {
	var flags replayFlags
	cmd := &cobra.Command{
		Use:   "replay [--config FILE] [--json] [--store DIR] [--send] FILE...",
		Short: "captures through the sensor, on the packets' own clock",
		Long: `Reads captures (pcap, pcapng, either one gzip- or zstd-compressed, "-" is standard input) through the very pipeline
that "tollwatch run" uses, on the packets' own clock. It notifies nobody and writes to no server, unless --send says so.
Without --json it prints a summary for a person; with it one JSON object a line. Nothing is kept unless --store names a folder.
With --send the calls, streams, registrations, alerts and traffic go to the InfluxDB of the configuration, at the packets' own times
and with sensor=replay: the panels show the incident. A bucket refuses what is older than its retention.`,
		Example: "  tollwatch replay docs/example/office-court-a.pcap.zst\n  tcpdump -w - -U port 5060 | tollwatch replay --json -",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return replay(cmd, flags, args)
		},
	}
	cmd.Flags().StringVar(&flags.config, "config", "", "configuration `FILE`; the defaults without it, with --send "+defaultConfig)
	cmd.Flags().BoolVar(&flags.json, "json", false, "one JSON object a line")
	cmd.Flags().BoolVar(&flags.send, "send", false, "write to the InfluxDB of the configuration")
	cmd.Flags().StringVar(&flags.store, "store", "", "keep calls and alerts in the folder `DIR`")
	return cmd
}

// replayConfig is the file named. Without one a capture is read as any site's, and
// sent to where the sensor of this machine sends.
func replayConfig(flags replayFlags) (config.Config, error) {
	if !flags.send {
		return loadConfig(flags.config)
	}
	if _, err := os.Stat(defaultConfig); flags.config == "" && errors.Is(err, fs.ErrNotExist) {
		return config.Config{}, usageError{fmt.Errorf("send to InfluxDB: %s is not there: name a configuration with --config", defaultConfig)}
	}
	return runConfig(flags.config)
}

// replayGarbage is how much garbage a replay may make between two collections, in
// percent of what it holds: it holds little, and is over soon. With Go's 100 it
// takes a tenth longer, and 28 MB for an attack of 60,000 calls where it now takes
// 46. GOGC has the last word.
const replayGarbage = 400

func replay(cmd *cobra.Command, flags replayFlags, files []string) error {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(replayGarbage)
	}
	cfg, err := replayConfig(flags)
	if err != nil {
		return err
	}
	engineConfig, err := sensor.EngineConfig(cfg)
	if err != nil {
		return usageError{err}
	}
	engine, err := detect.New(engineConfig)
	if err != nil {
		return usageError{err}
	}
	source, err := capture.OpenFiles(files, cmd.InOrStdin())
	if err != nil {
		return err
	}
	defer source.Close()
	out := newOutput(cmd.OutOrStdout(), flags.json, engineConfig.Location)
	to, err := destinations(cmd.Context(), cfg, flags, out)
	if err != nil {
		return err
	}
	defer to.close()
	p := sensor.NewPipeline(decoder.New(decoder.DefaultConfig()), engine, to.sinks)
	if to.sending != nil {
		to.sending.Measure(p)
	}
	read := sensor.Replay(cmd.Context(), withProgress(source), p)
	if read != nil && out.summary != nil && out.summary.Frames == 0 && !flags.json {
		return read // a summary of nothing would say that all is well
	}
	sent := to.delivered(cmd.ErrOrStderr())
	if err := out.finish(); err != nil || read != nil || sent != nil {
		return errors.Join(read, err, sent)
	}
	out.remark(cmd.ErrOrStderr())
	return nil
}

// targets are where a replay's objects go.
type targets struct {
	sinks   sensor.Sinks
	kept    *store.Store    // nil: nothing is kept
	sending *sensor.Sending // nil: nothing is sent
}

func destinations(ctx context.Context, cfg config.Config, flags replayFlags, out *output) (to targets, err error) {
	to.sinks = sensor.Sinks{out}
	if flags.store != "" {
		if to.kept, err = store.Open(flags.store); err != nil {
			return to, err
		}
		to.sinks = append(to.sinks, sensor.NewKeeper(to.kept))
	}
	if !flags.send {
		return to, nil
	}
	if to.sending, err = sensor.NewSending(ctx, cfg, to.kept); err != nil {
		to.close()
		return to, usageError{err}
	}
	to.sinks = append(to.sinks, to.sending)
	return to, nil
}

func (to *targets) close() {
	if to.kept != nil {
		to.kept.Close()
	}
}

// delivered sends what is left, and says how much there was.
func (to *targets) delivered(w io.Writer) error {
	if to.sending == nil {
		return nil
	}
	if err := to.sending.Close(); err != nil {
		return err
	}
	fmt.Fprintf(w, "tollwatch: %d points sent to InfluxDB, with sensor=replay\n", to.sending.Sent())
	if n := to.sending.OverBudget(); n > 0 {
		fmt.Fprintf(w, "tollwatch: %d registrations, unanswered calls and unannounced streams became no points: a second has room for so many\n", n)
	}
	return nil
}

// output is what replay prints: NDJSON, or the summary at the end.
type output struct {
	w       io.Writer
	json    *record.Writer
	report  *report.Report
	summary *record.Summary
}

func newOutput(w io.Writer, json bool, location *time.Location) *output {
	o := &output{w: w}
	if json {
		o.json = record.NewWriter(w)
	} else {
		o.report = report.New(location)
	}
	return o
}

// Put implements sensor.Sink.
func (o *output) Put(object record.Object) error {
	if s, ok := object.(*record.Summary); ok {
		o.summary = s
	}
	if o.json != nil {
		return o.json.Put(object)
	}
	return o.report.Put(object)
}

// finish prints what is owed.
func (o *output) finish() error {
	if o.json != nil {
		return o.json.Flush()
	}
	return o.report.Print(o.w)
}

// remark says in one line where there was nothing to see.
func (o *output) remark(w io.Writer) {
	switch s := o.summary; {
	case s == nil:
	case s.Frames == 0:
		fmt.Fprintln(w, "tollwatch: the capture is empty: it has no frames")
	case len(s.SIP.Requests)+len(s.SIP.Responses) == 0:
		fmt.Fprintln(w, "tollwatch: no SIP in this capture: it may be encrypted (TLS), or taken where no signalling passes")
	}
}

// loadConfig reads the configuration named, or gives the defaults.
func loadConfig(name string) (config.Config, error) {
	if name == "" {
		return config.Default(), nil
	}
	cfg, err := config.Load(name)
	if err != nil {
		return cfg, usageError{err}
	}
	return cfg, nil
}
