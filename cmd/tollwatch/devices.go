package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"tollwatch/sensor/devices"
)

func devicesCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "devices [--json]",
		Short: "the network interfaces, and how each could be captured on here",
		Long: `Lists every network interface: its kind, whether it is up, its MTU and addresses, whether somebody already listens to all of it, and the
back-ends ([capture] mode) that could listen to it here, the best first. What hinders the others stands below, or in the line where it is the interface's own.
An asterisk marks what interfaces = ["any"] takes. A mirror port is usually one that is up and has no address.`,
		Example: "  tollwatch devices",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			all, err := devices.List()
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(all)
			}
			return printDevices(cmd.OutOrStdout(), all)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one list of objects")
	return cmd
}

func printDevices(out io.Writer, all []devices.Device) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NAME\tKIND\tSTATE\tMTU\tPROMISCUOUS\tADDRESSES\tCAPTURE")
	for i := range all {
		d := &all[i]
		name := d.Name
		if d.Any {
			name += " *"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%s\t%s\t%s\n", name, d.Kind, strings.ReplaceAll(string(d.State), "_", " "), d.MTU, yesNo(d.Promiscuous), addresses(d), ways(d))
	}
	if err := w.Flush(); err != nil || len(all) == 0 {
		return err
	}
	for _, way := range all[0].Ways {
		if way.Machine {
			fmt.Fprintf(out, "not here: %s: %s\n", way.Backend, way.Why)
		}
	}
	return nil
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// addresses are those that people gave: every interface that is up has one of IPv6
// that is of its link alone.
func addresses(d *devices.Device) string {
	var given []string
	for _, a := range d.Addresses {
		if !a.Addr().IsLinkLocalUnicast() {
			given = append(given, a.String())
		}
	}
	switch len(given) {
	case 0:
		return "-"
	case 1:
		return given[0]
	}
	return fmt.Sprintf("%s (+%d)", given[0], len(given)-1)
}

// ways names those that are possible, or what hinders all.
func ways(d *devices.Device) string {
	var possible []string
	why := "-"
	for _, w := range d.Ways {
		switch {
		case w.Possible:
			possible = append(possible, string(w.Backend))
		case !w.Machine:
			why = "none: " + w.Why
		}
	}
	if len(possible) == 0 {
		return why
	}
	return strings.Join(possible, ", ")
}
