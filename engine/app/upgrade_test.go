package app

import (
	"bytes"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	ethtypes "github.com/ethereum/go-ethereum/core/types"

	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"medseal.example/engine/program"
	"medseal.example/engine/upgrade"
)

var founders = []string{"hospital", "laboratory", "insurer", "pharmacy"}

// numberOf is the number of a founder, or of an organisation without a validator.
func numberOf(organisation string) byte {
	if place := slices.Index(founders, organisation); place >= 0 {
		return byte(place)
	}
	return 200
}

// signedBy is what a validator states at a block, signed for a chain.
func signedBy(number byte, chain string, block int64, plan *upgrade.Plan) *upgrade.Statement {
	statement := &upgrade.Statement{Key: common.Hash(validatorKey(number)), Block: block, Plan: *plan}
	signature, err := ed25519.GenPrivKeyFromSecret([]byte{number}).Sign(statement.Message(chain))
	must(err)
	statement.Signature = signature
	return statement
}

// states has a validator of an organisation state a plan.
func states(app *App, ctx sdk.Context, organisation string, plan *upgrade.Plan) {
	app.upgrades.State(ctx, signedBy(numberOf(organisation), app.ChainID(), 1, plan))
}

func planAt(height int64, hash byte) *upgrade.Plan {
	return &upgrade.Plan{Height: height, Programs: map[string]common.Hash{"linux/amd64": {hash}}}
}

// decide ends the block before a height.
func decide(app *App, ctx sdk.Context, height int64) {
	_, err := app.end(ctx.WithBlockHeight(height - 1).WithBlockGasMeter(storetypes.NewInfiniteGasMeter()))
	must(err)
}

func TestAnUpgradeTakesEffectIfEnoughStatedItBefore(t *testing.T) {
	app := begun()
	cases := []struct {
		name   string
		plans  map[string]*upgrade.Plan
		want   byte
		lapsed bool
	}{
		{"nobody stated anything", nil, 0, false},
		{"two of four", map[string]*upgrade.Plan{"hospital": planAt(50, 7), "insurer": planAt(50, 7)}, 0, true},
		{"three of four", map[string]*upgrade.Plan{"hospital": planAt(50, 7), "insurer": planAt(50, 7), "pharmacy": planAt(50, 7)}, 7, false},
		{"three of four, with two programs", map[string]*upgrade.Plan{"hospital": planAt(50, 7), "insurer": planAt(50, 7), "pharmacy": planAt(50, 8)}, 0, true},
		{"three of four, with two heights", map[string]*upgrade.Plan{"hospital": planAt(50, 7), "insurer": planAt(50, 7), "pharmacy": planAt(51, 7)}, 0, true},
		{"three of four, beside another plan", map[string]*upgrade.Plan{"hospital": planAt(50, 7), "insurer": planAt(50, 7), "pharmacy": planAt(50, 7), "laboratory": planAt(50, 8)}, 7, false},
		{"two, and one without a validator", map[string]*upgrade.Plan{"hospital": planAt(50, 7), "insurer": planAt(50, 7), "university": planAt(50, 7)}, 0, true},
	}
	for _, each := range cases {
		t.Run(each.name, func(t *testing.T) {
			ctx := state(app)
			for organisation, plan := range each.plans {
				states(app, ctx, organisation, plan)
			}
			decide(app, ctx, 49)
			if app.upgrades.InForce(ctx) != nil || app.upgrades.LastLapsed(ctx) != nil {
				t.Fatal("it was decided a block early")
			}
			decide(app, ctx, 50)
			plan, lapsed := app.upgrades.InForce(ctx), app.upgrades.LastLapsed(ctx)
			if (plan != nil) != (each.want != 0) || plan != nil && plan.Programs["linux/amd64"] != (common.Hash{each.want}) {
				t.Errorf("in force is %+v", plan)
			}
			if (lapsed != nil) != each.lapsed {
				t.Errorf("lapsed is %+v", lapsed)
			}
			left, err := app.statements(ctx.WithBlockHeight(49))
			must(err)
			for _, each := range left {
				if each.Plan.Height <= 50 {
					t.Errorf("%+v is still told", each)
				}
			}
		})
	}
}

