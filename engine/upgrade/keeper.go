package upgrade

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/ethereum/go-ethereum/common"

	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"medseal.example/engine/founding"
)

// Keys in the store of Medseal's module, behind those of stake. At 3 lay what accounts stated, without signatures of validators.
var (
	inForceKey    = []byte{4}
	lapsedKey     = []byte{5}
	statementsKey = []byte{6}
	codesKey      = []byte{7}
)

// Lapsed is an upgrade that too few stated before its block.
type Lapsed struct {
	Plan Plan `json:"plan"`
	// Stated are the organisations whose validators did.
	Stated []string `json:"stated"`
}

// Keeper holds statements and what came of them.
type Keeper struct{ key storetypes.StoreKey }

// NewKeeper makes a keeper in a store.
func NewKeeper(key storetypes.StoreKey) *Keeper { return &Keeper{key: key} }

// State notes what a validator stated; only its last statement counts. It stays when its block is past, so that nobody brings an older
// one again.
func (k *Keeper) State(ctx sdk.Context, statement *Statement) {
	ctx.KVStore(k.key).Set(lastKey(statement.Key), statement.Text())
}

// Last is the last statement by a key; nil if it made none.
func (k *Keeper) Last(ctx sdk.Context, key common.Hash) *Statement {
	text := ctx.KVStore(k.key).Get(lastKey(key))
	if text == nil {
		return nil
	}
	return statementIn(text)
}

// lastKey is where the last statement by a key lies.
func lastKey(key common.Hash) []byte {
	return append(append([]byte{}, statementsKey...), key[:]...)
}

// InForce is the plan whose programs run now; nil if there was no upgrade yet.
func (k *Keeper) InForce(ctx sdk.Context) *Plan {
	text := ctx.KVStore(k.key).Get(inForceKey)
	if text == nil {
		return nil
	}
	return parsed(text)
}

// Codes are those that create contracts by upgrades that took effect, oldest first.
func (k *Keeper) Codes(ctx sdk.Context) founding.Codes {
	text := ctx.KVStore(k.key).Get(codesKey)
	if text == nil {
		return nil
	}
	var codes founding.Codes
	must(json.Unmarshal(text, &codes))
	return codes
}

// admit has codes create contracts from the next block on, for good.
func (k *Keeper) admit(ctx sdk.Context, codes founding.Codes) error {
	all := k.Codes(ctx)
	for _, code := range codes {
		if !slices.Contains(all, code) {
			all = append(all, code)
		}
	}
	if len(all) == 0 {
		return nil
	}
	text, err := json.Marshal(all)
	if err != nil {
		return err
	}
	ctx.KVStore(k.key).Set(codesKey, text)
	return nil
}

// LastLapsed is the last plan that lapsed; nil if none did.
func (k *Keeper) LastLapsed(ctx sdk.Context) *Lapsed {
	text := ctx.KVStore(k.key).Get(lapsedKey)
	if text == nil {
		return nil
	}
	lapsed := new(Lapsed)
	must(json.Unmarshal(text, lapsed))
	return lapsed
}

// Statements are those of all keys on upgrades from a block on, by the order of the keys.
func (k *Keeper) Statements(ctx sdk.Context, from int64) []*Statement {
	var found []*Statement
	iterator := storetypes.KVStorePrefixIterator(ctx.KVStore(k.key), statementsKey)
	defer iterator.Close()
	for ; iterator.Valid(); iterator.Next() {
		if statement := statementIn(iterator.Value()); statement.Plan.Height >= from {
			found = append(found, statement)
		}
	}
	return found
}

// due are the statements on an upgrade at the next block.
func (k *Keeper) due(ctx sdk.Context) (due []*Statement) {
	next := ctx.BlockHeight() + 1
	for _, each := range k.Statements(ctx, next) {
		if each.Plan.Height == next {
			due = append(due, each)
		}
	}
	return due
}

// Due tells whether the end of this block decides on statements.
func (k *Keeper) Due(ctx sdk.Context) bool { return len(k.due(ctx)) > 0 }

// Decide ends a block: it decides on the upgrades for the next one. An upgrade takes effect if enough of those who vote on its first
// block stated it, and enough of those who vote on the one after it. Its codes create contracts then. It returns the one that does; nil
// if none.
func (k *Keeper) Decide(ctx sdk.Context, signers, voters []Voter) (*Plan, error) {
	plans := map[string]map[common.Hash]bool{}
	var texts []string
	for _, each := range k.due(ctx) {
		text := string(each.Plan.Text())
		if plans[text] == nil {
			texts = append(texts, text)
			plans[text] = map[common.Hash]bool{}
		}
		plans[text][each.Key] = true
	}
	if len(texts) == 0 {
		return nil, nil
	}
	store := ctx.KVStore(k.key)
	outcome := ""
	var decided *Plan
	for _, text := range texts {
		if Enough(signers, plans[text]) && Enough(voters, plans[text]) {
			store.Set(inForceKey, []byte(text))
			outcome, decided = "in force", parsed([]byte(text))
		}
	}
	// Of several that lapse at one block, the first in the order of statements is told.
	if outcome == "" {
		stated := organisationsOf(append(append([]Voter{}, signers...), voters...), plans[texts[0]])
		lapsed, err := json.Marshal(Lapsed{Plan: *parsed([]byte(texts[0])), Stated: stated})
		if err != nil {
			return nil, err
		}
		store.Set(lapsedKey, lapsed)
		outcome = "lapsed"
	}
	if decided != nil {
		if err := k.admit(ctx, decided.Codes); err != nil {
			return nil, err
		}
	}
	ctx.Logger().Warn("an upgrade of the engine was decided", "height", ctx.BlockHeight()+1, "outcome", outcome)
	return decided, nil
}

// organisationsOf are the organisations with a validator among some, by the order of their names.
func organisationsOf(voters []Voter, keys map[common.Hash]bool) []string {
	found := []string{}
	for _, voter := range voters {
		if keys[voter.Key] && !slices.Contains(found, voter.Organisation) {
			found = append(found, voter.Organisation)
		}
	}
	slices.Sort(found)
	return found
}

// parsed reads what was stored: nothing else was ever written there.
func parsed(text []byte) *Plan {
	plan, err := Parse(text)
	must(err)
	return plan
}

func statementIn(text []byte) *Statement {
	statement, err := ReadStatement(text)
	must(err)
	return statement
}

func must(err error) {
	if err != nil {
		panic(fmt.Errorf("the state of upgrades is damaged: %w", err))
	}
}
