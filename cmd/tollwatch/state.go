package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"tollwatch/decoder"
	"tollwatch/detect"
	"tollwatch/sensor"
	"tollwatch/sensor/capture"
	"tollwatch/sensor/cdr"
	"tollwatch/sensor/config"
	"tollwatch/sensor/past"
	"tollwatch/sensor/store"
)

func stateCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "state", Short: "what the sensor has learned: take it elsewhere, or teach it the past",
		Example: "  tollwatch state import Master.csv", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	cmd.AddCommand(stateExportCommand(), stateImportCommand())
	return cmd
}

func stateExportCommand() *cobra.Command {
	var p place
	var out string
	cmd := &cobra.Command{
		Use: "export [-o FILE]", Short: "what the sensor has learned, as a file",
		Example: "  tollwatch state export -o site.state.json", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, kept, err := p.read()
			if err != nil {
				return err
			}
			defer kept.Close()
			learned, err := kept.LoadState(sensor.EngineState)
			if err != nil {
				return fmt.Errorf("read what was learned in %s: %w", cfg.Store.Dir, err)
			}
			if learned == nil {
				return fmt.Errorf("export state: nothing was learned yet in %s: run the sensor, or state import", cfg.Store.Dir)
			}
			b, err := past.Seal(sensor.SiteName(cfg), time.Now(), learned)
			if err != nil {
				return err
			}
			if out == "" {
				_, err = cmd.OutOrStdout().Write(b)
				return err
			}
			return os.WriteFile(out, b, 0o640)
		},
	}
	p.flags(cmd)
	cmd.Flags().StringVarP(&out, "output", "o", "", "`FILE` to write; standard output without it")
	return cmd
}

// recordFlags say how call records are read.
type recordFlags struct{ format, columns, timezone string }

func (r *recordFlags) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&r.format, "format", "", "`NAME` of the export: asterisk, freepbx or 3cx; found out without it")
	cmd.Flags().StringVar(&r.columns, "columns", "", "a `MAPPING` that says what the columns of any other export mean: start=…,number=…,duration=…,extension=…,cost=…")
	cmd.Flags().StringVar(&r.timezone, "timezone", "", "`ZONE` of the file's times; the site's without it")
}

// load reads the configuration, and how call records of its site are read.
func (r *recordFlags) load(p *place) (config.Config, cdr.Options, error) {
	cfg, err := p.load()
	if err != nil {
		return cfg, cdr.Options{}, err
	}
	o, err := cdr.ParseOptions(r.format, r.columns, r.timezone, cfg.Site.Location())
	if err != nil {
		return cfg, o, usageError{fmt.Errorf("how to read call records: %w", err)}
	}
	return cfg, o, nil
}

func stateImportCommand() *cobra.Command {
	var p place
	var records recordFlags
	var replace bool
	cmd := &cobra.Command{
		Use: "import FILE...", Short: "teach the sensor from call records, captures, or another sensor's state",
		Long: `Reads call detail records (CSV), captures (pcap, pcapng) or one file of state export, and keeps in the store what they teach: which
countries are called, how often, by whom and at what cost, so that a site need not start blind. The past is judged as it is learned: what
looks stolen teaches nothing, and is told. The sensor must not run meanwhile.`,
		Example: "  tollwatch state import /var/log/asterisk/cdr-csv/Master.csv\n" +
			"  tollwatch state import calls.csv --columns 'start=Date,number=Called,duration=Seconds,extension=From'\n" +
			"  tollwatch state import monday.pcap tuesday.pcap",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error {
			cfg, options, err := records.load(&p)
			if err != nil {
				return err
			}
			return importState(cmd, cfg, options, replace, files)
		},
	}
	p.flags(cmd)
	records.flags(cmd)
	cmd.Flags().BoolVar(&replace, "replace", false, "forget what was learned so far")
	return cmd
}

func importState(cmd *cobra.Command, cfg config.Config, o cdr.Options, replace bool, files []string) error {
	kept, err := store.Open(cfg.Store.Dir)
	if err != nil {
		return err
	}
	defer kept.Close()
	before, err := kept.LoadState(sensor.EngineState)
	if err != nil {
		return fmt.Errorf("read what was learned in %s: %w", cfg.Store.Dir, err)
	}
	if before != nil && !replace {
		return fmt.Errorf("import state: the sensor has learned already in %s, and the past cannot be put before it: --replace forgets that", cfg.Store.Dir)
	}
	learned, err := learn(cmd, cfg, o, files)
	if err != nil {
		return err
	}
	if err := kept.SaveState(sensor.EngineState, learned); err != nil {
		return fmt.Errorf("keep what was learned: %w", err)
	}
	return kept.Commit()
}

