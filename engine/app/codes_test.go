package app

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"medseal.example/engine/founding"
	"medseal.example/engine/upgrade"
)

// laterCode is the code of a contract of a later version.
func laterCode(number byte) founding.Code {
	return founding.Code{Length: len(creation(number)), Hash: crypto.Keccak256Hash(creation(number))}
}

// admitting is a plan at a block that names codes.
func admitting(height int64, numbers ...byte) *upgrade.Plan {
	plan := planAt(height, 7)
	for _, number := range numbers {
		plan.Codes = append(plan.Codes, laterCode(number))
	}
	slices.SortFunc(plan.Codes, func(a, b founding.Code) int { return a.Hash.Cmp(b.Hash) })
	return plan
}

// creates says whether a founder that has created the contracts can create one by data.
func creates(app *App, ctx sdk.Context, data []byte) bool {
	switch refusal := app.refusal(ctx, accountOf(1), 9, nil, data); refusal {
	case "":
		return true
	case foreign:
		return false
	default:
		panic(refusal)
	}
}

// @class fewer validators than an upgrade takes | have code of their own created on a consortium's ledger
func TestACodeThatTooFewNamedIsNotTaken(t *testing.T) {
	app := begun()
	for _, each := range []struct {
		name  string
		plans map[string]*upgrade.Plan
	}{
		{"nobody", nil},
		{"two of four", map[string]*upgrade.Plan{"hospital": admitting(50, 8), "insurer": admitting(50, 8)}},
		{"three of four, with two codes", map[string]*upgrade.Plan{"hospital": admitting(50, 8), "insurer": admitting(50, 8), "pharmacy": admitting(50, 9)}},
		{"three of four, one with a code more", map[string]*upgrade.Plan{"hospital": admitting(50, 8), "insurer": admitting(50, 8), "pharmacy": admitting(50, 8, 9)}},
		{"three of four, one without codes", map[string]*upgrade.Plan{"hospital": admitting(50, 8), "insurer": admitting(50, 8), "pharmacy": planAt(50, 7)}},
		{"three of four, with two blocks", map[string]*upgrade.Plan{"hospital": admitting(50, 8), "insurer": admitting(50, 8), "pharmacy": admitting(51, 8)}},
		{"two, and one without a validator", map[string]*upgrade.Plan{"hospital": admitting(50, 8), "insurer": admitting(50, 8), "university": admitting(50, 8)}},
		{"all four, for an upgrade without codes", map[string]*upgrade.Plan{"hospital": planAt(50, 7), "laboratory": planAt(50, 7), "insurer": planAt(50, 7), "pharmacy": planAt(50, 7)}},
		{"all four, another code", map[string]*upgrade.Plan{"hospital": admitting(50, 9), "laboratory": admitting(50, 9), "insurer": admitting(50, 9), "pharmacy": admitting(50, 9)}},
	} {
		t.Run(each.name, func(t *testing.T) {
			ctx := state(app)
			for organisation, plan := range each.plans {
				states(app, ctx, organisation, plan)
			}
			for height := int64(49); height < 53; height++ {
				decide(app, ctx, height)
				if creates(app, ctx, creation(8)) {
					t.Fatalf("before block %d it is taken", height)
				}
			}
		})
	}
}

func TestACodeThatEnoughNamedIsTakenFromItsBlockOn(t *testing.T) {
	app := begun()
	ctx := state(app)
	for _, organisation := range founders[:3] {
		states(app, ctx, organisation, admitting(50, 8))
	}
	decide(app, ctx, 49)
	if creates(app, ctx, creation(8)) {
		t.Error("it is taken a block early")
	}
	decide(app, ctx, 50)
	for _, each := range []struct {
		name string
		data []byte
		want bool
	}{
		{"the code", creation(8), true},
		{"the code with its values", append(creation(8), 1, 2), true},
		{"a part of it", creation(8)[:3], false},
		{"another one", creation(9), false},
		{"no code", nil, false},
		{"one of the first state", creation(7), true},
	} {
		if creates(app, ctx, each.data) != each.want {
			t.Errorf("%s: it is not %t", each.name, each.want)
		}
	}
	if refusal := app.refusal(ctx, accountOf(7), 0, nil, creation(8)); refusal != strange {
		t.Errorf("a stranger: %q", refusal)
	}
	if refusal := app.refusal(ctx, accountOf(0), 0, nil, creation(8)); refusal != strange {
		t.Errorf("in the place of a contract of the founding: %q", refusal)
	}
	enrol(app, ctx, accountOf(1), 11, 1)
	if refusal := app.refusal(ctx, accountOf(1), 9, nil, creation(8)); refusal != strange {
		t.Errorf("a suspended organisation: %q", refusal)
	}
}

