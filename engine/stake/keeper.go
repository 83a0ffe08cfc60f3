// Package stake gives validators the stake that the contracts say they have.
//
// Nobody buys or delegates stake here. Stake is a number that the organisations in office sign for another organisation,
// in the contract Validators. This module makes as many coins as that, bonds them to the validator, and takes them back
// when the number sinks; staking, slashing and evidence of the Cosmos SDK do the rest.
package stake

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"sync/atomic"

	"github.com/ethereum/go-ethereum/common"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	bankkeeper "github.com/cosmos/cosmos-sdk/x/bank/keeper"
	slashingkeeper "github.com/cosmos/cosmos-sdk/x/slashing/keeper"
	stakingkeeper "github.com/cosmos/cosmos-sdk/x/staking/keeper"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"medseal.example/engine/founding"
	"medseal.example/engine/rules"
)

const (
	// Name of the module, and of its store and part of the first state.
	Name = "medseal"
	// Coin that stake is counted in, of which no account of Ethereum has any.
	Coin = "stake"
)

// Keys of the module's store.
var (
	termsKey   = []byte{1}
	appliedKey = []byte{2}
)

// Keeper holds the network's terms and the number of changes of stake that were carried out.
type Keeper struct {
	key      storetypes.StoreKey
	bank     bankkeeper.Keeper
	staking  *stakingkeeper.Keeper
	slashing slashingkeeper.Keeper
	storage  func(sdk.Context) rules.Storage
	terms    atomic.Pointer[founding.Terms]
}

// NewKeeper makes the module's keeper; storage reads the EVM's words.
func NewKeeper(
	key storetypes.StoreKey, bank bankkeeper.Keeper, staking *stakingkeeper.Keeper, slashing slashingkeeper.Keeper,
	storage func(sdk.Context) rules.Storage,
) *Keeper {
	return &Keeper{key: key, bank: bank, staking: staking, slashing: slashing, storage: storage}
}

// Terms are the network's terms, which the first state holds for good.
func (k *Keeper) Terms(ctx sdk.Context) *founding.Terms {
	if terms := k.terms.Load(); terms != nil {
		return terms
	}
	text := ctx.KVStore(k.key).Get(termsKey)
	if text == nil {
		return &founding.Terms{}
	}
	terms := new(founding.Terms)
	if err := json.Unmarshal(text, terms); err != nil {
		panic(fmt.Errorf("the terms in the state are not JSON: %w", err))
	}
	k.terms.Store(terms)
	return terms
}

func (k *Keeper) begin(ctx sdk.Context, terms *founding.Terms) error {
	text, err := json.Marshal(terms)
	if err != nil {
		return err
	}
	ctx.KVStore(k.key).Set(termsKey, text)
	k.setApplied(ctx, uint64(len(terms.Stakes)))
	for _, stake := range terms.Stakes {
		change := rules.Change{
			Organisation: common.BytesToHash(common.RightPadBytes([]byte(stake.Organisation), 32)),
			Key:          stake.Key, Stake: stake.Stake,
		}
		if err := k.give(ctx, change); err != nil {
			return fmt.Errorf("the validator of %s: %w", stake.Organisation, err)
		}
	}
	return nil
}

// ApplyChanges carries out what the contract says since the last block. A change that cannot be carried out is left out
// whole and told in an event, by every validator alike.
func (k *Keeper) ApplyChanges(ctx sdk.Context) {
	terms := k.Terms(ctx)
	storage := k.storage(ctx)
	count := rules.CountChanges(storage, terms.Validators)
	applied := k.applied(ctx)
	for ; applied < count; applied++ {
		change := rules.ReadChange(storage, terms.Validators, applied)
		attempt, write := ctx.CacheContext()
		err := k.give(attempt, change)
		outcome := "done"
		if err != nil {
			outcome = err.Error()
			ctx.Logger().Error("a change of stake could not be carried out", "number", applied, "reason", outcome)
		} else {
			write()
		}
		ctx.EventManager().EmitEvent(sdk.NewEvent("stake_change",
			sdk.NewAttribute("number", fmt.Sprint(applied)),
			sdk.NewAttribute("organisation", change.Organisation.Hex()),
			sdk.NewAttribute("key", common.Hash(change.Key).Hex()),
			sdk.NewAttribute("stake", fmt.Sprint(change.Stake)),
			sdk.NewAttribute("outcome", outcome)))
		k.setApplied(ctx, applied+1)
	}
}

