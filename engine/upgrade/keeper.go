package upgrade

import (
	"encoding/json"
	"fmt"

	"github.com/ethereum/go-ethereum/common"

	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
)

// Keys in the store of Medseal's module, behind those of stake.
var (
	statementsKey = []byte{3}
	inForceKey    = []byte{4}
	lapsedKey     = []byte{5}
)

// Lapsed is an upgrade that too few stated before its block.
type Lapsed struct {
	Plan Plan `json:"plan"`
	// Stated are the organisations that did.
	Stated []string `json:"stated"`
}

// Statement is what an organisation stated last.
type Statement struct {
	Organisation string `json:"organisation"`
	Plan         Plan   `json:"plan"`
}

// Keeper holds statements and what came of them.
type Keeper struct {
	key storetypes.StoreKey
	// nameOf reads the word that the Registry has for an organisation.
	nameOf func(common.Hash) string
}

// NewKeeper makes a keeper in a store.
func NewKeeper(key storetypes.StoreKey, nameOf func(common.Hash) string) *Keeper {
	return &Keeper{key: key, nameOf: nameOf}
}

// State notes what an organisation states; only its last statement counts.
func (k *Keeper) State(ctx sdk.Context, organisation common.Hash, plan *Plan) {
	ctx.KVStore(k.key).Set(append(append([]byte{}, statementsKey...), organisation[:]...), plan.Text())
}

// InForce is the plan whose programs run now; nil if there was no upgrade yet.
func (k *Keeper) InForce(ctx sdk.Context) *Plan {
	text := ctx.KVStore(k.key).Get(inForceKey)
	if text == nil {
		return nil
	}
	return parsed(text)
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

// Statements are those of all organisations on blocks to come, by the order of their names.
func (k *Keeper) Statements(ctx sdk.Context) []Statement {
	found := []Statement{}
	iterator := storetypes.KVStorePrefixIterator(ctx.KVStore(k.key), statementsKey)
	defer iterator.Close()
	for ; iterator.Valid(); iterator.Next() {
		organisation := common.BytesToHash(iterator.Key()[len(statementsKey):])
		found = append(found, Statement{Organisation: k.nameOf(organisation), Plan: *parsed(iterator.Value())})
	}
	return found
}

// Due tells whether the end of this block decides on statements.
func (k *Keeper) Due(ctx sdk.Context) bool {
	for _, each := range k.Statements(ctx) {
		if each.Plan.Height <= ctx.BlockHeight()+1 {
			return true
		}
	}
	return false
}

// Decide ends a block: it decides on the upgrades for the next one, and forgets what was stated of them. An upgrade takes effect if
// enough of those who vote on its first block stated it, and enough of those who vote on the one after it.
func (k *Keeper) Decide(ctx sdk.Context, signers, voters []Voter) error {
	next := ctx.BlockHeight() + 1
	var due [][]byte
	plans := map[string][]string{}
	var texts []string
	store := ctx.KVStore(k.key)
	iterator := storetypes.KVStorePrefixIterator(store, statementsKey)
	for ; iterator.Valid(); iterator.Next() {
		plan := parsed(iterator.Value())
		if plan.Height > next {
			continue
		}
		key := append([]byte{}, iterator.Key()...)
		due = append(due, key)
		if plan.Height < next {
			continue
		}
		text := string(iterator.Value())
		if plans[text] == nil {
			texts = append(texts, text)
		}
		plans[text] = append(plans[text], k.nameOf(common.BytesToHash(key[len(statementsKey):])))
	}
	iterator.Close()
	if len(due) == 0 {
		return nil
	}
	for _, key := range due {
		store.Delete(key)
	}
	outcome := ""
	for _, text := range texts {
		stated := map[string]bool{}
		for _, organisation := range plans[text] {
			stated[organisation] = true
		}
		if Enough(signers, stated) && Enough(voters, stated) {
			store.Set(inForceKey, []byte(text))
			outcome = "in force"
		}
	}
	// Of several that lapse at one block, the first in the order of statements is told.
	if outcome == "" && len(texts) > 0 {
		lapsed, err := json.Marshal(Lapsed{Plan: *parsed([]byte(texts[0])), Stated: plans[texts[0]]})
		if err != nil {
			return err
		}
		store.Set(lapsedKey, lapsed)
		outcome = "lapsed"
	}
	ctx.Logger().Warn("an upgrade of the engine was decided", "height", next, "outcome", outcome)
	return nil
}

// parsed reads what was stored: nothing else was ever written there.
func parsed(text []byte) *Plan {
	plan, err := Parse(text)
	must(err)
	return plan
}

func must(err error) {
	if err != nil {
		panic(fmt.Errorf("the state of upgrades is damaged: %w", err))
	}
}
