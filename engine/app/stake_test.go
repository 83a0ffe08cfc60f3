package app

import (
	"encoding/binary"
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"medseal.example/engine/founding"
	"medseal.example/engine/rules"
)

// record writes a change of stake into the contract's list, as the contract would; the founders' are the first four.
func record(app *App, ctx sdk.Context, change rules.Change) {
	slot := common.BytesToHash([]byte{1})
	count := new(big.Int).SetBytes(app.evm.GetState(ctx, validators, slot).Bytes())
	if count.Sign() == 0 {
		count.SetUint64(4)
	}
	first := new(big.Int).Add(crypto.Keccak256Hash(slot.Bytes()).Big(), new(big.Int).Mul(count, big.NewInt(3)))
	var stake common.Hash
	binary.BigEndian.PutUint64(stake[24:], change.Stake)
	for offset, word := range []common.Hash{change.Organisation, change.Key, stake} {
		key := common.BigToHash(new(big.Int).Add(first, big.NewInt(int64(offset))))
		app.evm.SetState(ctx, validators, key, word.Bytes())
	}
	app.evm.SetState(ctx, validators, slot, common.BigToHash(count.Add(count, big.NewInt(1))).Bytes())
}

// carryOut ends a block: the powers that the consensus is told of, by validator.
func carryOut(t *testing.T, app *App, ctx sdk.Context) map[byte]int64 {
	t.Helper()
	app.stake.ApplyChanges(ctx)
	updates, err := app.staking.ApplyAndReturnValidatorSetUpdates(ctx)
	must(err)
	told := map[byte]int64{}
	for _, update := range updates {
		for number := byte(0); number < 10; number++ {
			if validatorKey(number) == [32]byte(update.PubKey.GetEd25519()) {
				told[number] = update.Power
			}
		}
	}
	return told
}

func change(number byte, stake uint64) rules.Change {
	return rules.Change{Organisation: common.Hash{'x', number}, Key: validatorKey(number), Stake: stake}
}

func addressOf(number byte) sdk.ConsAddress {
	key := validatorKey(number)
	return sdk.ConsAddress((&ed25519.PubKey{Key: key[:]}).Address())
}

func TestChangesOfStakeAreCarriedOut(t *testing.T) {
	app := begun()
	cases := []struct {
		name   string
		blocks [][]rules.Change
		want   map[byte]int64
	}{
		{"nothing changed", [][]rules.Change{{}}, map[byte]int64{}},
		{"one joins", [][]rules.Change{{change(5, 7)}}, map[byte]int64{5: 7}},
		{"one gets more", [][]rules.Change{{change(1, 25)}}, map[byte]int64{1: 25}},
		{"one gets less", [][]rules.Change{{change(1, 3)}}, map[byte]int64{1: 3}},
		{"one gets what it has", [][]rules.Change{{change(1, 10)}}, map[byte]int64{}},
		{"one leaves", [][]rules.Change{{change(1, 0)}}, map[byte]int64{1: 0}},
		{"one leaves that never was", [][]rules.Change{{change(6, 0)}}, map[byte]int64{}},
		{"one leaves and joins again", [][]rules.Change{{change(1, 0)}, {change(1, 12)}}, map[byte]int64{1: 12}},
		{"one leaves and joins in a block", [][]rules.Change{{change(1, 0), change(1, 12)}}, map[byte]int64{1: 12}},
		{"one joins and leaves in a block", [][]rules.Change{{change(5, 7), change(5, 0)}}, map[byte]int64{}},
		{"one joins, leaves, joins", [][]rules.Change{{change(5, 7)}, {change(5, 0)}, {change(5, 8)}}, map[byte]int64{5: 8}},
		{"two in a block", [][]rules.Change{{change(5, 7), change(2, 4)}}, map[byte]int64{5: 7, 2: 4}},
		{"a new key gets what a former one loses", [][]rules.Change{{change(5, 10), change(1, 0)}}, map[byte]int64{5: 10, 1: 0}},
		{"one twice in a block", [][]rules.Change{{change(2, 4), change(2, 9)}}, map[byte]int64{2: 9}},
		{"the most", [][]rules.Change{{change(5, founding.MaxStake)}}, map[byte]int64{5: founding.MaxStake}},
		{"over the most", [][]rules.Change{{change(5, founding.MaxStake+1), change(2, 4)}}, map[byte]int64{2: 4}},
		{"far over the most", [][]rules.Change{{change(5, 1<<64-1), change(2, 4)}}, map[byte]int64{2: 4}},
	}
	for _, each := range cases {
		t.Run(each.name, func(t *testing.T) {
			ctx := state(app)
			var told map[byte]int64
			for _, block := range each.blocks {
				for _, change := range block {
					record(app, ctx, change)
				}
				told = carryOut(t, app, ctx)
			}
			if len(told) != len(each.want) {
				t.Errorf("told %v, not %v", told, each.want)
			}
			for number, power := range each.want {
				if told[number] != power {
					t.Errorf("told %v, not %v", told, each.want)
				}
			}
		})
	}
}

