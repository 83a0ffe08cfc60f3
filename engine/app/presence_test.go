package app

import (
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"cosmossdk.io/math"

	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
)

func TestValidatorsTellHowPresentTheyAre(t *testing.T) {
	app := begun()
	ctx := state(app)
	for number, missed := range []int64{0, 7, 9500, 3} {
		address := addressOf(byte(number))
		must(app.slashing.SetValidatorSigningInfo(ctx, address,
			slashingtypes.ValidatorSigningInfo{MissedBlocksCounter: missed, Tombstoned: number == 3}))
		if number >= 2 {
			must(app.staking.Jail(ctx, address))
		}
	}
	_, err := app.staking.ApplyAndReturnValidatorSetUpdates(ctx)
	must(err)
	found, err := app.validatorsAt(ctx)
	if err != nil || len(found) != 4 {
		t.Fatalf("%d validators: %v", len(found), err)
	}
	wanted := map[string]Validator{
		"hospital":   {Power: 10},
		"laboratory": {Power: 10, Missed: 7},
		"insurer":    {Missed: 9500, Aside: true},
		"pharmacy":   {Missed: 3, Out: true},
	}
	for number, name := range []string{"hospital", "laboratory", "insurer", "pharmacy"} {
		for _, each := range found {
			if each.Organisation != name {
				continue
			}
			one := wanted[name]
			one.Organisation, one.Key = name, common.Hash(validatorKey(byte(number))).Hex()
			if each != one {
				t.Errorf("%s is %+v", name, each)
			}
		}
	}
}

func TestTheValidatorOfAnOrganisationThatLeftIsNotTold(t *testing.T) {
	app := begun()
	ctx := state(app)
	left, err := app.staking.GetValidatorByConsAddr(ctx, addressOf(0))
	must(err)
	left.Tokens, left.Jailed = math.ZeroInt(), true
	must(app.staking.SetValidator(ctx, left))
	found, err := app.validatorsAt(ctx)
	if err != nil || len(found) != 3 {
		t.Fatalf("%d validators: %v", len(found), err)
	}
	for _, each := range found {
		if each.Organisation == "hospital" {
			t.Error("hospital is told")
		}
	}
}

func TestAValidatorMayMissNineteenOfTwentyBlocks(t *testing.T) {
	app := begun()
	ctx := state(app)
	window, mostMissed, err := app.absence(ctx)
	if err != nil || window != absenceWindow || mostMissed != 9500 {
		t.Errorf("of %d blocks %d may be missed, %v", window, mostMissed, err)
	}
}

func TestAnOrganisationsNameShowsNothingThatATerminalObeys(t *testing.T) {
	for name, shown := range map[string]string{
		"0x686f73706974616c": "", "hospital": "", "\x1b[2J": "0x1b5b324a",
	} {
		padded := common.BytesToHash(common.RightPadBytes([]byte(name), 32))
		if shown == "" {
			shown = name
		}
		if got := nameOf(padded); got != shown {
			t.Errorf("%q is shown as %q", name, got)
		}
	}
}
