package node

import (
	"context"
	"errors"
	"math"
	"time"

	"golang.org/x/sync/errgroup"

	cmtlog "github.com/cometbft/cometbft/libs/log"
	cmtnode "github.com/cometbft/cometbft/node"
	"github.com/cometbft/cometbft/proxy"
	"github.com/cometbft/cometbft/rpc/client/local"
	cmttypes "github.com/cometbft/cometbft/types"

	cmtcfg "github.com/cometbft/cometbft/config"

	"cosmossdk.io/log/v2"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/server"
	servercmtlog "github.com/cosmos/cosmos-sdk/server/log"
	pruningtypes "github.com/cosmos/cosmos-sdk/store/v2/pruning/types"
	snapshottypes "github.com/cosmos/cosmos-sdk/store/v2/snapshots/types"
	"github.com/cosmos/evm/indexer"
	evmrpc "github.com/cosmos/evm/rpc"
	"github.com/cosmos/evm/rpc/backend"
	"github.com/cosmos/evm/rpc/stream"
	evmconfig "github.com/cosmos/evm/server/config"

	"medseal.example/engine/app"
	"medseal.example/engine/founding"
	"medseal.example/engine/index"
	"medseal.example/engine/program"
	"medseal.example/engine/rpc"
	"medseal.example/engine/upgrade"
)

