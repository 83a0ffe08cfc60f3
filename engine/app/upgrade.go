package app

import (
	"errors"
	"slices"

	"github.com/ethereum/go-ethereum/common"

	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	sdk "github.com/cosmos/cosmos-sdk/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	evmtypes "github.com/cosmos/evm/x/vm/types"

	"medseal.example/engine/founding"
	"medseal.example/engine/program"
	"medseal.example/engine/upgrade"
)

// errOther says that a block is another program's to carry out.
var errOther = errors.New("the next block is for another program, which most organisations agreed on")

// Runs says which program this is, and has other called as soon as the next block is for others alone: it is to end the
// process. Until this was said no program is refused.
func (app *App) Runs(own program.Program, other func(upgrade.Plan)) {
	app.own, app.other = own, other
}

// Other is the plan in force if it does not name this program, by the newest state; nil if this program is to go on.
func (app *App) Other() (*upgrade.Plan, error) {
	ctx, err := app.newest()
	if errors.Is(err, early{}) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return app.otherIn(ctx), nil
}

func (app *App) otherIn(ctx sdk.Context) *upgrade.Plan {
	plan := app.upgrades.InForce(ctx)
	if plan == nil || app.other == nil || plan.Names(app.own) {
		return nil
	}
	return plan
}

// yield ends a program that must not go on by a state.
func (app *App) yield(ctx sdk.Context) error {
	plan := app.otherIn(ctx)
	if plan == nil {
		return nil
	}
	app.other(*plan)
	return errOther
}

// Upgrades is what is known of upgrades, as a node tells whoever started it.
type Upgrades struct {
	// InForce is the last one that took effect.
	InForce *upgrade.Plan `json:"inForce,omitempty"`
	// Lapsed is the last one that did not.
	Lapsed *upgrade.Lapsed `json:"lapsed,omitempty"`
	// Statements on blocks to come.
	Statements []Stated `json:"statements"`
	// Codes that create contracts now: those of the first state, and of upgrades since.
	Codes founding.Codes `json:"codes"`
}

// Stated is what a validator stated last.
type Stated struct {
	// Organisation whose validator it is.
	Organisation string `json:"organisation"`
	// Key that it signs blocks with.
	Key string `json:"key"`
	// Plan that it stated.
	Plan upgrade.Plan `json:"plan"`
}

// Upgrades tells what is known of upgrades, by the newest state.
func (app *App) Upgrades() (Upgrades, error) {
	ctx, err := app.CreateQueryContext(0, false)
	if err != nil {
		return Upgrades{}, err
	}
	statements, err := app.statements(ctx)
	if err != nil {
		return Upgrades{}, err
	}
	return Upgrades{
		InForce: app.upgrades.InForce(ctx), Lapsed: app.upgrades.LastLapsed(ctx), Statements: statements,
		Codes: slices.Concat(founding.Codes{}, app.stake.Terms(ctx).Codes, app.upgrades.Codes(ctx)),
	}, nil
}

// statements are those on upgrades that are not decided yet, of the validators whose statements count.
func (app *App) statements(ctx sdk.Context) ([]Stated, error) {
	voters, err := app.voters(ctx)
	if err != nil {
		return nil, err
	}
	found := []Stated{}
	for _, each := range app.upgrades.Statements(ctx, ctx.BlockHeight()+2) {
		for _, voter := range voters {
			if voter.Key == each.Key {
				found = append(found, Stated{Organisation: voter.Organisation, Key: each.Key.Hex(), Plan: each.Plan})
			}
		}
	}
	return found, nil
}

// voters are the validators that are not out for good, with their shares of the votes.
func (app *App) voters(ctx sdk.Context) ([]upgrade.Voter, error) {
	return app.votersWith(ctx, func(validator Validator) (int64, error) { return validator.Power, nil })
}

// signers are the voters with their shares of the votes on the next block, before this one ends: consensus was told of them when the
// block before ended, and hears only after the next one of what changes now. Who is out for good since then still votes on it.
func (app *App) signers(ctx sdk.Context) ([]upgrade.Voter, error) {
	return app.votersWith(ctx, func(validator Validator) (int64, error) {
		return app.staking.GetLastValidatorPower(ctx, operatorOf(common.HexToHash(validator.Key)))
	})
}

