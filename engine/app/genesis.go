package app

import (
	"encoding/json"
	"time"

	cmttypes "github.com/cometbft/cometbft/types"
	dbm "github.com/cosmos/cosmos-db"

	"cosmossdk.io/log/v2"
	"cosmossdk.io/math"

	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
	feemarkettypes "github.com/cosmos/evm/x/feemarket/types"
	evmtypes "github.com/cosmos/evm/x/vm/types"

	"medseal.example/engine/founding"
	"medseal.example/engine/stake"
)

const (
	maxBlockBytes = 4 << 20
	maxBlockGas   = 60_000_000
	// Blocks over which absence is counted, and the share of them that must be signed.
	absenceWindow = 10_000
)

// history is EIP-2935's contract, which BLOCKHASH reads.
var history = evmtypes.Preinstall{
	Name:    "EIP-2935",
	Address: "0x0000F90827F1C53a10cb7A02335B175320002935",
	Code:    "0x3373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f35600143038111604257611fff81430311604257611fff9006545f5260205ff35b5f5ffd5b5f35611fff60014303065500",
}

// Genesis makes the genesis file of a network: the same for everybody who has the same terms.
func Genesis(terms *founding.Terms) (*cmttypes.GenesisDoc, error) {
	if err := terms.Check(); err != nil {
		return nil, err
	}
	app := New(log.NewNopLogger(), dbm.NewMemDB(), simtestutil.EmptyAppOptions{})
	defer app.Close()
	state := app.basics.DefaultGenesis(app.codec)

	staking := stakingtypes.DefaultGenesisState()
	staking.Params.BondDenom = stake.Coin
	staking.Params.MaxValidators = founding.MaxValidators
	staking.Params.MaxEntries = 1000
	staking.Params.UnbondingTime = founding.UnbondingTime
	state[stakingtypes.ModuleName] = app.codec.MustMarshalJSON(staking)

	bank := banktypes.DefaultGenesisState()
	bank.DenomMetadata = []banktypes.Metadata{coin(Gas, "gas"), coin(stake.Coin, "power")}
	state[banktypes.ModuleName] = app.codec.MustMarshalJSON(bank)

	evm := evmtypes.DefaultGenesisState()
	evm.Params.EvmDenom = Gas
	evm.Params.ExtendedDenomOptions = nil
	evm.Params.ActiveStaticPrecompiles = nil
	evm.Preinstalls = []evmtypes.Preinstall{history}
	state[evmtypes.ModuleName] = app.codec.MustMarshalJSON(evm)

	fees := feemarkettypes.DefaultGenesisState()
	fees.Params.NoBaseFee = true
	fees.Params.BaseFee = math.LegacyZeroDec()
	fees.Params.MinGasPrice = math.LegacyZeroDec()
	// Otherwise a transaction uses at least half of its gas limit.
	fees.Params.MinGasMultiplier = math.LegacyZeroDec()
	state[feemarkettypes.ModuleName] = app.codec.MustMarshalJSON(fees)

	slashing := slashingtypes.DefaultGenesisState()
	slashing.Params.SignedBlocksWindow = absenceWindow
	slashing.Params.MinSignedPerWindow = math.LegacyNewDecWithPrec(5, 2)
	slashing.Params.DowntimeJailDuration = time.Minute
	slashing.Params.SlashFractionDowntime = math.LegacyZeroDec()
	state[slashingtypes.ModuleName] = app.codec.MustMarshalJSON(slashing)

	text, err := json.Marshal(terms)
	if err != nil {
		return nil, err
	}
	state[stake.Name] = text
	return founding.Document(terms, state, maxBlockBytes, maxBlockGas)
}

// TermsOf reads the terms in a genesis file.
func TermsOf(document *cmttypes.GenesisDoc) (*founding.Terms, error) {
	var state map[string]json.RawMessage
	if err := json.Unmarshal(document.AppState, &state); err != nil {
		return nil, err
	}
	return founding.ParseTerms(state[stake.Name])
}

func coin(base, display string) banktypes.Metadata {
	return banktypes.Metadata{
		Base: base, Display: display, Name: display, Symbol: display,
		DenomUnits: []*banktypes.DenomUnit{{Denom: base}, {Denom: display, Exponent: 18}},
	}
}
