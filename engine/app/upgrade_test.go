package app

import (
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

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
	must(app.upgrades.Decide(ctx.WithBlockHeight(height-1), func() ([]upgrade.Voter, error) { return app.voters(ctx) }))
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
