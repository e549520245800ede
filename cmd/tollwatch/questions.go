package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"tollwatch/sensor/config"
)

// question is one key that a first configuration asks for.
type question struct {
	key, flag, text string
	is              func(*config.Config) any // string, []string or float64
}

var questions = []question{
	{"site.name", "name", "name of the site, on every alert", func(c *config.Config) any { return c.Site.Name }},
	{"site.customer", "customer", "name of the customer, for those who watch many", func(c *config.Config) any { return c.Site.Customer }},
	{"site.profile", "profile", "office, hotel, call_centre, school, trading or ngo", func(c *config.Config) any { return c.Site.Profile }},
	{"site.country", "country", "country whose national numbers are dialled", func(c *config.Config) any { return c.Site.Country }},
	{"site.timezone", "timezone", "time zone", func(c *config.Config) any { return c.Site.Timezone }},
	{"site.outside_prefix", "outside-prefix", "dialled for an outside line: digits, none, or auto", func(c *config.Config) any { return c.Site.OutsidePrefix }},
	{"site.usual_monthly_bill", "bill", "usual telephone bill of a month in euro; 0 = learned", func(c *config.Config) any { return c.Site.UsualMonthlyBill }},
	{"hours.open", "open", "opening hours, such as mon-fri 08:30-18:00, sat 09:00-12:00; none = learned", func(c *config.Config) any { return c.Hours.Open }},
	{"capture.interfaces", "interfaces", "interfaces to listen on, such as eth1; any = all", func(c *config.Config) any { return c.Capture.Interfaces }},
}

// answer reads what a person wrote, in the type of the key.
func (q *question) answer(text string) (config.Answer, error) {
	a := config.Answer{Key: q.key, Value: text}
	switch q.is(&config.Config{}).(type) {
	case []string:
		list := []string{}
		for item := range strings.SplitSeq(text, ",") {
			if item = strings.TrimSpace(item); item != "" && item != "none" {
				list = append(list, item)
			}
		}
		a.Value = list
	case float64:
		eur, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
		if err != nil {
			return a, fmt.Errorf("%q is no amount in euro", text)
		}
		a.Value = eur
	}
	return a, nil
}

// shown is the value of the key as a person would write it.
func (q *question) shown(c *config.Config) string {
	switch v := q.is(c).(type) {
	case []string:
		return strings.Join(v, ", ")
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	default:
		return fmt.Sprint(v)
	}
}

// interview fills a configuration file from flags, and from a person where there is one.
type interview struct {
	name string // of the file
	file []byte
	in   *bufio.Reader // nil: nobody to ask
	out  io.Writer
}

// conduct puts every answer into the file.
func (i *interview) conduct(cmd *cobra.Command) error {
	for k := range questions {
		q := &questions[k]
		var err error
		if flag := cmd.Flags().Lookup(q.flag); flag.Changed {
			err = i.put(q, flag.Value.String())
			if err != nil {
				err = fmt.Errorf("--%s: %w", q.flag, err)
			}
		} else if i.in != nil {
			err = i.ask(q)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (i *interview) put(q *question, text string) error {
	a, err := q.answer(text)
	if err != nil {
		return err
	}
	filled, err := config.Fill(i.name, i.file, a)
	if err == nil {
		i.file = filled
	}
	return err
}

// ask asks until the answer can be taken. An empty one leaves what there is.
func (i *interview) ask(q *question) error {
	for {
		cfg, err := config.Parse(i.name, i.file)
		if err != nil {
			return err
		}
		fmt.Fprintf(i.out, "%s\n  %s [%s]: ", q.text, q.key, q.shown(&cfg))
		line, err := i.in.ReadString('\n')
		if err != nil {
			return fmt.Errorf("read an answer: %w", err)
		}
		line = strings.TrimSpace(line)
		if line == "" {
			return nil
		}
		if err = i.put(q, line); err == nil {
			return nil
		}
		fmt.Fprintln(i.out, " ", err)
	}
}

// isTerminal says that a person sits at the other end.
func isTerminal(r io.Reader) bool {
	f, ok := r.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
