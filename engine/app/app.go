// Package app is the state machine that the validators agree on: the EVM of cosmos/evm, and staking, slashing and evidence
// of the Cosmos SDK. It has no bridges, no governance, no minting for profit, no fees, and one kind of transaction.
package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"sync/atomic"

	"github.com/ethereum/go-ethereum/common"
	ethtypes "github.com/ethereum/go-ethereum/core/types"
	corevm "github.com/ethereum/go-ethereum/core/vm"
	"github.com/spf13/cast"

	_ "github.com/ethereum/go-ethereum/eth/tracers/native"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"

	"cosmossdk.io/log/v2"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/baseapp/txnrunner"
	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"
	"github.com/cosmos/cosmos-sdk/client/grpc/cmtservice"
	"github.com/cosmos/cosmos-sdk/client/grpc/node"
	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/runtime"
	"github.com/cosmos/cosmos-sdk/server/config"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkmempool "github.com/cosmos/cosmos-sdk/types/mempool"
	"github.com/cosmos/cosmos-sdk/types/module"
	"github.com/cosmos/cosmos-sdk/version"
	"github.com/cosmos/cosmos-sdk/x/auth"
	authkeeper "github.com/cosmos/cosmos-sdk/x/auth/keeper"
	authtx "github.com/cosmos/cosmos-sdk/x/auth/tx"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	"github.com/cosmos/cosmos-sdk/x/bank"
	bankkeeper "github.com/cosmos/cosmos-sdk/x/bank/keeper"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/cosmos/cosmos-sdk/x/consensus"
	consensuskeeper "github.com/cosmos/cosmos-sdk/x/consensus/keeper"
	consensustypes "github.com/cosmos/cosmos-sdk/x/consensus/types"
	"github.com/cosmos/cosmos-sdk/x/evidence"
	evidencekeeper "github.com/cosmos/cosmos-sdk/x/evidence/keeper"
	evidencetypes "github.com/cosmos/cosmos-sdk/x/evidence/types"
	"github.com/cosmos/cosmos-sdk/x/slashing"
	slashingkeeper "github.com/cosmos/cosmos-sdk/x/slashing/keeper"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	"github.com/cosmos/cosmos-sdk/x/staking"
	stakingkeeper "github.com/cosmos/cosmos-sdk/x/staking/keeper"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	evmencoding "github.com/cosmos/evm/encoding"
	evmaddress "github.com/cosmos/evm/encoding/address"
	evmmempool "github.com/cosmos/evm/mempool"
	evmserver "github.com/cosmos/evm/server"
	srvflags "github.com/cosmos/evm/server/flags"
	evmutils "github.com/cosmos/evm/utils"
	"github.com/cosmos/evm/x/feemarket"
	feemarketkeeper "github.com/cosmos/evm/x/feemarket/keeper"
	feemarkettypes "github.com/cosmos/evm/x/feemarket/types"
	"github.com/cosmos/evm/x/vm"
	evmkeeper "github.com/cosmos/evm/x/vm/keeper"
	vmrunner "github.com/cosmos/evm/x/vm/runner"
	evmtypes "github.com/cosmos/evm/x/vm/types"

	"medseal.example/engine/founding"
	"medseal.example/engine/program"
	"medseal.example/engine/stake"
	"medseal.example/engine/upgrade"
)

const (
	// Name of the program.
	Name = "medseal-engine"
	// Gas is the coin that gas would be paid in. There is none of it, so no transaction moves coins.
	Gas = "agas"
)

func init() {
	sdk.DefaultPowerReduction = evmutils.AttoPowerReduction
}

var moduleAccounts = map[string][]string{
	authtypes.FeeCollectorName:     nil,
	stakingtypes.BondedPoolName:    {authtypes.Burner, authtypes.Staking},
	stakingtypes.NotBondedPoolName: {authtypes.Burner, authtypes.Staking},
	evmtypes.ModuleName:            {authtypes.Minter, authtypes.Burner},
	feemarkettypes.ModuleName:      nil,
	stake.Name:                     {authtypes.Minter},
}

// App is the state machine that the validators agree on.
type App struct {
	*baseapp.BaseApp
	amino      *codec.LegacyAmino
	codec      codec.Codec
	interfaces codectypes.InterfaceRegistry
	txConfig   client.TxConfig
	keys       map[string]*storetypes.KVStoreKey

	accounts  authkeeper.AccountKeeper
	bank      bankkeeper.Keeper
	staking   *stakingkeeper.Keeper
	slashing  slashingkeeper.Keeper
	evidence  evidencekeeper.Keeper
	consensus consensuskeeper.Keeper
	feeMarket feemarketkeeper.Keeper
	evm       *evmkeeper.Keeper
	stake     *stake.Keeper
	upgrades  *upgrade.Keeper
	mempool   sdkmempool.ExtMempool
	pool      *Pool

	modules   *module.Manager
	basics    module.BasicManager
	listeners []func(common.Hash)
	rested    atomic.Int64 // the height before which this validator waited long
	own       program.Program
	other     func(upgrade.Plan) // ends a program that the next block is not for
}