// Run runs a node until the context ends. Told is called once the JSON-RPC server listens, there is a block to read and
// the node has what it missed; at a network's first start that takes as many validators as a quorum. Present hears of the
// node's state every few seconds, from its first block on.
//
// Signer hears how the remote signer is, if there is one: soon after the start, and at each change.
//
// Restored says that the folder is a restored copy and that its original is gone for good. Own names this program; other
// is called once the next block is for other programs alone, and is to end the process.
func Run(
	ctx context.Context, home string, keys *Keys, logger log.Logger, restored bool, told func(), present func(Presence, Programs),
	heard func(SignerState), own program.Program, other func(upgrade.Plan),
) (err error) {
	settings, err := ReadSettings(home)
	if err != nil {
		return err
	}
	document, err := founding.ReadDocument(genesisFile(home))
	if err != nil {
		return err
	}
	terms, err := app.TermsOf(document)
	if err != nil {
		return err
	}
	signer, err := openSigner(ctx, home, keys, settings, document.ChainID, restored, heard)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, signer.close()) }()
	tellUnreachable(settings, logger)
	begins, err := beginning(home, settings, logger)
	if err != nil {
		return err
	}
	if !begins {
		settings.SnapshotSources = nil
	}
	config := consensusConfig(home, settings)
	config.Moniker = own.Say()
	if err := config.ValidateBasic(); err != nil {
		return err
	}
	options := appOptions(home, settings, terms)
	evm, err := evmconfig.GetConfig(options)
	if err != nil {
		return err
	}
	if err := errors.Join(evm.ValidateBasic(), evmconfig.ValidateCrossConfig(config, &evm)); err != nil {
		return err
	}

	database, err := dbm.NewDB("application", dbm.GoLevelDBBackend, dataFolder(home))
	if err != nil {
		return err
	}
	snapshots, err := server.GetSnapshotStore(options)
	if err != nil {
		return err
	}
	named := newPeers(settings)
	go named.callers.lookUp(ctx, settings)
	machine := app.New(logger, database, options,
		baseapp.SetChainID(document.ChainID),
		// Commits say which are removed.
		baseapp.SetPruning(pruningtypes.NewCustomPruningOptions(math.MaxInt64, pruningInterval)),
		baseapp.SetMinGasPrices("0"+app.Gas),
		baseapp.SetIAVLCacheSize(200_000),
		baseapp.SetSnapshot(snapshots, snapshotOptions(settings)),
		named.filter,
	)
	defer func() { err = errors.Join(err, machine.Close()) }()

	machine.Runs(own, other)
	if plan, err := machine.Other(); err != nil || plan != nil {
		if err == nil {
			other(*plan)
			err = errors.New("the next block is for another program")
		}
		return err
	}
	asked := &provable{App: machine, home: home}
	consensus, err := cmtnode.NewNode(config, signer, keys.peer(),
		// Questions do not keep the consensus waiting, as with one lock for all they would.
		proxy.NewConnSyncLocalClientCreator(server.NewCometABCIWrapper(asked)),
		func() (*cmttypes.GenesisDoc, error) { return document, nil },
		cmtcfg.DefaultDBProvider, cmtnode.DefaultMetricsProvider(config.Instrumentation), cometLogger(logger))
	if err != nil {
		return err
	}
	signer.watch(consensus.BlockStore())
	asked.blocks = consensus.BlockStore()
	pool := machine.Pool()
	if pool == nil {
		return errors.New("the state machine has no mempool")
	}
	state, err := stateOf(consensus)
	if err != nil {
		return err
	}
	rest(state, consensus.BlockStore(), settings.idleBlockTime(), pool.CountTx, machine.Rested)
	// Before the start, or blocks that come at once would not be heard of.
	blocks, err := watchBlocks(consensus, machine.LastBlockHeight())
	if err != nil {
		return err
	}
	if err := consensus.Start(); err != nil {
		return err
	}
	defer func() {
		if consensus.IsRunning() {
			err = errors.Join(err, consensus.Stop())
			consensus.Wait()
		}
	}()

	asking := newOwnClient(local.New(consensus), machine)
	visitor := machine.Client().WithClient(asking).WithChainID(document.ChainID).WithHomeDir(home)
	machine.RegisterTxService(visitor)
	machine.RegisterTendermintService(visitor)
	machine.RegisterNodeService(visitor, evm.Config)
	pool.SetClientCtx(visitor)

	places, err := dbm.NewDB("transactions", dbm.GoLevelDBBackend, dataFolder(home))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, places.Close()) }()
	written := indexer.NewKVIndexer(places, logger.With("part", "index"), visitor)
	whole, err := index.Open(places, written, blocks)
	if err != nil {
		return err
	}

	if err := rpc.Register(whole, machine.Refusal, pool.NextNonce); err != nil {
		return err
	}
	group, running := errgroup.WithContext(ctx)
	group.Go(func() error { return whole.Follow(running, blocks.signal) })
	signer.follow(running, group, consensus.BlockStore().Height)
	serverContext := server.NewContext(options, config, logger)
	events := stream.NewRPCStreams(asking, logger, visitor.TxConfig.TxDecoder())
	machine.RegisterPendingTxListener(events.ListenPendingTx)
	transactions := index.NewTransactions(written, whole, machine.LastBlockHeight)
	answers := backend.NewBackend(serverContext, visitor, transactions, pool, backend.WithLogger(logger))
	methods := evmrpc.BuildRPCs(evm.JSONRPC.API, serverContext, visitor, events, answers)
	if err := serveJSONRPC(running, group, &evm, methods, rpc.NewFeed(whole, answers)); err != nil {
		return err
	}
	if err := serveConsensus(running, group, consensus, settings.Blocks, cometLogger(logger)); err != nil {
		return err
	}
	group.Go(func() error {
		if isAbreast(running, whole, consensus) {
			told()
		}
		return nil
	})
	group.Go(func() error {
		tellPresence(running, consensus, machine, own, present)
		return nil
	})
	group.Go(func() error {
		named.follow(running, home, consensus.Switch(), logger.With("part", "peers"))
		return nil
	})
	if begins {
		followBeginning(running, group, home, consensus.BlockStore().Height, &asked.arrivals)
	}
	failed := make(chan struct{})
	go func() {
		state.Wait()
		close(failed)
	}()
	group.Go(func() error {
		select {
		case <-running.Done():
		case <-failed:
		case <-consensus.Quit():
		}
		if running.Err() == nil {
			return errors.New("the consensus stopped: the log says why")
		}
		return nil
	})
	return group.Wait()
}

// isAbreast waits until there is a block to read and the node has what it missed; false if the node ends before.
func isAbreast(ctx context.Context, whole *index.Index, node *cmtnode.Node) bool {
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for whole.Whole() == 0 || node.ConsensusReactor().WaitSync() {
		select {
		case <-ctx.Done():
			return false
		case <-ticker.C:
		}
	}
	return true
}

func cometLogger(logger log.Logger) cmtlog.Logger {
	return servercmtlog.CometLoggerWrapper{Logger: logger}
}

// snapshotsKept is how many snapshots are kept.
const snapshotsKept = 2

// snapshotOptions are how often a snapshot is made, and how many are kept.
func snapshotOptions(settings *Settings) snapshottypes.SnapshotOptions {
	return snapshottypes.NewSnapshotOptions(settings.SnapshotEvery, snapshotsKept)
}