func TestOnlyAValidatorsLastStatementCounts(t *testing.T) {
	app := begun()
	ctx := state(app)
	for _, organisation := range founders {
		states(app, ctx, organisation, planAt(50, 7))
	}
	for _, organisation := range founders[:2] {
		states(app, ctx, organisation, planAt(60, 8))
	}
	decide(app, ctx, 50)
	if app.upgrades.InForce(ctx) != nil {
		t.Error("statements that were replaced counted")
	}
	decide(app, ctx, 60)
	if app.upgrades.InForce(ctx) != nil {
		t.Error("two of four were enough")
	}
}

func TestAnUpgradeThatLapsedLeavesTheOneInForce(t *testing.T) {
	app := begun()
	ctx := state(app)
	for _, organisation := range founders {
		states(app, ctx, organisation, planAt(50, 7))
	}
	decide(app, ctx, 50)
	states(app, ctx, "hospital", planAt(60, 8))
	decide(app, ctx, 60)
	if plan := app.upgrades.InForce(ctx); plan == nil || plan.Height != 50 {
		t.Errorf("in force is %+v", plan)
	}
	if lapsed := app.upgrades.LastLapsed(ctx); lapsed == nil || lapsed.Plan.Height != 60 || strings.Join(lapsed.Stated, " ") != "hospital" {
		t.Errorf("lapsed is %+v", lapsed)
	}
}

func TestAProgramEndsExactlyWhenTheNextBlockIsForOthers(t *testing.T) {
	app := begun()
	defer app.Runs(program.Program{}, nil)
	ctx := state(app)
	var told []int64
	other := func(plan upgrade.Plan) { told = append(told, plan.Height) }
	run := func(hash byte, platform string) (ended bool) {
		app.Runs(program.Program{SHA256: common.Hash{hash}, Platform: platform}, other)
		return app.yield(ctx) != nil
	}
	for _, organisation := range founders {
		states(app, ctx, organisation, planAt(50, 7))
	}
	decide(app, ctx, 49)
	if run(1, "linux/amd64") || len(told) > 0 {
		t.Error("the old program ended before the block")
	}
	decide(app, ctx, 50)
	for _, each := range []struct {
		name     string
		hash     byte
		platform string
		ended    bool
	}{
		{"the old program", 1, "linux/amd64", true},
		{"the named program", 7, "linux/amd64", false},
		{"a later program that nobody agreed on", 9, "linux/amd64", true},
		{"a platform that is not named", 7, "linux/arm64", true},
	} {
		if run(each.hash, each.platform) != each.ended {
			t.Errorf("%s: ended is not %t", each.name, each.ended)
		}
	}
	if len(told) != 3 || told[0] != 50 {
		t.Errorf("told %v", told)
	}
}

// notes says whether a statement that an account sends to a block is refused, and if it is noted.
func notes(app *App, ctx sdk.Context, account byte, statement *upgrade.Statement) (refusal string, noted bool) {
	// Beyond the nonces with which the first account creates the contracts.
	if refusal := app.refusal(ctx, accountOf(account), 9, &upgrade.Address, statement.Text()); refusal != "" {
		return refusal, false
	}
	ctx, _ = ctx.WithExecMode(sdk.ExecModeFinalize).CacheContext()
	sent := message(account, plain(0, &upgrade.Address, statement.Text()), ethtypes.LatestSignerForChainID(big.NewInt(chainID)))
	was := app.upgrades.Last(ctx, statement.Key)
	_, err := hearStatements{app}.AnteHandle(ctx, wrap(app, sent), false, func(ctx sdk.Context, _ sdk.Tx, _ bool) (sdk.Context, error) {
		return ctx, nil
	})
	must(err)
	last := app.upgrades.Last(ctx, statement.Key)
	return "", last != nil && bytes.Equal(last.Text(), statement.Text()) && (was == nil || !bytes.Equal(was.Text(), last.Text()))
}

