package sensortest

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tollwatch/decoder"
	"tollwatch/detect"
	"tollwatch/sensor"
	"tollwatch/sensor/capture"
	"tollwatch/sensor/kpi"
	"tollwatch/sensor/output/points"
)

// tags is a sensor.Points that keeps the values of each tag, and what is wrong with
// a line.
type tags struct {
	encode *points.Encoder
	lines  int
	values map[string]map[string]bool // by measurement and tag
	wrong  []string
}

func newTags() *tags {
	return &tags{encode: points.NewEncoder(points.Identity{Site: "s", Sensor: "x", Primary: true}), values: map[string]map[string]bool{}}
}

// badField is what a server may refuse: no number, or an unsigned one.
var badField = regexp.MustCompile(`=(NaN|[+-]?Inf|\d+u)[, ]`)

func (s *tags) Put(p points.Point) error {
	line, err := s.encode.Encode(p)
	if err != nil {
		s.wrong = append(s.wrong, fmt.Sprintf("%T: %v", p, err))
		return nil
	}
	s.lines++
	series, rest, _ := strings.Cut(strings.ReplaceAll(string(line), `\ `, "_"), " ")
	parts := strings.Split(strings.ReplaceAll(series, `\,`, ";"), ",")
	for _, part := range parts[1:] {
		key, value, _ := strings.Cut(part, "=")
		of := parts[0] + "." + key
		if s.values[of] == nil {
			s.values[of] = map[string]bool{}
		}
		s.values[of][value] = true
	}
	if plain := regexp.MustCompile(`"(\\.|[^"\\])*"`).ReplaceAllString(rest, `""`); badField.MatchString(plain) {
		s.wrong = append(s.wrong, string(line))
	}
	return nil
}

var countryCode = regexp.MustCompile(`^([A-Z]{2}|001)$`)

// known says that the value is of the tag's set, or made by its rule.
func known(tag points.Tag, value string) bool {
	switch {
	case tag.Values != nil:
		return slices.Contains(tag.Values, value) || value == points.Other
	case tag.Key == "dest_country":
		return countryCode.MatchString(value)
	case tag.Key == "trunk":
		return regexp.MustCompile(`^trunk-\d{1,2}$`).MatchString(value)
	}
	return value == "s" || value == "x"
}

// check holds every value that was seen to its set.
func (s *tags) check(t *testing.T) {
	t.Helper()
	for _, w := range s.wrong {
		t.Error(w)
	}
	for _, m := range points.Schema() {
		for _, tag := range slices.Concat(points.Common, m.Tags) {
			for value := range s.values[m.Name+"."+tag.Key] {
				if !known(tag, value) {
					t.Errorf("%s: tag %s has the value %q, want one of %q", m.Name, tag.Key, value, tag.Values)
				}
			}
			delete(s.values, m.Name+"."+tag.Key)
		}
	}
	for of := range s.values {
		t.Errorf("tag %s stands in no schema", of)
	}
}

// replay runs captures through a pipeline whose points are kept.
func (s *tags) replay(t *testing.T, files ...string) {
	t.Helper()
	engine, err := detect.New(detect.Config{Site: "s"})
	if err != nil {
		t.Fatal(err)
	}
	source, err := capture.OpenFiles(files, nil)
	if err != nil {
		return // no capture: others say so
	}
	defer source.Close()
	p := sensor.NewPipeline(decoder.New(decoder.DefaultConfig()), engine, sensor.NewPointSink(s))
	p.MeasureTraffic(s, time.UTC, &kpi.Usual{})
	sensor.Replay(t.Context(), source, p) // a capture that is cut has points all the same
}

// TestTagsAreBounded: over every capture there is, each tag has a value of its set,
// and each line is one that servers take.
func TestTagsAreBounded(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(Corpus(t), "captures", "*"))
	if err != nil || len(files) < 50 {
		t.Fatalf("got %d captures, %v", len(files), err)
	}
	s := newTags()
	for _, f := range files {
		s.replay(t, f)
	}
	if s.lines < 10_000 {
		t.Errorf("got %d points of the corpus, want 10,000 or more", s.lines)
	}
	s.check(t)
}

// TestHostileSIPMakesNoNewTag: nor do damaged messages and frames.
func TestHostileSIPMakesNoNewTag(t *testing.T) {
	all := readOriginals(t)
	s := newTags()
	for batch := range uint64(3) {
		p := sensor.NewPipeline(decoder.New(mutationConfig(batch)), newEngine(t), sensor.NewPointSink(s))
		p.MeasureTraffic(s, time.UTC, &kpi.Usual{})
		m := newMutator(all, 7, batch)
		for range batchSize {
			f := m.next()
			if err := p.Observe(&f); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.Finish(); err != nil {
			t.Fatal(err)
		}
	}
	if s.lines < 1000 {
		t.Errorf("got %d points, want 1,000 or more", s.lines)
	}
	s.check(t)
}