// give brings a validator's bonded coins to its stake, and back among the others if it was set aside for absence.
func (k *Keeper) give(ctx sdk.Context, change rules.Change) error {
	if change.Stake > founding.MaxStake {
		return fmt.Errorf("the stake is over %d", founding.MaxStake)
	}
	if err := founding.CheckKey(change.Key); err != nil && change.Stake > 0 {
		return err
	}
	key := &ed25519.PubKey{Key: change.Key[:]}
	// Nobody has the key of this account, so no transaction can ever speak for it.
	account := sdk.AccAddress(key.Address())
	operator := sdk.ValAddress(account)
	wanted := sdk.TokensFromConsensusPower(int64(change.Stake), sdk.DefaultPowerReduction)
	validator, err := k.staking.GetValidator(ctx, operator)
	if err != nil {
		if change.Stake == 0 {
			return nil
		}
		return k.create(ctx, key, operator, wanted, change.Organisation)
	}
	if k.slashing.IsTombstoned(ctx, sdk.ConsAddress(key.Address())) && change.Stake > 0 {
		return fmt.Errorf("the key signed two blocks of one height, and cannot validate again")
	}
	switch {
	case wanted.GT(validator.Tokens):
		more := wanted.Sub(validator.Tokens)
		if err := k.fund(ctx, account, more); err != nil {
			return err
		}
		if _, err := k.staking.Delegate(ctx, account, more, stakingtypes.Unbonded, validator, true); err != nil {
			return err
		}
	case wanted.LT(validator.Tokens):
		shares, err := k.staking.ValidateUnbondAmount(ctx, account, operator, validator.Tokens.Sub(wanted))
		if err != nil {
			return err
		}
		if _, _, err := k.staking.Undelegate(ctx, account, operator, shares); err != nil {
			return err
		}
	}
	if validator.Jailed && change.Stake > 0 {
		return k.slashing.Unjail(ctx, operator)
	}
	return nil
}

func (k *Keeper) create(
	ctx sdk.Context, key *ed25519.PubKey, operator sdk.ValAddress, tokens math.Int, organisation common.Hash,
) error {
	if err := k.fund(ctx, sdk.AccAddress(operator), tokens); err != nil {
		return err
	}
	message, err := stakingtypes.NewMsgCreateValidator(operator.String(), key, sdk.NewCoin(Coin, tokens),
		stakingtypes.Description{Moniker: organisation.Hex()},
		stakingtypes.NewCommissionRates(math.LegacyZeroDec(), math.LegacyZeroDec(), math.LegacyZeroDec()), math.OneInt())
	if err != nil {
		return err
	}
	_, err = stakingkeeper.NewMsgServerImpl(k.staking).CreateValidator(ctx, message)
	return err
}

// fund sees that an account has as many coins: those that came back to it, and new ones.
func (k *Keeper) fund(ctx sdk.Context, account sdk.AccAddress, amount math.Int) error {
	lacking := amount.Sub(k.bank.GetBalance(ctx, account, Coin).Amount)
	if !lacking.IsPositive() {
		return nil
	}
	coins := sdk.NewCoins(sdk.NewCoin(Coin, lacking))
	if err := k.bank.MintCoins(ctx, Name, coins); err != nil {
		return err
	}
	return k.bank.SendCoinsFromModuleToAccount(ctx, Name, account, coins)
}

func (k *Keeper) applied(ctx sdk.Context) uint64 {
	word := ctx.KVStore(k.key).Get(appliedKey)
	if word == nil {
		return 0
	}
	return binary.BigEndian.Uint64(word)
}

func (k *Keeper) setApplied(ctx sdk.Context, count uint64) {
	ctx.KVStore(k.key).Set(appliedKey, binary.BigEndian.AppendUint64(nil, count))
}