// nobody may change a parameter: an account that no key belongs to.
var nobody = authtypes.NewModuleAddress("nobody")

// New assembles the state machine.
//
// The EVM's chain id comes from the terms, since all validators must have the same.
func New(
	logger log.Logger,
	db dbm.DB,
	opts servertypes.AppOptions,
	baseOptions ...func(*baseapp.BaseApp),
) *App {
	evmChainID := cast.ToUint64(opts.Get(srvflags.EVMChainID))
	encoding := evmencoding.MakeConfig(evmChainID)
	txConfig := encoding.TxConfig
	cdc := encoding.Codec

	baseOptions = append(baseOptions, baseapp.SetOptimisticExecution())
	base := baseapp.NewBaseApp(Name, logger, db, txConfig.TxDecoder(), baseOptions...)
	base.SetVersion(version.Version)
	base.SetInterfaceRegistry(encoding.InterfaceRegistry)
	base.SetTxEncoder(txConfig.TxEncoder())
	base.SetDisableBlockGasMeter(true)

	keys := storetypes.NewKVStoreKeys(
		authtypes.StoreKey, banktypes.StoreKey, stakingtypes.StoreKey, slashingtypes.StoreKey,
		consensustypes.StoreKey, evidencetypes.StoreKey, evmtypes.StoreKey, feemarkettypes.StoreKey, stake.Name,
	)
	objects := storetypes.NewObjectStoreKeys(banktypes.ObjectStoreKey, evmtypes.ObjectKey)
	var stores []storetypes.StoreKey
	for _, key := range keys {
		stores = append(stores, key)
	}
	for _, key := range objects {
		stores = append(stores, key)
	}

	app := &App{
		BaseApp: base, amino: encoding.Amino, codec: cdc,
		interfaces: encoding.InterfaceRegistry, txConfig: txConfig, keys: keys,
	}
	prefix := sdk.GetConfig().GetBech32AccountAddrPrefix()

	app.consensus = consensuskeeper.NewKeeper(cdc, runtime.NewKVStoreService(keys[consensustypes.StoreKey]),
		nobody.String(), runtime.EventService{})
	base.SetParamStore(app.consensus.ParamsStore)

	app.accounts = authkeeper.NewAccountKeeper(cdc, runtime.NewKVStoreService(keys[authtypes.StoreKey]),
		authtypes.ProtoBaseAccount, maps.Clone(moduleAccounts), evmaddress.NewEvmCodec(prefix), prefix, nobody.String())
	app.bank = bankkeeper.NewBaseKeeper(cdc, runtime.NewKVStoreService(keys[banktypes.StoreKey]),
		app.accounts, blocked(), nobody.String(), logger).WithObjStoreKey(objects[banktypes.ObjectStoreKey])
	app.staking = stakingkeeper.NewKeeper(cdc, runtime.NewKVStoreService(keys[stakingtypes.StoreKey]),
		app.accounts, app.bank, nobody.String(),
		evmaddress.NewEvmCodec(sdk.GetConfig().GetBech32ValidatorAddrPrefix()),
		evmaddress.NewEvmCodec(sdk.GetConfig().GetBech32ConsensusAddrPrefix()))
	app.slashing = slashingkeeper.NewKeeper(cdc, app.amino, runtime.NewKVStoreService(keys[slashingtypes.StoreKey]),
		app.staking, nobody.String())
	app.staking.SetHooks(stakingtypes.NewMultiStakingHooks(app.slashing.Hooks()))
	app.evidence = *evidencekeeper.NewKeeper(cdc, runtime.NewKVStoreService(keys[evidencetypes.StoreKey]),
		app.staking, app.slashing, app.accounts.AddressCodec(), runtime.ProvideCometInfoService())
	app.feeMarket = feemarketkeeper.NewKeeper(cdc, nobody, keys[feemarkettypes.StoreKey])
	app.evm = evmkeeper.NewKeeper(cdc, keys[evmtypes.StoreKey], objects[evmtypes.ObjectKey], stores, nobody,
		app.accounts, app.bank, app.staking, app.feeMarket, &app.consensus, nil, evmChainID,
		cast.ToString(opts.Get(srvflags.EVMTracer)),
	).WithStaticPrecompiles(maps.Clone(corevm.PrecompiledContractsPrague))
	app.evm.EnableVirtualFeeCollection()
	app.stake = stake.NewKeeper(keys[stake.Name], app.bank, app.staking, app.slashing, app.storage)
	app.upgrades = upgrade.NewKeeper(keys[stake.Name])
	vmModule := vm.NewAppModule(app.evm, app.accounts, app.bank, app.accounts.AddressCodec())

	app.modules = module.NewManager(
		auth.NewAppModule(cdc, app.accounts, nil, nil),
		bank.NewAppModule(cdc, app.bank, app.accounts, nil),
		staking.NewAppModule(cdc, app.staking, app.accounts, app.bank, nil),
		slashing.NewAppModule(cdc, app.slashing, app.accounts, app.bank, app.staking, nil, app.interfaces),
		evidence.NewAppModule(app.evidence),
		consensus.NewAppModule(cdc, app.consensus),
		vmModule,
		feemarket.NewAppModule(app.feeMarket),
		stake.NewModule(app.stake),
	)
	app.basics = module.NewBasicManagerFromManager(app.modules, nil)
	app.basics.RegisterLegacyAminoCodec(app.amino)
	app.basics.RegisterInterfaces(app.interfaces)

	app.modules.SetOrderPreBlockers(authtypes.ModuleName, evmtypes.ModuleName)
	app.modules.SetOrderBeginBlockers(feemarkettypes.ModuleName, evmtypes.ModuleName, slashingtypes.ModuleName,
		evidencetypes.ModuleName, stakingtypes.ModuleName)
	app.modules.SetOrderEndBlockers(banktypes.ModuleName, stake.Name, stakingtypes.ModuleName, evmtypes.ModuleName,
		feemarkettypes.ModuleName)
	order := []string{authtypes.ModuleName, banktypes.ModuleName, stakingtypes.ModuleName, slashingtypes.ModuleName,
		evmtypes.ModuleName, feemarkettypes.ModuleName, evidencetypes.ModuleName, consensustypes.ModuleName,
		stake.Name}
	app.modules.SetOrderInitGenesis(order...)
	app.modules.SetOrderExportGenesis(order...)
	must(app.modules.RegisterServices(module.NewConfigurator(cdc, app.MsgServiceRouter(), app.GRPCQueryRouter())))

	app.MountKVStores(keys)
	app.MountObjectStores(objects)
	app.SetInitChainer(func(ctx sdk.Context, req *abci.RequestInitChain) (*abci.ResponseInitChain, error) {
		var genesis map[string]json.RawMessage
		name, err := founding.Name(req.Time, req.ConsensusParams, req.AppStateBytes)
		if err != nil {
			return nil, err
		}
		if name != req.ChainId {
			return nil, fmt.Errorf("the first state is that of the chain %s, not of %s", name, req.ChainId)
		}
		if err := json.Unmarshal(req.AppStateBytes, &genesis); err != nil {
			return nil, err
		}
		return app.modules.InitGenesis(ctx, cdc, genesis)
	})
	app.SetPreBlocker(func(ctx sdk.Context, _ *abci.RequestFinalizeBlock) (*sdk.ResponsePreBlock, error) {
		if err := app.yield(ctx); err != nil {
			return nil, err
		}
		if app.pool != nil {
			app.pool.run()
		}
		return app.modules.PreBlock(ctx)
	})
	app.SetBeginBlocker(app.modules.BeginBlock)
	app.SetEndBlocker(app.end)
	app.SetAnteHandler(app.gate(cast.ToUint64(opts.Get(srvflags.EVMMaxTxGasWanted))))
	app.SetPrepareProposal(app.propose)
	app.SetProcessProposal(app.judgeProposal)
	app.setMempool(opts, logger)

	must(app.LoadLatestVersion())
	vmModule.HydrateGlobals(app.NewContextLegacy(true, cmtproto.Header{
		Height: app.LastBlockHeight(), ChainID: app.ChainID(),
	}))
	vmrunner.SetRunner(base, txnrunner.NewDefaultRunner(txConfig.TxDecoder()))
	// The EVM has its settings from the second block on.
	if app.pool != nil && app.LastBlockHeight() > 1 {
		app.pool.follow()
	}
	return app
}

