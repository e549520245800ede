package scenario

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// set reads text into what v points at. The error says what would be right.
func (k Key) set(v any, text string) error {
	switch v := v.(type) {
	case *string:
		if k.Choices != nil && !slices.Contains(k.Choices, text) {
			return fmt.Errorf("%q: want %s", text, strings.Join(k.Choices, " or "))
		}
		*v = text
		return nil
	case *[]string:
		*v = strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
		return nil
	case *int:
		return k.number(v, text)
	case *float64:
		return k.share(v, text)
	case *time.Duration:
		return k.duration(v, text)
	case *time.Time:
		return read(v, text, parseTime, "a date like 2026-03-06T08:00:00+01:00")
	case *bool:
		return read(v, text, strconv.ParseBool, "true or false")
	}
	return errors.New("a key without a value") // a fault of the table
}

func read[T any](v *T, text string, parse func(string) (T, error), want string) error {
	x, err := parse(text)
	if err != nil {
		return fmt.Errorf("%q: want %s", text, want)
	}
	*v = x
	return nil
}

func parseTime(text string) (time.Time, error) {
	return time.Parse(time.RFC3339Nano, strings.Replace(text, " ", "T", 1))
}

func (k Key) number(v *int, text string) error {
	var n int
	if err := read(&n, text, strconv.Atoi, "a whole number"); err != nil {
		return err
	}
	if k.Choices != nil && !slices.Contains(k.Choices, text) {
		return fmt.Errorf("%d: want %s", n, strings.Join(k.Choices, " or "))
	}
	if !k.within(float64(n)) {
		return fmt.Errorf("%d: want %g to %g", n, k.Least, k.Most)
	}
	*v = n
	return nil
}

func (k Key) share(v *float64, text string) error {
	var f float64
	parse := func(s string) (float64, error) { return strconv.ParseFloat(s, 64) }
	if err := read(&f, text, parse, "a number"); err != nil {
		return err
	}
	if !k.within(f) {
		return fmt.Errorf("%g: want %g to %g", f, k.Least, k.Most)
	}
	*v = f
	return nil
}

func (k Key) duration(v *time.Duration, text string) error {
	var d time.Duration
	if err := read(&d, text, time.ParseDuration, "a duration like 90s, 10m or 1h30m"); err != nil {
		return err
	}
	if !k.within(d.Seconds()) {
		return fmt.Errorf("%s: want %s to %s", d, spell(k.Least), spell(k.Most))
	}
	*v = d
	return nil
}

// within is false for what is not a number at all.
func (k Key) within(n float64) bool { return n >= k.Least && n <= k.Most }

func spell(seconds float64) string { return time.Duration(seconds * float64(time.Second)).String() }

// format writes what v points at, as set reads it.
func format(v any) string {
	switch v := v.(type) {
	case *string:
		return *v
	case *[]string:
		return strings.Join(*v, ",")
	case *int:
		return strconv.Itoa(*v)
	case *float64:
		return strconv.FormatFloat(*v, 'g', -1, 64)
	case *time.Duration:
		return v.String()
	case *time.Time:
		return v.Format(time.RFC3339)
	case *bool:
		return strconv.FormatBool(*v)
	}
	return ""
}
