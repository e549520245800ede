package main

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"tollwatch/packaging"
	"tollwatch/sensor/config"
)

func initCommand() *cobra.Command {
	var file, by string
	var confirm []string
	cmd := &cobra.Command{
		Use: "init", Short: "first configuration, and later a word on what the first days taught",
		Long: `Asks what a first configuration needs and writes it; what the file says otherwise, and its comments, stay. Where nobody can be asked, the flags answer.
Once the sensor has listened for some days, it lists the destinations abroad that the site's first 14 days taught. The site may have been hacked
already, so they keep their points until somebody confirms that they are its own.`,
		Example: "  sudo tollwatch init\n  tollwatch init --config tollwatch.toml --name lyon --profile hotel --interfaces eth1\n" +
			"  sudo tollwatch init --confirm 'MA international' --confirm 'BE mobile' --by jane",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var in *bufio.Reader
			if isTerminal(cmd.InOrStdin()) && len(confirm) == 0 {
				in = bufio.NewReader(cmd.InOrStdin())
			}
			if len(confirm) == 0 {
				if err := configure(cmd, file, in); err != nil {
					return err
				}
			}
			f := firstDays{file: file, by: by, in: in, out: cmd.OutOrStdout()}
			return f.speak(confirm)
		},
	}
	cmd.Flags().StringVar(&file, "config", defaultConfig, "configuration `FILE` to write")
	cmd.Flags().StringArrayVar(&confirm, "confirm", nil, "a `DESTINATION` of the list that is the site's own, or all")
	cmd.Flags().StringVar(&by, "by", caller(), "`NAME` of the person who confirms")
	for _, q := range questions {
		cmd.Flags().String(q.flag, "", q.text)
	}
	return cmd
}

// configure writes the configuration, from what is there, or from the file that ships.
func configure(cmd *cobra.Command, file string, in *bufio.Reader) error {
	before, err := os.ReadFile(file)
	fresh := errors.Is(err, fs.ErrNotExist)
	switch {
	case fresh:
		before = packaging.Configuration
	case err != nil:
		return fmt.Errorf("read the configuration: %w", err)
	}
	i := interview{name: file, file: before, in: in, out: cmd.OutOrStdout()}
	if err := i.conduct(cmd); err != nil {
		return usageError{err}
	}
	if _, err := config.Parse(file, i.file); err != nil {
		return usageError{err}
	}
	if !fresh && bytes.Equal(before, i.file) {
		_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s is as it was\n", file)
		return err
	}
	if err := replace(file, i.file); err != nil {
		return fmt.Errorf("write the configuration: %w: ask as root, or name another file with --config", err)
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s is written; next: sudo tollwatch run --config %s\n", file, file)
	return err
}

// replace writes a file whole or not at all, and keeps who may read it.
func replace(name string, data []byte) error {
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(name); err == nil {
		mode = info.Mode().Perm()
	}
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".new-*")
	if err != nil {
		return err
	}
	_, err = io.Copy(f, bytes.NewReader(data))
	err = cmp.Or(err, f.Chmod(mode), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}