func (app *App) setMempool(opts servertypes.AppOptions, logger log.Logger) {
	// While a genesis file is made no chain has settings yet.
	if evmtypes.GetChainConfig() == nil {
		return
	}
	limits := evmserver.ResolveMempoolConfig(app.AnteHandler(), opts, logger)
	limits.BlockGasLimit = maxBlockGas
	encoder := evmmempool.NewTxEncoder(app.txConfig)
	newest := func(int64, bool) (sdk.Context, error) { return app.newest() }
	pool := evmmempool.NewMempool(newest, logger, seen{app.evm}, app.feeMarket, app.txConfig,
		evmmempool.NewTxRechecker(limits.AnteHandler, encoder), evmmempool.NewTxRechecker(limits.AnteHandler, encoder),
		limits, evmserver.GetCosmosPoolMaxTx(opts, logger))
	bounded := &Pool{
		Mempool: pool, waiting: newWaiting(pool.GetTxPool().Has), admits: app.admits,
		signer: ethtypes.LatestSigner(evmtypes.GetEthChainConfig()),
	}
	app.mempool, app.pool = bounded, bounded
	app.SetInsertTxHandler(bounded.hear(app.TxDecode))
	app.SetReapTxsHandler(pool.NewReapTxsHandler())
	app.SetCheckTxHandler(bounded.check(app.TxDecode, evmserver.GetMempoolCheckTxTimeout(opts, logger)))
	app.SetMempool(bounded)
	// CometBFT's events end for good for whoever is two blocks late once, as easily happens while missed blocks are run.
	// What waits would be judged by an old state from then on: neither sent to other validators nor proposed.
	app.SetPrepareCheckStater(func(ctx sdk.Context) {
		// Before the next block is voted on. Whoever is asked to end does so here.
		_ = app.yield(ctx)
		bounded.follow()
	})
}