// @actor who reads the ledger | to have a validator’s statement count for another chain or plan, or again after a newer one
func TestStatementsAreTakenOfValidatorsAlone(t *testing.T) {
	app := begun()
	ctx := state(app).WithBlockHeight(40)
	const hospital, laboratory, insurer, pharmacy, joined = 0, 1, 2, 3, 5
	enrol(app, ctx, accountOf(6), 11, 0)
	enrol(app, ctx, accountOf(1), 11, 1)
	chain := app.ChainID()
	record(app, ctx, change(joined, 10))
	record(app, ctx, change(insurer, 0))
	must(app.slashing.Jail(ctx, addressOf(pharmacy)))
	must(app.slashing.Tombstone(ctx, addressOf(pharmacy)))
	_, err := app.end(ctx.WithBlockGasMeter(storetypes.NewInfiniteGasMeter()))
	must(err)
	app.upgrades.State(ctx, signedBy(laboratory, chain, 30, planAt(50, 8)))
	to := upgrade.Address
	good := signedBy(hospital, chain, 30, planAt(50, 7))
	altered := func(alter func(*upgrade.Statement)) *upgrade.Statement {
		copied := *good
		alter(&copied)
		return &copied
	}
	flipped := bytes.Clone(good.Signature)
	flipped[9] ^= 1
	// Taken, and not noted: what holds for it can change until its block, and a refusal there holds up its sender.
	const without = "without effect"
	for _, each := range []struct {
		name      string
		account   byte
		statement *upgrade.Statement
		refusal   string
	}{
		{"a validator's", 6, good, ""},
		{"one of as far a block as may be", 6, signedBy(hospital, chain, 1040, planAt(5000, 7)), ""},
		{"one of a farther block", 6, signedBy(hospital, chain, 1041, planAt(5000, 7)), without},
		{"that of a validator that joined", 6, signedBy(joined, chain, 30, planAt(50, 7)), ""},
		{"a stranger sends it", 9, good, strange},
		{"a suspended administrator sends it", 1, good, strange},
		{"an administrator's own key", 6, signedBy(99, chain, 30, planAt(50, 7)), without},
		{"a former key", 6, signedBy(insurer, chain, 30, planAt(50, 7)), without},
		{"the key of one that is out for good", 6, signedBy(pharmacy, chain, 30, planAt(50, 7)), without},
		{"no signature", 6, altered(func(s *upgrade.Statement) { s.Signature = make([]byte, 64) }), "not signed"},
		{"an altered signature", 6, altered(func(s *upgrade.Statement) { s.Signature = flipped }), "not signed"},
		{"signed by another validator", 6, altered(func(s *upgrade.Statement) {
			s.Signature = signedBy(laboratory, chain, 30, planAt(50, 7)).Signature
		}), "not signed"},
		{"signed for another plan: a hash", 6, altered(func(s *upgrade.Statement) { s.Plan = *planAt(50, 9) }), "not signed"},
		{"signed for another plan: its block", 6, altered(func(s *upgrade.Statement) { s.Plan = *planAt(51, 7) }), "not signed"},
		{"signed at another block", 6, altered(func(s *upgrade.Statement) { s.Block = 31 }), "not signed"},
		{"signed for another chain", 6, signedBy(hospital, chain+"0", 30, planAt(50, 7)), "not signed"},
		{"signed for no chain", 6, signedBy(hospital, "", 30, planAt(50, 7)), "not signed"},
		{"an older one again", 6, signedBy(laboratory, chain, 29, planAt(60, 7)), without},
		{"the last one again", 6, signedBy(laboratory, chain, 30, planAt(50, 8)), without},
		{"another one of the same block", 6, signedBy(laboratory, chain, 30, planAt(50, 7)), without},
		{"a newer one", 6, signedBy(laboratory, chain, 31, planAt(50, 7)), ""},
		{"the present block", 6, signedBy(hospital, chain, 30, planAt(40, 7)), without},
		{"a block of before", 6, signedBy(hospital, chain, 29, planAt(30, 7)), without},
		{"the next block", 6, signedBy(hospital, chain, 30, planAt(41, 7)), ""},
	} {
		got, noted := notes(app, ctx, each.account, each.statement)
		if got == "" && !noted {
			got = without
		}
		if (each.refusal == "") != (got == "") || !strings.Contains(got, each.refusal) {
			t.Errorf("%s: %q", each.name, got)
		}
	}
	for _, data := range [][]byte{nil, []byte("{}"), planAt(50, 7).Text()} {
		if got := app.refusal(ctx, accountOf(6), 9, &to, data); !strings.Contains(got, "malformed") {
			t.Errorf("%s: %q", data, got)
		}
	}
}