// learn makes the state that the files teach: records first, then captures.
func learn(cmd *cobra.Command, cfg config.Config, o cdr.Options, files []string) ([]byte, error) {
	engineConfig, err := sensor.EngineConfig(cfg)
	if err != nil {
		return nil, usageError{err}
	}
	engineConfig.Caps = nil // what is past consumes nothing
	engine, err := detect.New(engineConfig)
	if err != nil {
		return nil, usageError{err}
	}
	var captures []string
	var all []cdr.Record
	for _, name := range files {
		switch kind, head, err := kindOf(name); {
		case err != nil:
			return nil, fmt.Errorf("import state: %w", err)
		case kind == sealedFile && len(files) > 1:
			return nil, usageError{fmt.Errorf("import state: %s is a whole state: give it alone", name)}
		case kind == sealedFile:
			return unseal(cmd.OutOrStdout(), engine, name, head)
		case kind == captureFile:
			captures = append(captures, name)
		default:
			f, err := past.Read(name, o)
			if err != nil {
				return nil, err
			}
			tellFaults(cmd.ErrOrStderr(), f)
			all = append(all, f.Records...)
		}
	}
	if len(all) > 0 {
		tellLesson(cmd.OutOrStdout(), past.Teach(engine, all, time.Now()), engineConfig.Location)
	}
	if len(captures) > 0 {
		if err := learnCaptures(cmd, engine, captures); err != nil {
			return nil, err
		}
	}
	return engine.AppendState(nil), nil
}

func learnCaptures(cmd *cobra.Command, engine *detect.Engine, files []string) error {
	source, err := capture.OpenFiles(files, cmd.InOrStdin())
	if err != nil {
		return err
	}
	defer source.Close()
	out := newOutput(cmd.OutOrStdout(), false, time.UTC)
	if err := sensor.Replay(cmd.Context(), withProgress(source), sensor.NewPipeline(decoder.New(decoder.DefaultConfig()), engine, out)); err != nil {
		return err
	}
	return out.finish()
}

// fileKind is what a file is.
type fileKind uint8

const (
	recordFile fileKind = iota + 1
	captureFile
	sealedFile
)

// kindOf looks at how a file begins.
func kindOf(name string) (fileKind, []byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, nil, err
	}
	defer f.Close()
	head, err := bufio.NewReader(f).Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, nil, fmt.Errorf("read %s: %w", name, err)
	}
	switch {
	case len(head) == 0:
		return 0, nil, fmt.Errorf("%s: the file is empty", name)
	case past.Sealed(head):
		b, err := os.ReadFile(name)
		return sealedFile, b, err
	case capture.Recognises(head):
		return captureFile, nil, nil
	}
	return recordFile, nil, nil
}

func unseal(w io.Writer, engine *detect.Engine, name string, b []byte) ([]byte, error) {
	e, err := past.Open(b)
	if err == nil {
		err = engine.LoadState(e.Learned)
	}
	if err != nil {
		return nil, fmt.Errorf("import state: %s: %w", name, err)
	}
	_, err = fmt.Fprintf(w, "took what %s had learned until %s\n", e.Site, e.Saved.Format(time.RFC3339))
	return e.Learned, err
}

// tellFaults names the first rows that could not be read.
func tellFaults(w io.Writer, f past.File) {
	for _, fault := range f.Faults {
		fmt.Fprintln(w, "tollwatch:", fault)
	}
	if more := f.Unread - len(f.Faults); more > 0 {
		fmt.Fprintf(w, "tollwatch: … and %d more\n", more)
	}
	fmt.Fprintf(w, "tollwatch: %s: %d records (%s), %d rows that could not be read\n", f.Name, len(f.Records), f.Format.Name, f.Unread)
}

func tellLesson(w io.Writer, l past.Lesson, zone *time.Location) {
	if l.Left > 0 {
		fmt.Fprintf(w, "left out %d records of the future, or more than 400 days before the latest\n", l.Left)
	}
	if l.Calls == 0 {
		fmt.Fprintln(w, "learned nothing: no record is an outbound call")
		return
	}
	fmt.Fprintf(w, "learned from %d outbound calls of %s to %s\n", l.Calls, l.First.In(zone).Format(time.DateOnly), l.Last.In(zone).Format(time.DateOnly))
	for _, a := range l.Alerts {
		if a.Level.Pages() {
			fmt.Fprintf(w, "in the past: %s %s, extension %s, %d calls from %s, about %.2f €: it taught nothing\n",
				a.Level, a.Scheme, a.Extension, a.Calls, a.Since.In(zone).Format("2006-01-02 15:04"), a.SpentEUR)
		}
	}
}
