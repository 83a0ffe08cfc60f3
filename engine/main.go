// Command medseal-engine is the consortium's ledger: a proof-of-stake chain that runs Medseal's contracts, one process for
// each organisation. Nobody needs it for a network whose ledger is one node.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/rs/zerolog"
	"github.com/spf13/cobra"

	"cosmossdk.io/log/v2"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"medseal.example/engine/app"
	"medseal.example/engine/founding"
	"medseal.example/engine/node"
	"medseal.example/engine/program"
	"medseal.example/engine/upgrade"
)

// version is what a release is called; the linker sets it (-X main.version=…).
var version = "unreleased"

// exitOther is the exit code of a program that the next block is not for.
const exitOther = 3

func main() {
	sdk.GetConfig().Seal()
	if err := command().Execute(); err != nil {
		fmt.Fprintln(os.Stderr, "medseal-engine:", err)
		os.Exit(1)
	}
}

func command() *cobra.Command {
	root := &cobra.Command{
		Use: "medseal-engine", Short: "The consortium's ledger", SilenceUsage: true, SilenceErrors: true,
		Version: version,
	}
	root.AddCommand(foundCommand(), startCommand(), programCommand())
	return root
}

func programCommand() *cobra.Command {
	return &cobra.Command{
		Use: "program", Short: "Show version, SHA-256 and platform of this program", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			own, err := program.Own(version)
			if err != nil {
				return err
			}
			return json.NewEncoder(cmd.OutOrStdout()).Encode(own)
		},
	}
}

func foundCommand() *cobra.Command {
	return &cobra.Command{
		Use: "found TERMS FILE", Short: "Make the genesis file of a network from its terms, and show its chain's name",
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			terms, err := founding.ReadTerms(args[0])
			if err != nil {
				return err
			}
			document, err := app.Genesis(terms)
			if err != nil {
				return err
			}
			if err := os.MkdirAll(filepath.Dir(args[1]), 0o700); err != nil {
				return err
			}
			if err := document.SaveAs(args[1]); err != nil {
				return err
			}
			return json.NewEncoder(cmd.OutOrStdout()).Encode(map[string]string{"chain": document.ChainID})
		},
	}
}

// logLevel reads the level of the log. One for all parts is asked before a line is written; a filter by part reads each
// line that was written, which takes a twelfth of a validator's time under load.
func logLevel(text string) (log.Option, error) {
	if level, err := zerolog.ParseLevel(strings.TrimPrefix(text, "*:")); err == nil && text != "" {
		return log.LevelOption(level), nil
	}
	filter, err := log.ParseLogLevel(text)
	return log.FilterOption(filter), err
}

func startCommand() *cobra.Command {
	var restored, attached bool
	var level string
	start := &cobra.Command{
		Use: "start FOLDER", Short: "Run the node of a folder, with the keys on standard input, until it is asked to stop",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			chosen, err := logLevel(level)
			if err != nil {
				return err
			}
			keys, err := node.ReadKeys(os.Stdin)
			if err != nil {
				return err
			}
			logger := log.NewLogger(os.Stderr, log.OutputJSONOption(), chosen)
			ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			if attached {
				go func() {
					_, _ = io.Copy(io.Discard, os.Stdin)
					stop()
				}()
			}
			own, err := program.Own(version)
			if err != nil {
				return err
			}
			said := json.NewEncoder(cmd.OutOrStdout())
			err = node.Run(ctx, args[0], keys, logger, restored, func() {
				_ = said.Encode(map[string]bool{"ready": true})
			}, func(present node.Presence, programs node.Programs) {
				_ = said.Encode(map[string]node.Presence{"present": present})
				_ = said.Encode(map[string]node.Programs{"programs": programs})
			}, func(signer node.SignerState) {
				_ = said.Encode(map[string]node.SignerState{"signer": signer})
			}, own, func(plan upgrade.Plan) {
				// Nothing is closed first: what is on the disk is whole at each moment, and no vote may follow.
				_ = json.NewEncoder(cmd.OutOrStdout()).Encode(map[string]upgrade.Plan{"upgrade": plan})
				logger.Warn("stopped for another program", "height", plan.Height, "sha256", plan.Programs[own.Platform].Hex())
				os.Exit(exitOther)
			})
			if errors.Is(err, context.Canceled) {
				return nil
			}
			return err
		},
	}
	start.Flags().BoolVar(&restored, "restored", false, "the folder is a restored copy, and its original is gone for good")
	start.Flags().BoolVar(&attached, "attached", false, "stop when standard input ends: with the program that started this one")
	start.Flags().StringVar(&level, "log", "*:warn", "level of the log, as part:level,part:level")
	return start
}