// newest is the newest state. The SDK gives none between a start and the first block after it, since it has no header then;
// the time and the hash, which are all that is asked of it here, are kept with the state.
func (app *App) newest() (sdk.Context, error) {
	ctx, err := app.CreateQueryContext(0, false)
	if err == nil {
		return ctx, nil
	}
	height := app.LastBlockHeight()
	if height == 0 {
		return sdk.Context{}, early{}
	}
	if ctx, err = app.CreateQueryContext(height, false); err != nil {
		return sdk.Context{}, err
	}
	header := ctx.BlockHeader()
	header.AppHash = app.LastCommitID().Hash
	return ctx.WithBlockHeader(header), nil
}

func blocked() map[string]bool {
	found := make(map[string]bool)
	for name := range moduleAccounts {
		found[authtypes.NewModuleAddress(name).String()] = true
	}
	for _, address := range corevm.PrecompiledAddressesPrague {
		found[evmutils.Bech32StringFromHexAddress(address.Hex())] = true
	}
	return found
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// Client is how the JSON-RPC server speaks with this state machine, once it has a consensus to ask.
func (app *App) Client() client.Context {
	return client.Context{}.WithCodec(app.codec).WithInterfaceRegistry(app.interfaces).
		WithTxConfig(app.txConfig).WithLegacyAmino(app.amino).
		WithAccountRetriever(authtypes.AccountRetriever{}).WithBroadcastMode(flags.BroadcastSync)
}

// RegisterPendingTxListener has a listener hear of transactions that wait.
func (app *App) RegisterPendingTxListener(listener func(common.Hash)) {
	app.listeners = append(app.listeners, listener)
}

// GetMempool is where transactions wait, as cosmos/evm asks for it.
func (app *App) GetMempool() sdkmempool.ExtMempool { return app.mempool }

// Pool is where transactions wait; nil while a genesis file is made.
func (app *App) Pool() *Pool { return app.pool }

// RegisterTxService has the SDK's service of transactions answer.
func (app *App) RegisterTxService(ctx client.Context) {
	authtx.RegisterTxService(app.GRPCQueryRouter(), ctx, app.Simulate, app.interfaces)
}

// RegisterTendermintService has the SDK's service of blocks answer.
func (app *App) RegisterTendermintService(ctx client.Context) {
	cmtservice.RegisterTendermintService(ctx, app.GRPCQueryRouter(), app.interfaces, app.Query)
}

// RegisterNodeService has the SDK's service of the node answer.
func (app *App) RegisterNodeService(ctx client.Context, cfg config.Config) {
	node.RegisterNodeService(ctx, app.GRPCQueryRouter(), cfg, func() int64 {
		return app.CommitMultiStore().EarliestVersion()
	})
}

// Close ends the mempool and the state machine.
func (app *App) Close() error {
	var err error
	if app.pool != nil {
		err = app.pool.Close()
	}
	return errors.Join(err, app.BaseApp.Close())
}
