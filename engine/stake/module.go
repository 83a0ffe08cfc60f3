package stake

import (
	"context"
	"encoding/json"

	"github.com/grpc-ecosystem/grpc-gateway/runtime"

	abci "github.com/cometbft/cometbft/abci/types"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/module"

	"medseal.example/engine/founding"
)

// Module is this package as the state machine takes it.
type Module struct{ keeper *Keeper }

var (
	_ module.AppModule      = Module{}
	_ module.HasABCIGenesis = Module{}
)

// NewModule makes the module.
func NewModule(keeper *Keeper) Module { return Module{keeper} }

// Name of the module.
func (Module) Name() string { return Name }

// IsOnePerModuleType marks a module of the SDK.
func (Module) IsOnePerModuleType() {}

// IsAppModule marks a module of the SDK.
func (Module) IsAppModule() {}

// RegisterLegacyAminoCodec has nothing to register.
func (Module) RegisterLegacyAminoCodec(*codec.LegacyAmino) {}

// RegisterInterfaces has nothing to register.
func (Module) RegisterInterfaces(codectypes.InterfaceRegistry) {}

// RegisterGRPCGatewayRoutes has nothing to register.
func (Module) RegisterGRPCGatewayRoutes(client.Context, *runtime.ServeMux) {}

// DefaultGenesis has no terms: there is no network by default.
func (Module) DefaultGenesis(codec.JSONCodec) json.RawMessage { return json.RawMessage("{}") }

// ValidateGenesis checks the terms.
func (Module) ValidateGenesis(_ codec.JSONCodec, _ client.TxEncodingConfig, text json.RawMessage) error {
	_, err := founding.ParseTerms(text)
	return err
}

// InitGenesis keeps the terms and makes the validators that they name.
func (m Module) InitGenesis(ctx sdk.Context, _ codec.JSONCodec, text json.RawMessage) []abci.ValidatorUpdate {
	terms, err := founding.ParseTerms(text)
	if err != nil {
		panic(err)
	}
	if err := m.keeper.begin(ctx, terms); err != nil {
		panic(err)
	}
	updates, err := m.keeper.staking.ApplyAndReturnValidatorSetUpdates(ctx)
	if err != nil {
		panic(err)
	}
	return updates
}

// ExportGenesis gives the terms.
func (m Module) ExportGenesis(ctx sdk.Context, _ codec.JSONCodec) json.RawMessage {
	text, err := json.Marshal(m.keeper.Terms(ctx))
	if err != nil {
		panic(err)
	}
	return text
}

// EndBlock carries out changes of stake; it runs before staking's, which tells the consensus.
func (m Module) EndBlock(ctx context.Context) error {
	m.keeper.ApplyChanges(sdk.UnwrapSDKContext(ctx))
	return nil
}