func TestAKeyThatIsNoPointOfTheCurveGetsNoStake(t *testing.T) {
	app := begun()
	for name, key := range map[string][32]byte{
		"not on the curve": {2},
		"of small order":   {1},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := state(app)
			record(app, ctx, rules.Change{Organisation: common.Hash{'x'}, Key: key, Stake: 5})
			app.stake.ApplyChanges(ctx)
			updates, err := app.staking.ApplyAndReturnValidatorSetUpdates(ctx)
			must(err)
			if len(updates) > 0 {
				t.Errorf("told %v", updates)
			}
		})
	}
}

func TestATombstonedKeyGetsNoStakeAgain(t *testing.T) {
	app := begun()
	ctx := state(app)
	must(app.slashing.Jail(ctx, addressOf(1)))
	must(app.slashing.Tombstone(ctx, addressOf(1)))
	carryOut(t, app, ctx)
	record(app, ctx, change(1, 50))
	if told := carryOut(t, app, ctx); len(told) > 0 {
		t.Errorf("told %v", told)
	}
	record(app, ctx, change(1, 0))
	record(app, ctx, change(1, 5))
	if told := carryOut(t, app, ctx); len(told) > 0 {
		t.Errorf("told %v after it left", told)
	}
}

func TestANewKeyTakesThePlaceOfATombstonedOne(t *testing.T) {
	app := begun()
	ctx := state(app)
	must(app.slashing.Jail(ctx, addressOf(1)))
	must(app.slashing.Tombstone(ctx, addressOf(1)))
	carryOut(t, app, ctx)
	record(app, ctx, change(5, 10))
	record(app, ctx, change(1, 0))
	if told := carryOut(t, app, ctx); len(told) != 1 || told[5] != 10 {
		t.Errorf("told %v", told)
	}
	record(app, ctx, change(1, 10))
	if told := carryOut(t, app, ctx); len(told) > 0 {
		t.Errorf("told %v of the former key", told)
	}
}

func TestOneThatWasSetAsideForAbsenceReturns(t *testing.T) {
	app := begun()
	for name, stake := range map[string]uint64{"with the same stake": 10, "with more": 14, "with less": 6} {
		t.Run(name, func(t *testing.T) {
			ctx := state(app)
			must(app.slashing.Jail(ctx, addressOf(1)))
			if told := carryOut(t, app, ctx); told[1] != 0 {
				t.Fatalf("told %v", told)
			}
			record(app, ctx, change(1, stake))
			if told := carryOut(t, app, ctx); told[1] != int64(stake) {
				t.Errorf("told %v", told)
			}
		})
	}
}

func TestAChangeThatCannotBeCarriedOutLeavesNothingBehind(t *testing.T) {
	app := begun()
	ctx := state(app)
	info, err := app.slashing.GetValidatorSigningInfo(ctx, addressOf(1))
	must(err)
	// The validator has to wait until it may return: by then its stake must not have grown either.
	info.JailedUntil = ctx.BlockTime().Add(1 << 40)
	must(app.slashing.SetValidatorSigningInfo(ctx, addressOf(1), info))
	must(app.slashing.Jail(ctx, addressOf(1)))
	supply := app.bank.GetSupply(ctx, "stake")
	record(app, ctx, change(1, 50))
	record(app, ctx, change(2, 20))
	if told := carryOut(t, app, ctx); told[1] != 0 || told[2] != 20 {
		t.Errorf("told %v", told)
	}
	made := app.bank.GetSupply(ctx, "stake").Amount.Sub(supply.Amount)
	if !made.Equal(sdk.TokensFromConsensusPower(10, sdk.DefaultPowerReduction)) {
		t.Errorf("made %s coins", made)
	}
}
