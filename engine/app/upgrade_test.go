package app

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"medseal.example/engine/program"
	"medseal.example/engine/upgrade"
)

var founders = []string{"hospital", "laboratory", "insurer", "pharmacy"}

func wordOf(organisation string) (word common.Hash) {
	copy(word[:], organisation)
	return word
}

// enrolFor has the Registry know an account as an administrator of an organisation, suspended or not.
func enrolFor(app *App, ctx sdk.Context, account common.Address, organisation string, suspended byte) {
	enrol(app, ctx, account, 11, suspended)
	next := crypto.Keccak256Hash(common.LeftPadBytes(account.Bytes(), 32), common.LeftPadBytes([]byte{2}, 32))
	next[31]++
	app.evm.SetState(ctx, registry, next, wordOf(organisation).Bytes())
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
				app.upgrades.State(ctx, wordOf(organisation), plan)
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
			for _, left := range app.upgrades.Statements(ctx) {
				if left.Plan.Height <= 50 {
					t.Errorf("%+v is still there", left)
				}
			}
		})
	}
}

func TestOnlyAnOrganisationsLastStatementCounts(t *testing.T) {
	app := begun()
	ctx := state(app)
	for _, organisation := range founders {
		app.upgrades.State(ctx, wordOf(organisation), planAt(50, 7))
	}
	for _, organisation := range founders[:2] {
		app.upgrades.State(ctx, wordOf(organisation), planAt(60, 8))
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
		app.upgrades.State(ctx, wordOf(organisation), planAt(50, 7))
	}
	decide(app, ctx, 50)
	app.upgrades.State(ctx, wordOf("hospital"), planAt(60, 8))
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
		app.upgrades.State(ctx, wordOf(organisation), planAt(50, 7))
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

func TestStatementsAreTakenOfOrganisationsWithAValidatorAlone(t *testing.T) {
	app := begun()
	ctx := state(app).WithBlockHeight(40)
	enrolFor(app, ctx, accountOf(0), "hospital", 0)
	enrolFor(app, ctx, accountOf(1), "insurer", 1)
	enrolFor(app, ctx, accountOf(5), "university", 0)
	enrolFor(app, ctx, accountOf(6), "laboratory", 0)
	to := upgrade.Address
	good := planAt(50, 7).Text()
	for _, each := range []struct {
		name    string
		account byte
		data    []byte
		refusal string
	}{
		{"an administrator", 0, good, ""},
		{"another administrator", 6, good, ""},
		{"a suspended one", 1, good, strange},
		{"a founder whom the Registry does not have yet", 2, good, "no validator"},
		{"a stranger", 9, good, strange},
		{"an organisation without a validator", 5, good, "no validator"},
		{"the present block", 0, planAt(40, 7).Text(), "late"},
		{"a block of before", 0, planAt(30, 7).Text(), "late"},
		{"the next block", 0, planAt(41, 7).Text(), ""},
		{"no plan", 0, []byte("{}"), "malformed"},
		{"nothing", 0, nil, "malformed"},
	} {
		// Beyond the nonces with which the first account creates the contracts.
		got := app.refusal(ctx, accountOf(each.account), 9, &to, each.data)
		if (each.refusal == "") != (got == "") || !strings.Contains(got, each.refusal) {
			t.Errorf("%s: %q", each.name, got)
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
				app.upgrades.State(ctx, wordOf(organisation), planAt(50, 7))
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
			app.upgrades.State(ctx, wordOf(organisation), planAt(5, 7))
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
