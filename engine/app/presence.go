package app

import (
	"bytes"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"

	sdk "github.com/cosmos/cosmos-sdk/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

// Validator is how present a validator is.
type Validator struct {
	Organisation string `json:"organisation"`
	// Key that it signs blocks with: an Ed25519 public key, 0x and 64 hex digits.
	Key string `json:"key"`
	// Power is its share of the votes; 0 if it has none now.
	Power int64 `json:"power"`
	// Missed is how many of the newest blocks of the window it did not sign.
	Missed int64 `json:"missed"`
	// Aside tells that it was set aside for its absence, until its organisation asks for its return.
	Aside bool `json:"aside"`
	// Out tells that it signed two blocks of one height, and is out for good.
	Out bool `json:"out"`
}

// Validators tells how present the validators with stake are, by the newest state.
func (app *App) Validators() ([]Validator, error) {
	ctx, err := app.CreateQueryContext(0, false)
	if err != nil {
		return nil, err
	}
	return app.validatorsAt(ctx)
}

func (app *App) validatorsAt(ctx sdk.Context) ([]Validator, error) {
	all, err := app.staking.GetAllValidators(ctx)
	if err != nil {
		return nil, err
	}
	found := make([]Validator, 0, len(all))
	for _, each := range all {
		validator, err := app.presenceOf(ctx, each)
		if err != nil {
			return nil, err
		}
		if validator != nil {
			found = append(found, *validator)
		}
	}
	return found, nil
}

// presenceOf tells how present a validator of the state is; nil if its organisation left, or took its stake away.
func (app *App) presenceOf(ctx sdk.Context, each stakingtypes.Validator) (*Validator, error) {
	// That of an organisation that left: its coins are on their way out.
	if each.GetTokens().IsZero() {
		return nil, nil
	}
	key, err := each.ConsPubKey()
	if err != nil {
		return nil, err
	}
	validator := Validator{
		Organisation: nameOf(common.HexToHash(each.Description.Moniker)),
		Key:          hexutil.Encode(key.Bytes()),
		Power:        each.ConsensusPower(sdk.DefaultPowerReduction),
		Aside:        each.Jailed,
	}
	// One that was never among those who sign has missed nothing.
	if info, err := app.slashing.GetValidatorSigningInfo(ctx, sdk.ConsAddress(key.Address())); err == nil {
		validator.Missed = info.MissedBlocksCounter
		validator.Out = info.Tombstoned
	}
	validator.Aside = validator.Aside && !validator.Out
	if validator.Power == 0 && !validator.Aside && !validator.Out {
		return nil, nil
	}
	return &validator, nil
}

// nameOf reads the name of an organisation as contracts have it; the module stake gave it to its validator, in hex.
func nameOf(organisation common.Hash) string {
	name := bytes.TrimRight(organisation.Bytes(), "\x00")
	for _, letter := range name {
		if letter <= ' ' || letter > '~' {
			return fmt.Sprintf("%#x", name)
		}
	}
	return string(name)
}