// @actor who reads the ledger | to have a plan with codes take effect that was replaced, or is another network's
func TestCodesOfAPlanThatWasReplacedAreNotTaken(t *testing.T) {
	app := begun()
	ctx := state(app).WithBlockHeight(40)
	enrol(app, ctx, accountOf(6), 11, 0)
	chain := app.ChainID()
	for number := range byte(3) {
		if refusal, noted := notes(app, ctx, 6, signedBy(number, chain+"0", 30, admitting(50, 8))); refusal == "" || noted {
			t.Errorf("another network's: %q, %t", refusal, noted)
		}
		old := signedBy(number, chain, 30, admitting(50, 8))
		altered := *signedBy(number, chain, 31, admitting(50, 8))
		altered.Plan = *admitting(50, 9)
		if refusal, _ := notes(app, ctx, 6, &altered); refusal == "" {
			t.Error("a statement with another code than was signed is taken")
		}
		app.upgrades.State(ctx, signedBy(number, chain, 31, planAt(50, 7)))
		if _, noted := notes(app, ctx, 6, old); noted {
			t.Error("an older statement took the place of a newer one")
		}
	}
	decide(app, ctx, 50)
	if plan := app.upgrades.InForce(ctx); plan == nil || creates(app, ctx, creation(8)) || creates(app, ctx, creation(9)) {
		t.Errorf("in force is %+v", plan)
	}
}

func TestCodesStayAndMoreComeToThem(t *testing.T) {
	app := begun()
	ctx := state(app)
	admit := func(height int64, plan *upgrade.Plan, organisations ...string) {
		for _, organisation := range organisations {
			states(app, ctx, organisation, plan)
		}
		decide(app, ctx, height)
	}
	admit(50, admitting(50, 8), founders...)
	admit(60, planAt(60, 8), founders...)
	admit(70, admitting(70, 8, 9), founders...)
	admit(80, admitting(80, 10), founders[:2]...)
	if got := app.upgrades.Codes(ctx); !slices.Equal(got, founding.Codes{laterCode(8), laterCode(9)}) {
		t.Errorf("%+v", got)
	}
	for number, want := range map[byte]bool{7: true, 8: true, 9: true, 10: false} {
		if creates(app, ctx, creation(number)) != want {
			t.Errorf("the contract %d: it is not %t", number, want)
		}
	}
}

// A block of the newest state with a creation by an account that did nothing yet.
func creating(app *App, number byte) []byte {
	return encode(app, wrap(app, message(2, plain(0, nil, creation(number)), signerOf(chainID))))
}

// All state a code at block 5.
func codeStated(t *testing.T, app *App) {
	runBlock(app)
	runBlock(app)
	written(app, func(ctx sdk.Context) {
		for _, organisation := range founders {
			states(app, ctx, organisation, admitting(5, 8))
		}
	})
	runBlock(app)
	if isAccepted(app, creating(app, 8)) {
		t.Error("a block with the creation is voted for before it is admitted")
	}
}

// The code is admitted, and a contract created by it in block 5.
func codeUsed(t *testing.T, app *App) {
	runBlock(app)
	if isAccepted(app, creating(app, 9)) {
		t.Error("a block with another creation is voted for")
	}
	if !isAccepted(app, creating(app, 8)) {
		t.Error("a block with the creation is not voted for")
	}
	for _, each := range runBlock(app, creating(app, 8)).TxResults {
		if each.Code != 0 {
			t.Error(each.Log)
		}
	}
	if nonce := app.evm.GetNonce(state(app), crypto.CreateAddress(accountOf(2), 0)); nonce != 1 {
		t.Error("the contract is not there")
	}
	told, err := app.Upgrades()
	must(err)
	if !slices.Equal(told.Codes, founding.Codes{laterCode(7), laterCode(8)}) {
		t.Errorf("told %+v", told.Codes)
	}
	must(os.WriteFile(filepath.Join(os.Getenv(folderOfRun), "state"), app.LastCommitID().Hash, 0o600))
}

func TestPartCodeStated(t *testing.T) { codeStated(t, onFolder(t)) }
func TestPartCodeUsed(t *testing.T)   { codeUsed(t, onFolder(t)) }
func TestPartCodeStatedUsed(t *testing.T) {
	app := onFolder(t)
	codeStated(t, app)
	codeUsed(t, app)
}

func TestACodeIsTakenAlikeAfterARestart(t *testing.T) {
	once, again := t.TempDir(), t.TempDir()
	run(t, "TestPartCodeStatedUsed", once)
	run(t, "TestPartCodeStated", again)
	run(t, "TestPartCodeUsed", again)
	first, err := os.ReadFile(filepath.Join(once, "state"))
	must(err)
	second, err := os.ReadFile(filepath.Join(again, "state"))
	must(err)
	if !bytes.Equal(first, second) {
		t.Errorf("%x is not %x", second, first)
	}
}
