package node

import (
	"strconv"
	"strings"
	"time"

	"github.com/spf13/viper"

	cmtcfg "github.com/cometbft/cometbft/config"

	"github.com/cosmos/cosmos-sdk/client/flags"
	"github.com/cosmos/cosmos-sdk/server"
	evmconfig "github.com/cosmos/evm/server/config"
	srvflags "github.com/cosmos/evm/server/flags"

	"medseal.example/engine/app"
	"medseal.example/engine/founding"
	"medseal.example/engine/rpc"
)

// consensusConfig is how CometBFT runs here.
func consensusConfig(home string, settings *Settings) *cmtcfg.Config {
	config := cmtcfg.DefaultConfig()
	config.SetRoot(home)
	config.Genesis = genesisFile(home)
	config.PrivValidatorState = stateFile(home)
	config.LogFormat = "json"

	config.P2P.ListenAddress = "tcp://" + settings.Listen
	config.P2P.PersistentPeers = strings.Join(reachedBy(settings), ",")
	// Nobody else can connect (peers), and nobody is told of anybody else.
	config.FilterPeers = true
	config.P2P.PexReactor = false
	config.P2P.AddrBookStrict = false
	config.P2P.AllowDuplicateIP = true
	config.P2P.MaxNumInboundPeers = inboundPlaces(settings)

	// Its server takes WebSockets of any web page: serveConsensus answers instead.
	config.RPC.ListenAddress = ""
	config.RPC.PprofListenAddress = ""

	if len(settings.SnapshotSources) > 0 {
		height, hash, _ := strings.Cut(settings.SnapshotBlock, ":")
		config.StateSync.Enable = true
		config.StateSync.RPCServers = settings.SnapshotSources
		config.StateSync.TrustHeight, _ = strconv.ParseInt(height, 10, 64)
		config.StateSync.TrustHash = hash
		config.StateSync.TrustPeriod = founding.UnbondingTime * 2 / 3
		config.StateSync.DiscoveryTime = 5 * time.Second
	}
	config.Mempool.Type = cmtcfg.MempoolTypeApp
	config.Mempool.ReapInterval = 50 * time.Millisecond
	config.Consensus.PeerGossipSleepDuration = 10 * time.Millisecond
	config.Consensus.TimeoutCommit = settings.blockTime()
	config.Consensus.TimeoutPropose = time.Second
	config.Consensus.TimeoutProposeDelta = 250 * time.Millisecond
	config.Consensus.TimeoutPrevote = 500 * time.Millisecond
	config.Consensus.TimeoutPrecommit = 500 * time.Millisecond
	// The index of Ethereum's transactions is the EVM's own.
	config.TxIndex.Indexer = "null"
	config.Instrumentation.Prometheus = settings.Metrics != ""
	config.Instrumentation.PrometheusListenAddr = settings.Metrics
	return config
}

// inboundPlaces is how many nodes can be connected that this one did not dial.
func inboundPlaces(settings *Settings) int { return 2*len(settings.Peers) + 30 }

// appOptions is how the state machine and the JSON-RPC server run here.
func appOptions(home string, settings *Settings, terms *founding.Terms) *viper.Viper {
	options := viper.New()
	pool := evmconfig.DefaultMempoolConfig()
	for key, value := range map[string]any{
		flags.FlagHome:                              home,
		server.FlagMinGasPrices:                     "0" + app.Gas,
		server.FlagMempoolMaxTxs:                    0,
		srvflags.EVMChainID:                         terms.ChainID,
		srvflags.EVMMempoolCheckTxTimeout:           pool.CheckTxTimeout,
		srvflags.EVMMempoolInsertQueueSize:          pool.InsertQueueSize,
		srvflags.EVMMempoolLifetime:                 pool.Lifetime,
		srvflags.EVMMempoolPriceBump:                pool.PriceBump,
		srvflags.EVMMempoolPendingTxProposalTimeout: pool.PendingTxProposalTimeout,
		srvflags.EVMMempoolPriceLimit:               1,
		srvflags.EVMMempoolAccountSlots:             256,
		srvflags.EVMMempoolGlobalSlots:              8192,
		srvflags.EVMMempoolAccountQueue:             256,
		srvflags.EVMMempoolGlobalQueue:              2048,
		srvflags.JSONRPCEnable:                      true,
		srvflags.JSONRPCAPI:                         []string{"eth", "net", "web3", rpc.Namespace},
		srvflags.JSONRPCAddress:                     settings.Rpc,
		srvflags.JSONRPCEnableIndexer:               true,
		srvflags.JSONRPCGasCap:                      60_000_000,
		srvflags.JSONRPCBatchRequestLimit:           200,
		srvflags.JSONRPCAllowInsecureUnlock:         false,
		"json-rpc.evm-timeout":                      evmconfig.DefaultEVMTimeout,
	} {
		options.Set(key, value)
	}
	return options
}
