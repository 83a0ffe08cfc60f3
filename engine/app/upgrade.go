package app

import (
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/common"

	sdk "github.com/cosmos/cosmos-sdk/types"

	evmtypes "github.com/cosmos/evm/x/vm/types"

	"medseal.example/engine/program"
	"medseal.example/engine/rules"
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
	Statements []upgrade.Statement `json:"statements"`
}

// Upgrades tells what is known of upgrades, by the newest state.
func (app *App) Upgrades() (Upgrades, error) {
	ctx, err := app.CreateQueryContext(0, false)
	if err != nil {
		return Upgrades{}, err
	}
	return Upgrades{
		InForce: app.upgrades.InForce(ctx), Lapsed: app.upgrades.LastLapsed(ctx), Statements: app.upgrades.Statements(ctx),
	}, nil
}

// voters are the organisations that have a validator, all that are not out for good.
func (app *App) voters(ctx sdk.Context) ([]upgrade.Voter, error) {
	validators, err := app.validatorsAt(ctx)
	if err != nil {
		return nil, err
	}
	voters := make([]upgrade.Voter, 0, len(validators))
	for _, each := range validators {
		if !each.Out {
			voters = append(voters, upgrade.Voter{Organisation: each.Organisation, Power: each.Power})
		}
	}
	return voters, nil
}

// stated says why a statement is not taken; it is empty if it is, or if the transaction is no statement. Only an
// organisation that has a validator states.
func (app *App) stated(ctx sdk.Context, account common.Address, to *common.Address, data []byte) string {
	if to == nil || *to != upgrade.Address {
		return ""
	}
	plan, err := upgrade.Parse(data)
	if err != nil {
		return "the statement is malformed: " + err.Error()
	}
	if plan.Height <= ctx.BlockHeight() {
		return fmt.Sprintf("the statement is late: the ledger is at block %d", ctx.BlockHeight())
	}
	organisation := rules.OrganisationOf(app.storage(ctx), app.stake.Terms(ctx).Registry, account)
	voters, err := app.voters(ctx)
	if err != nil {
		return err.Error()
	}
	for _, voter := range voters {
		if organisation != (common.Hash{}) && voter.Organisation == nameOf(organisation) {
			return ""
		}
	}
	return "the sender's organisation has no validator"
}

// hearStatements notes what organisations state, once the gate took it.
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
			plan, err := upgrade.Parse(inner.Data())
			if err != nil {
				return ctx, err
			}
			sender := common.BytesToAddress(call.GetFrom())
			d.app.upgrades.State(ctx,
				rules.OrganisationOf(d.app.storage(ctx), d.app.stake.Terms(ctx).Registry, sender), plan)
		}
	}
	return next(ctx, tx, simulate)
}
