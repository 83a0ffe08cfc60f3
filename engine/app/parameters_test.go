package app

import (
	"testing"

	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"

	"cosmossdk.io/core/comet"

	cryptotypes "github.com/cosmos/cosmos-sdk/crypto/types"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"medseal.example/engine/upgrade"
)

// stateParameters has organisations state parameters at block 50, and ends the block before it.
func stateParameters(app *App, ctx sdk.Context, parameters upgrade.Parameters, organisations ...string) {
	plan := planAt(50, 7)
	plan.Parameters = &parameters
	for _, organisation := range organisations {
		states(app, ctx, organisation, plan)
	}
	decide(app, ctx, 50)
}

func TestParametersChangeIfEnoughStatedThem(t *testing.T) {
	app := begun()
	wish := upgrade.Parameters{BlockGas: 40_000_000, AbsenceWindow: 2000}
	for _, each := range []struct {
		name   string
		wish   upgrade.Parameters
		stated []string
		gas    int64
		window int64
	}{
		{"two of four", wish, founders[:2], maxBlockGas, absenceWindow},
		{"three of four", wish, founders[:3], 40_000_000, 2000},
		{"the gas alone", upgrade.Parameters{BlockGas: 40_000_000}, founders, 40_000_000, absenceWindow},
		{"the window alone", upgrade.Parameters{AbsenceWindow: 50_000}, founders, maxBlockGas, 50_000},
	} {
		t.Run(each.name, func(t *testing.T) {
			ctx := state(app)
			stateParameters(app, ctx, each.wish, each.stated...)
			if gas := app.GetConsensusParams(ctx).Block.MaxGas; gas != each.gas {
				t.Errorf("a block has %d gas", gas)
			}
			window, mostMissed, err := app.absence(ctx)
			if err != nil || window != each.window || mostMissed != window-window/20 {
				t.Errorf("of %d blocks %d may be missed, %v", window, mostMissed, err)
			}
			rest := app.GetConsensusParams(ctx)
			was := app.GetConsensusParams(state(app))
			rest.Block, was.Block = &cmtproto.BlockParams{MaxBytes: rest.Block.MaxBytes}, &cmtproto.BlockParams{MaxBytes: was.Block.MaxBytes}
			if rest.String() != was.String() {
				t.Errorf("%v is not %v", rest, was)
			}
		})
	}
}

func TestParametersStayWithALaterUpgradeThatNamesNone(t *testing.T) {
	app := begun()
	ctx := state(app)
	stateParameters(app, ctx, upgrade.Parameters{BlockGas: 40_000_000}, founders...)
	for _, organisation := range founders {
		states(app, ctx, organisation, planAt(60, 8))
	}
	decide(app, ctx, 60)
	if gas := app.GetConsensusParams(ctx).Block.MaxGas; gas != 40_000_000 || app.upgrades.InForce(ctx).Height != 60 {
		t.Errorf("a block has %d gas", gas)
	}
}

// The bounds of parameters are those of readers and of transactions.
func TestBoundsOfParametersAreThoseOfBlocks(t *testing.T) {
	if upgrade.LeastBlockGas != 2*maxTransactionGas || upgrade.MostBlockGas != maxBlockGas {
		t.Error("a block could have too little or too much gas")
	}
}

// With less gas than two of the dearest transactions have, whichever account comes first takes the block.
// @actor an administrator | to fill blocks of the least gas, so that no other account has a transaction in them
func TestAFloodStarvesNobodyWithTheLeastGas(t *testing.T) {
	app := begun()
	for _, gas := range []int64{upgrade.MostBlockGas, upgrade.LeastBlockGas} {
		written(app, func(ctx sdk.Context) { must(app.setParameters(ctx, &upgrade.Parameters{BlockGas: gas})) })
		for _, dear := range []uint64{21_000, 3_000_000, maxTransactionGas} {
			// Each of the two comes first once.
			for _, flooding := range []byte{1, 2} {
				waiting := append(one(app, flooding, 9, maxTransactionGas), one(app, 3-flooding, 1, dear)...)
				if _, found := proposed(t, app, waiting...); found[accountOf(3-flooding)] != 1 {
					t.Errorf("%d gas: a flood kept out a transaction of %d", gas, dear)
				}
			}
		}
	}
	written(app, func(ctx sdk.Context) {
		must(app.setParameters(ctx, &upgrade.Parameters{BlockGas: upgrade.MostBlockGas}))
	})
}

// vote has blocks signed by a validator, or missed.
func vote(app *App, ctx sdk.Context, from, count int64, missed bool) {
	flag := comet.BlockIDFlagCommit
	if missed {
		flag = comet.BlockIDFlagAbsent
	}
	for height := from; height < from+count; height++ {
		must(app.slashing.HandleValidatorSignature(ctx.WithBlockHeight(height), cryptotypes.Address(addressOf(1)), 10, flag))
	}
}

// In a shorter window, what was missed in places beyond it would count for ever.
func TestAbsenceIsCountedAnewOverAnotherWindow(t *testing.T) {
	app := begun()
	for _, window := range []int64{1000, absenceWindow, 20_000} {
		ctx := state(app)
		address := addressOf(1)
		info, err := app.slashing.GetValidatorSigningInfo(ctx, address)
		must(err)
		info.Address, info.IndexOffset, info.StartHeight, info.MissedBlocksCounter = address.String(), 3000, 1, 0
		must(app.slashing.SetValidatorSigningInfo(ctx, address, info))
		vote(app, ctx, 3000, 980, true)
		stateParameters(app, ctx, upgrade.Parameters{AbsenceWindow: window}, founders...)
		info, err = app.slashing.GetValidatorSigningInfo(ctx, address)
		must(err)
		if stays := window == absenceWindow; (info.MissedBlocksCounter == 980) != stays || (info.MissedBlocksCounter == 0) == stays {
			t.Errorf("%d: missed %d", window, info.MissedBlocksCounter)
		}
		vote(app, ctx, 5000, 1500, false)
		info, err = app.slashing.GetValidatorSigningInfo(ctx, address)
		must(err)
		jailed, err := app.staking.IsValidatorJailed(ctx, address)
		must(err)
		if jailed || window != absenceWindow && info.MissedBlocksCounter != 0 {
			t.Errorf("%d: %+v, set aside %t", window, info, jailed)
		}
		if window == 1000 {
			vote(app, ctx, 6500, 960, true)
			if jailed, err := app.staking.IsValidatorJailed(ctx, address); err != nil || !jailed {
				t.Errorf("it missed more than it may, and is not set aside: %v", err)
			}
		}
	}
}