// operatorOf is the account by which the state knows the validator of a key.
func operatorOf(key common.Hash) sdk.ValAddress {
	return sdk.ValAddress((&ed25519.PubKey{Key: key[:]}).Address())
}

func (app *App) votersWith(ctx sdk.Context, power func(Validator) (int64, error)) ([]upgrade.Voter, error) {
	validators, err := app.validatorsAt(ctx)
	if err != nil {
		return nil, err
	}
	voters := make([]upgrade.Voter, 0, len(validators))
	for _, each := range validators {
		votes, err := power(each)
		if err != nil {
			return nil, err
		}
		if votes > 0 || !each.Out {
			voters = append(voters, upgrade.Voter{Organisation: each.Organisation, Key: common.HexToHash(each.Key), Power: votes})
		}
	}
	return voters, nil
}

// end ends a block: changes of stake are carried out, and an upgrade at the next block is decided. Both those who vote on the next
// block and those who vote on the one after it have to be enough.
func (app *App) end(ctx sdk.Context) (sdk.EndBlock, error) {
	if !app.upgrades.Due(ctx) {
		return app.modules.EndBlock(ctx)
	}
	signers, err := app.signers(ctx)
	if err != nil {
		return sdk.EndBlock{}, err
	}
	ended, err := app.modules.EndBlock(ctx)
	if err != nil {
		return ended, err
	}
	voters, err := app.voters(ctx)
	if err != nil {
		return ended, err
	}
	plan, err := app.upgrades.Decide(ctx, signers, voters)
	if err != nil || plan == nil {
		return ended, err
	}
	return ended, app.setParameters(ctx, plan.Parameters)
}

// mostAhead is how many blocks a statement's block may be ahead of the ledger: a thief's far one would lock its key out for good.
const mostAhead = 1000

// stated says why a statement is not taken; it is empty if it is, or if the transaction is no statement. A validator states by its
// signature, whoever sends it. What can change until the block is not looked at, or a statement that another account brought first would
// hold up everything that its sender sends after it.
func (app *App) stated(to *common.Address, data []byte) string {
	if to == nil || *to != upgrade.Address {
		return ""
	}
	statement, err := upgrade.ReadStatement(data)
	if err != nil {
		return "the statement is malformed: " + err.Error()
	}
	if !statement.IsSigned(app.ChainID()) {
		return "the statement is not signed by its validator for this chain"
	}
	return ""
}

// counts tells whether a statement is noted: of a validator's key, newer than its last one, before the block of its upgrade, and not of
// a block to come. Another one is taken without effect, as any transaction that changes nothing.
func (app *App) counts(ctx sdk.Context, statement *upgrade.Statement) (bool, error) {
	height := ctx.BlockHeight()
	if statement.Plan.Height <= height || statement.Block > height+mostAhead {
		return false, nil
	}
	if last := app.upgrades.Last(ctx, statement.Key); last != nil && last.Block >= statement.Block {
		return false, nil
	}
	found, err := app.staking.GetValidator(ctx, operatorOf(statement.Key))
	if errors.Is(err, stakingtypes.ErrNoValidatorFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	validator, err := app.presenceOf(ctx, found)
	return validator != nil && !(validator.Out && validator.Power == 0), err
}

// hearStatements notes what validators state, once the gate took it and if it counts.
type hearStatements struct{ app *App }

func (d hearStatements) AnteHandle(ctx sdk.Context, tx sdk.Tx, simulate bool, next sdk.AnteHandler) (sdk.Context, error) {
	if ctx.ExecMode() == sdk.ExecModeFinalize {
		for _, message := range tx.GetMsgs() {
			call, ok := message.(*evmtypes.MsgEthereumTx)
			if !ok {
				continue
			}
			inner := call.AsTransaction()
			if inner.To() == nil || *inner.To() != upgrade.Address {
				continue
			}
			statement, err := upgrade.ReadStatement(inner.Data())
			if err != nil {
				return ctx, err
			}
			counts, err := d.app.counts(ctx, statement)
			if err != nil {
				return ctx, err
			}
			if counts {
				d.app.upgrades.State(ctx, statement)
			}
		}
	}
	return next(ctx, tx, simulate)
}
