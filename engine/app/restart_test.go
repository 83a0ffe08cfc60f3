package app

import (
	"bytes"
	"os"
	"os/exec"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"

	dbm "github.com/cosmos/cosmos-db"
)

// folderOfRun names the folder of a state machine in a process of its own: the EVM keeps its settings in the process, so
// one cannot start twice in it.
const folderOfRun = "MEDSEAL_TEST_FOLDER"

// run has another process play one of the parts below on a folder.
func run(t *testing.T, part, folder string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^"+part+"$")
	command.Env = append(os.Environ(), folderOfRun+"="+folder)
	if said, err := command.CombinedOutput(); err != nil {
		if place := bytes.Index(said, []byte("panic:")); place >= 0 {
			said = said[place:min(len(said), place+500)]
		}
		t.Fatalf("%v: %s", err, said)
	}
}

// onFolder opens the state machine of this process' folder.
func onFolder(t *testing.T) *App {
	t.Helper()
	folder := os.Getenv(folderOfRun)
	if folder == "" {
		t.Skip("a part of another test, in a process of its own")
	}
	database, err := dbm.NewDB("application", dbm.GoLevelDBBackend, folder)
	must(err)
	document, err := Genesis(termsOf())
	must(err)
	app := newAppOn(document.ChainID, database)
	if app.LastBlockHeight() == 0 {
		_, err := app.InitChain(initRequest(document))
		must(err)
	}
	t.Cleanup(func() { must(app.Close()) })
	return app
}

// toPropose is what the next block has, as this validator would propose it.
func toPropose(app *App) [][]byte {
	answer, err := app.PrepareProposal(&abci.RequestPrepareProposal{
		Height: app.LastBlockHeight() + 1, Time: time.Unix(1_750_000_001+app.LastBlockHeight(), 0), MaxTxBytes: maxBlockBytes,
	})
	must(err)
	return answer.Txs
}

func TestPartFirstBlocks(t *testing.T) {
	app := onFolder(t)
	for range 3 {
		runBlock(app)
	}
}

func TestPartTransactionsBeforeTheFirstBlock(t *testing.T) {
	app := onFolder(t)
	to := accountOf(1)
	if refusal, err := app.Refusal(accountOf(1), 0, &to, nil); err != nil || refusal != "" {
		t.Fatalf("JSON-RPC's: %q, %v", refusal, err)
	}
	if refusal, err := app.Refusal(accountOf(7), 0, &to, nil); err != nil || refusal == "" {
		t.Fatalf("a stranger's: %q, %v", refusal, err)
	}
	takeTwo(t, app)
}

func TestPartTransactionsAfterTheFirstBlock(t *testing.T) {
	app := onFolder(t)
	runBlock(app)
	takeTwo(t, app)
}

// takeTwo has the next block carry a transaction that this validator was given, and one that another was.
func takeTwo(t *testing.T, app *App) {
	t.Helper()
	promoted := promotions(t, app)
	if err := app.Pool().Insert(t.Context(), waits(app, 1, 0, 21_000)); err != nil {
		t.Fatal(err)
	}
	heard, err := app.Pool().hear(app.TxDecode)(&abci.RequestInsertTx{Tx: encode(app, waits(app, 2, 0, 21_000))})
	if err != nil || heard.Code != abci.CodeTypeOK {
		t.Fatalf("another's: %v, %v", heard, err)
	}
	promoted(2)
	txs := toPropose(app)
	if len(txs) != 2 {
		t.Fatalf("the block has %d of 2", len(txs))
	}
	for _, result := range runBlock(app, txs...).TxResults {
		if result.Code != abci.CodeTypeOK {
			t.Errorf("one failed: %s", result.Log)
		}
	}
}

func TestPartTransactionsOfANewAccount(t *testing.T) {
	app := onFolder(t)
	txs := one(app, 1, 3, 21_000)
	promote(t, app, txs[2], txs[0], txs[1])
	if next := app.Pool().NextNonce(accountOf(1)); next != 3 {
		t.Errorf("the next nonce is %d", next)
	}
	if block := toPropose(app); len(block) != 3 {
		t.Errorf("the next block has %d of 3", len(block))
	}
}

// Its first transactions may be several, in any order, as everybody else's.
func TestAnAccountThatTheLedgerHasNotSeenMayHaveSeveralWaiting(t *testing.T) {
	folder := t.TempDir()
	run(t, "TestPartFirstBlocks", folder)
	run(t, "TestPartTransactionsOfANewAccount", folder)
}

// All validators may start at once: then nobody has a block to fetch, and a ledger at rest makes its first after seconds.
func TestAValidatorThatStartedAgainTakesTransactions(t *testing.T) {
	for name, part := range map[string]string{
		"before its first block": "TestPartTransactionsBeforeTheFirstBlock",
		"after its first block":  "TestPartTransactionsAfterTheFirstBlock",
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			run(t, "TestPartFirstBlocks", folder)
			run(t, part, folder)
		})
	}
}
