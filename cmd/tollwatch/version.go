package main

import (
	"fmt"
	"runtime"
	"strconv"

	"github.com/spf13/cobra"
)

// kernelPrograms says whether capture by eBPF can work with this build.
func kernelPrograms() string {
	if runtime.GOOS != "linux" || strconv.IntSize == 32 {
		return "not in this build"
	}
	return "in this build"
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "version, commit, Go",
		Example: "  tollwatch version",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "tollwatch %s\ncommit    %s\nGo        %s %s/%s\neBPF      %s\n",
				version, commit, runtime.Version(), runtime.GOOS, runtime.GOARCH, kernelPrograms())
			return err
		},
	}
}