// @actor an account that is admitted | to bring another one's statement first, so that nothing that it sends after it is taken
func TestAStatementThatAnotherAccountBroughtFirstHoldsUpNothing(t *testing.T) {
	app := begun()
	height := app.LastBlockHeight()
	text := signedBy(0, app.ChainID(), height, planAt(height+50, 7)).Text()
	later := signedBy(0, app.ChainID(), height+1, planAt(height+51, 7))
	of := func(account byte, nonce uint64, data []byte) []byte {
		return encode(app, wrap(app, message(account, plain(nonce, &upgrade.Address, data), signerOf(chainID))))
	}
	txs := [][]byte{of(2, 0, text), of(1, 0, text), of(1, 1, later.Text())}
	if !isAccepted(app, txs...) {
		t.Error("the block is refused")
	}
	for place, each := range runBlock(app, txs...).TxResults {
		if each.Code != 0 {
			t.Errorf("transaction %d: %s", place, each.Log)
		}
	}
	if last := app.upgrades.Last(state(app), later.Key); last == nil || last.Block != later.Block {
		t.Errorf("noted is %+v", last)
	}
}

// Accounts in organisations' names bring validators' statements to the ledger, and cannot make one.
func TestAStatementIsNotedAsItsValidatorSignedIt(t *testing.T) {
	app := begun()
	ctx := state(app).WithBlockHeight(40).WithExecMode(sdk.ExecModeFinalize)
	statement := signedBy(0, app.ChainID(), 30, planAt(50, 7))
	sent := message(6, plain(0, &upgrade.Address, statement.Text()), ethtypes.LatestSignerForChainID(big.NewInt(chainID)))
	_, err := hearStatements{app}.AnteHandle(ctx, wrap(app, sent), false, func(ctx sdk.Context, _ sdk.Tx, _ bool) (sdk.Context, error) {
		return ctx, nil
	})
	must(err)
	if last := app.upgrades.Last(ctx, statement.Key); last == nil || !bytes.Equal(last.Text(), statement.Text()) {
		t.Errorf("noted is %+v", last)
	}
}

// @actor a majority of the authority | to put a program in force by accounts that it enrols in the names of others
func TestStatementsOfKeysWithoutAValidatorDoNotCount(t *testing.T) {
	app := begun()
	ctx := state(app)
	for number := byte(100); number < 104; number++ {
		app.upgrades.State(ctx, signedBy(number, app.ChainID(), 1, planAt(50, 7)))
	}
	states(app, ctx, "hospital", planAt(50, 7))
	states(app, ctx, "insurer", planAt(50, 7))
	decide(app, ctx, 50)
	if lapsed := app.upgrades.LastLapsed(ctx); app.upgrades.InForce(ctx) != nil || strings.Join(lapsed.Stated, " ") != "hospital insurer" {
		t.Errorf("lapsed is %+v", lapsed)
	}
}

// A key that is replaced before the block counts no more, and the one in its place states for itself.
// @actor a thief of a former key | to state in the name of a validator
func TestAStatementByAFormerKeyDoesNotCount(t *testing.T) {
	app := begun()
	for _, again := range []bool{false, true} {
		ctx := state(app)
		for _, organisation := range founders[:3] {
			states(app, ctx, organisation, planAt(50, 7))
		}
		gone, replaced := change(2, 0), change(8, 10)
		replaced.Organisation = gone.Organisation
		record(app, ctx, gone)
		record(app, ctx, replaced)
		if again {
			app.upgrades.State(ctx, signedBy(8, app.ChainID(), 1, planAt(50, 7)))
		}
		decide(app, ctx, 48)
		decide(app, ctx, 50)
		if plan := app.upgrades.InForce(ctx); (plan != nil) != again {
			t.Errorf("in force is %+v", plan)
		}
	}
}

