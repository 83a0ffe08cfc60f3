package app

import (
	sdk "github.com/cosmos/cosmos-sdk/types"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"

	"medseal.example/engine/upgrade"
)

// setParameters changes parameters of the chain from the next block on.
func (app *App) setParameters(ctx sdk.Context, parameters *upgrade.Parameters) error {
	if parameters == nil {
		return nil
	}
	if parameters.BlockGas != 0 {
		consensus, err := app.consensus.ParamsStore.Get(ctx)
		if err != nil {
			return err
		}
		consensus.Block.MaxGas = parameters.BlockGas
		if err := app.consensus.ParamsStore.Set(ctx, consensus); err != nil {
			return err
		}
	}
	if parameters.AbsenceWindow == 0 {
		return nil
	}
	slashing, err := app.slashing.GetParams(ctx)
	if err != nil || slashing.SignedBlocksWindow == parameters.AbsenceWindow {
		return err
	}
	slashing.SignedBlocksWindow = parameters.AbsenceWindow
	if err := app.slashing.SetParams(ctx, slashing); err != nil {
		return err
	}
	return app.countAbsenceAnew(ctx)
}

// countAbsenceAnew forgets which blocks were missed. Places in one window are not those in another: what was missed would count for ever
// in a shorter one, and have validators set aside that sign each block.
func (app *App) countAbsenceAnew(ctx sdk.Context) error {
	type counted struct {
		address sdk.ConsAddress
		info    slashingtypes.ValidatorSigningInfo
	}
	var all []counted
	err := app.slashing.IterateValidatorSigningInfos(ctx, func(address sdk.ConsAddress, info slashingtypes.ValidatorSigningInfo) bool {
		all = append(all, counted{address, info})
		return false
	})
	if err != nil {
		return err
	}
	for _, each := range all {
		if err := app.slashing.DeleteMissedBlockBitmap(ctx, each.address); err != nil {
			return err
		}
		each.info.StartHeight, each.info.IndexOffset, each.info.MissedBlocksCounter = ctx.BlockHeight(), 0, 0
		if err := app.slashing.SetValidatorSigningInfo(ctx, each.address, each.info); err != nil {
			return err
		}
	}
	return nil
}

// Absence tells over how many of the newest blocks absence is counted, and how many of these a validator may miss; with one more it is
// set aside.
func (app *App) Absence() (window, mostMissed int64, err error) {
	ctx, err := app.CreateQueryContext(0, false)
	if err != nil {
		return 0, 0, err
	}
	return app.absence(ctx)
}

func (app *App) absence(ctx sdk.Context) (window, mostMissed int64, err error) {
	if window, err = app.slashing.SignedBlocksWindow(ctx); err != nil {
		return 0, 0, err
	}
	least, err := app.slashing.MinSignedPerWindow(ctx)
	return window, window - least, err
}
