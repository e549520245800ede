package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"tollwatch/detect"
	"tollwatch/sensor/config"
	"tollwatch/sensor/order"
)

// firstDays asks for a word on the destinations of the site's first 14 days.
type firstDays struct {
	file, by string
	in       *bufio.Reader // nil: nobody to ask
	out      io.Writer
}

// speak lists what waits, and orders what is confirmed.
func (f *firstDays) speak(confirmed []string) error {
	cfg, err := loadConfig(f.file)
	if err != nil {
		return err
	}
	wait, err := waiting(cfg)
	if err != nil || len(wait) == 0 && len(confirmed) == 0 {
		return err
	}
	if len(confirmed) == 0 {
		f.list(wait)
		if f.in == nil {
			_, err := fmt.Fprintf(f.out, "Confirm with: sudo tollwatch init --config %s --confirm '%s', or --confirm all\n", f.file, wait[0].Group)
			return err
		}
		if confirmed, err = f.ask(wait); err != nil || len(confirmed) == 0 {
			return err
		}
	}
	groups, err := chosen(wait, confirmed)
	if err != nil {
		return usageError{err}
	}
	if err := order.Leave(cfg.Store.Dir, order.Order{Kind: order.Confirm, By: f.by, Destinations: groups}); err != nil {
		return err
	}
	_, err = fmt.Fprintf(f.out, "confirmed, by %s: %s\n%s\n", dash(f.by), strings.Join(groups, ", "), heardWhen)
	return err
}

// waiting are the destinations of the first days, as the sensor saved them.
func waiting(cfg config.Config) ([]detect.Learned, error) {
	engine, err := savedEngine(cfg)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // the sensor never ran
	}
	if err != nil {
		return nil, err
	}
	return engine.FirstDays(), nil
}

func (f *firstDays) list(wait []detect.Learned) {
	fmt.Fprintln(f.out, "\nDestinations abroad that the site's first 14 days taught. Are they its own?")
	for i, l := range wait {
		numbers := strconv.Itoa(l.Numbers)
		if l.Numbers >= 3 {
			numbers = "3 or more"
		}
		fmt.Fprintf(f.out, "  %2d  %-28s %5d calls, to %s numbers, the dearest %.2f €\n", i+1, l.Group, l.Calls, numbers, l.Dearest)
	}
}

// ask lets a person choose from the list.
func (f *firstDays) ask(wait []detect.Learned) (confirmed []string, err error) {
	fmt.Fprint(f.out, "Those that are, as 1, 3, or all; none with Enter: ")
	line, err := f.in.ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("read an answer: %w", err)
	}
	for word := range strings.FieldsFuncSeq(line, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' }) {
		n, err := strconv.Atoi(word)
		if word != "all" && (err != nil || n < 1 || n > len(wait)) {
			return nil, usageError{fmt.Errorf("%q is no number of the list", word)}
		}
		if word != "all" {
			word = wait[n-1].String()
		}
		confirmed = append(confirmed, word)
	}
	return confirmed, nil
}

// chosen are the destinations that are meant; each must wait.
func chosen(wait []detect.Learned, confirmed []string) (groups []string, err error) {
	for _, l := range wait {
		if slices.Contains(confirmed, "all") || slices.Contains(confirmed, l.String()) {
			groups = append(groups, l.String())
		}
	}
	for _, text := range confirmed {
		if text != "all" && !slices.Contains(groups, text) {
			return nil, fmt.Errorf("%q: %w; tollwatch init lists them", text, detect.ErrNothingToConfirm)
		}
	}
	if len(groups) == 0 {
		return nil, detect.ErrNothingToConfirm
	}
	return groups, nil
}