// A change of stake counts two blocks after the one that carries it out: those who sign the upgrade's first block are others than
// those who have stake at the end of the block before it.
func TestAnUpgradeNeedsThoseWhoSignItsFirstBlockAndThoseWhoSignTheNext(t *testing.T) {
	app := begun()
	const laboratory, pharmacy = 1, 3
	out := func(number byte) func(sdk.Context) {
		return func(ctx sdk.Context) {
			must(app.slashing.Jail(ctx, addressOf(number)))
			must(app.slashing.Tombstone(ctx, addressOf(number)))
		}
	}
	stake := func(number byte, power uint64) func(sdk.Context) {
		return func(ctx sdk.Context) { record(app, ctx, change(number, power)) }
	}
	leave := []func(sdk.Context){stake(laboratory, 0), stake(pharmacy, 0)}
	for _, each := range []struct {
		name   string
		stated string
		// What happens in the blocks 48 and 49.
		earlier, last []func(sdk.Context)
		want          bool
	}{
		{"nothing changes", "hospital insurer pharmacy", nil, nil, true},
		{"all others leave in the last block", "hospital insurer", nil, leave, false},
		{"all others leave a block earlier", "hospital insurer", leave, nil, true},
		{"those who stated get most stake in the last block", "hospital insurer pharmacy",
			[]func(sdk.Context){stake(laboratory, 100)}, []func(sdk.Context){stake(laboratory, 10)}, false},
		{"another gets most stake in the last block", "hospital insurer pharmacy", nil, []func(sdk.Context){stake(laboratory, 100)}, false},
		{"all others are out for good in the last block", "hospital insurer", nil,
			[]func(sdk.Context){out(laboratory), out(pharmacy)}, false},
		{"one who stated not is out for good in the last block", "hospital insurer pharmacy", nil,
			[]func(sdk.Context){out(laboratory)}, true},
		{"others join in the last block", "hospital insurer pharmacy", nil,
			[]func(sdk.Context){stake(5, 1), stake(6, 1), stake(7, 1)}, false},
	} {
		t.Run(each.name, func(t *testing.T) {
			ctx := state(app)
			for _, organisation := range strings.Fields(each.stated) {
				states(app, ctx, organisation, planAt(50, 7))
			}
			for height, acts := range [][]func(sdk.Context){each.earlier, each.last} {
				for _, act := range acts {
					act(ctx)
				}
				decide(app, ctx, int64(49+height))
			}
			if plan := app.upgrades.InForce(ctx); (plan != nil) != each.want {
				t.Errorf("in force is %+v", plan)
			}
			if lapsed := app.upgrades.LastLapsed(ctx); (lapsed == nil) != each.want {
				t.Errorf("lapsed is %+v", lapsed)
			}
		})
	}
}

// written changes the newest state, as a transaction of the next block would.
func written(app *App, write func(sdk.Context)) {
	store := app.CommitMultiStore().CacheMultiStore()
	write(state(app).WithMultiStore(store))
	store.Write()
}

// Two of four state an upgrade at block 5.
func partStated(app *App) {
	runBlock(app)
	runBlock(app)
	written(app, func(ctx sdk.Context) {
		for _, organisation := range founders[:2] {
			states(app, ctx, organisation, planAt(5, 7))
		}
	})
	runBlock(app)
}

// The two others leave in block 4, which decides.
func partDecided(t *testing.T, app *App) {
	written(app, func(ctx sdk.Context) {
		record(app, ctx, change(2, 0))
		record(app, ctx, change(3, 0))
	})
	runBlock(app)
	if voters, err := app.voters(state(app)); err != nil || len(voters) != 2 {
		t.Fatalf("%v, %v", voters, err)
	}
	if plan, lapsed := app.upgrades.InForce(state(app)), app.upgrades.LastLapsed(state(app)); plan != nil || lapsed == nil {
		t.Errorf("in force is %+v, lapsed is %+v", plan, lapsed)
	}
	must(os.WriteFile(filepath.Join(os.Getenv(folderOfRun), "state"), app.LastCommitID().Hash, 0o600))
}

func TestPartTwoStated(t *testing.T)      { partStated(onFolder(t)) }
func TestPartTheOthersLeave(t *testing.T) { partDecided(t, onFolder(t)) }
func TestPartTwoStatedOthersLeave(t *testing.T) {
	app := onFolder(t)
	partStated(app)
	partDecided(t, app)
}

func TestAnUpgradeIsDecidedAlikeAfterARestart(t *testing.T) {
	once, again := t.TempDir(), t.TempDir()
	run(t, "TestPartTwoStatedOthersLeave", once)
	run(t, "TestPartTwoStated", again)
	run(t, "TestPartTheOthersLeave", again)
	first, err := os.ReadFile(filepath.Join(once, "state"))
	must(err)
	second, err := os.ReadFile(filepath.Join(again, "state"))
	must(err)
	if !bytes.Equal(first, second) {
		t.Errorf("%x is not %x", second, first)
	}
}
