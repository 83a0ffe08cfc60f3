package app

import (
	"bytes"
	"errors"
	"math/big"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core"
	ethtypes "github.com/ethereum/go-ethereum/core/types"
	gethrpc "github.com/ethereum/go-ethereum/rpc"

	abci "github.com/cometbft/cometbft/abci/types"
	cmttypes "github.com/cometbft/cometbft/types"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkmempool "github.com/cosmos/cosmos-sdk/types/mempool"
	sdktx "github.com/cosmos/cosmos-sdk/types/tx"

	evmtypes "github.com/cosmos/evm/x/vm/types"
)

// hashOf is a transaction's hash, by its number.
func hashOf(number int) common.Hash {
	return common.BytesToHash([]byte{byte(number >> 8), byte(number)})
}

// fill has transactions of an account wait until one is refused; how many.
func fill(w *waiting, sender common.Address, gas uint64, times int) (taken int) {
	for ; ; taken++ {
		inserted, err := w.enter(sender, crossed(sender, taken), gas, times)
		if err != nil {
			return taken
		}
		inserted()
	}
}

// crossed is a hash that no other account's transaction has.
func crossed(sender common.Address, number int) common.Hash {
	hash := hashOf(number)
	copy(hash[:20], sender.Bytes())
	return hash
}

func always(has bool) func(common.Hash) bool { return func(common.Hash) bool { return has } }

// poolOf is a pool that counts, and has what it counted.
func poolOf(app *App) *Pool {
	pool := &Pool{waiting: newWaiting(always(true)), admits: app.admits, signer: signerOf(chainID)}
	pool.begun.Store(true)
	return pool
}

func TestAnAccountHasNoMoreWaitingThanItsBounds(t *testing.T) {
	first, other := accountOf(1), accountOf(2)
	for _, each := range []struct {
		name  string
		gas   uint64
		times int
		taken int
	}{
		{"small ones", 21_000, 1, mostWaiting},
		{"the dearest", maxTransactionGas, 1, mostGasWaiting / maxTransactionGas},
		{"small ones that others were given", 21_000, heardTimes, heardTimes * mostWaiting},
		{"the dearest that others were given", maxTransactionGas, heardTimes, heardTimes * mostGasWaiting / maxTransactionGas},
	} {
		t.Run(each.name, func(t *testing.T) {
			w := newWaiting(always(true))
			for _, sender := range []common.Address{first, other} {
				if got := fill(w, sender, each.gas, each.times); got != each.taken {
					t.Errorf("%d of %s wait", got, sender)
				}
			}
		})
	}
}

func TestARefusalBeyondTheBoundsIsJSONRPCsOwn(t *testing.T) {
	w := newWaiting(always(true))
	fill(w, accountOf(1), 21_000, 1)
	_, err := w.enter(accountOf(1), hashOf(999), 21_000, 1)
	var coded gethrpc.Error
	var told gethrpc.DataError
	if !errors.As(err, &coded) || coded.ErrorCode() != -32005 || !errors.As(err, &told) {
		t.Fatalf("it says %v", err)
	}
	if data, ok := told.ErrorData().(map[string]string); !ok || data["code"] != "QUOTA_SPENT" {
		t.Errorf("its data is %v", told.ErrorData())
	}
}

func TestWhatThePoolNoLongerHasMakesRoom(t *testing.T) {
	sender := accountOf(1)
	held := map[common.Hash]bool{}
	w := newWaiting(func(hash common.Hash) bool { return held[hash] })
	for number := range mostWaiting {
		inserted, err := w.enter(sender, hashOf(number), 21_000, 1)
		if err != nil {
			t.Fatal(err)
		}
		// The last one is still on its way into the pool, and counts.
		if number < mostWaiting-1 {
			held[hashOf(number)] = true
			inserted()
		}
	}
	if _, err := w.enter(sender, hashOf(500), 21_000, 1); err == nil {
		t.Error("one more waits than may")
	}
	if _, err := w.enter(sender, hashOf(3), 21_000, 1); err != nil {
		t.Errorf("one that waits already is refused: %v", err)
	}
	delete(held, hashOf(3))
	if _, err := w.enter(sender, hashOf(500), 21_000, 1); err != nil {
		t.Errorf("there is no room after a block: %v", err)
	}
	if _, err := w.enter(sender, hashOf(501), 21_000, 1); err == nil {
		t.Error("one block's room is taken twice")
	}
}

func TestThePoolCountsOnlyWhatTheGateWouldTake(t *testing.T) {
	app := begun()
	state(app)
	pool := poolOf(app)
	legacy := &ethtypes.LegacyTx{To: &common.Address{}, Gas: 50_000, GasPrice: new(big.Int)}
	stolen := message(7, plain(0, &common.Address{}, nil), signerOf(chainID))
	stolen.From = accountOf(1).Bytes()
	for name, tx := range map[string]sdk.Tx{
		"a stranger's":                     waits(app, 7, 0, 21_000),
		"a stranger's in a founder's name": wrap(app, stolen),
		"more bytes than one may have":     wrap(app, message(1, plain(0, &common.Address{}, make([]byte, mostBytes)), signerOf(chainID))),
		"more gas than one may have":       waits(app, 1, 0, maxTransactionGas+1),
		"one that holds on every chain":    wrap(app, message(1, legacy, ethtypes.HomesteadSigner{})),
		"less gas than any needs":          waits(app, 1, 0, 20_999),
	} {
		if _, err := pool.enter(tx, 1); err == nil {
			t.Errorf("%s: it is taken", name)
		}
	}
	if len(pool.waiting.accounts) != 0 {
		t.Error("an account has less room for it")
	}
	if _, err := pool.enter(waits(app, 1, 0, maxTransactionGas), 1); err != nil {
		t.Errorf("a founder's is refused: %v", err)
	}
}

// hollow is the text of a transaction that carries none of Ethereum.
func hollow(app *App) []byte {
	var raw sdktx.TxRaw
	must(raw.Unmarshal(encode(app, waits(app, 1, 0, 21_000))))
	var body sdktx.TxBody
	must(body.Unmarshal(raw.BodyBytes))
	empty, err := (&evmtypes.MsgEthereumTx{From: accountOf(1).Bytes()}).Marshal()
	must(err)
	body.Messages[0].Value = empty
	raw.BodyBytes, err = body.Marshal()
	must(err)
	text, err := raw.Marshal()
	must(err)
	return text
}

// @actor whoever reads the ledger | to fill an account's places in the pool
func TestWhatABlockHasAlreadyTakesNoPlace(t *testing.T) {
	app := begun()
	pool := poolOf(app)
	mined := waits(app, 4, 0, 21_000)
	runBlock(app, encode(app, mined))
	_, err := pool.enter(mined, 1)
	if !errors.Is(err, core.ErrNonceTooLow) {
		t.Errorf("it says %v", err)
	}
	if len(pool.waiting.accounts) != 0 {
		t.Error("an account has less room for it")
	}
	if _, err := pool.enter(waits(app, 4, 1, 21_000), 1); err != nil {
		t.Errorf("its next one is refused: %v", err)
	}
}

// A validator whose settings name a peer must take its connection, whatever it says there.
// @actor a validator | to fill another's pool by gossip
func TestGossipThatTheGateWouldRefuseStopsAtTheDoor(t *testing.T) {
	app := begun()
	state(app)
	pool := poolOf(app)
	hears := pool.hear(app.TxDecode)
	for _, text := range [][]byte{nil, {1, 2, 3}, make([]byte, 1<<20)} {
		if answer, err := hears(&abci.RequestInsertTx{Tx: text}); err == nil && answer.Code == abci.CodeTypeOK {
			t.Errorf("%d bytes that are no transaction are taken", len(text))
		}
	}
	if answer, err := hears(&abci.RequestInsertTx{Tx: hollow(app)}); err == nil && answer.Code == abci.CodeTypeOK {
		t.Error("one that carries nothing is taken")
	}
	stolen := message(7, plain(0, &common.Address{}, nil), signerOf(chainID))
	stolen.From = accountOf(1).Bytes()
	long := message(1, plain(0, &common.Address{}, make([]byte, mostBytes)), signerOf(chainID))
	for name, tx := range map[string]sdk.Tx{
		"a stranger's":                     waits(app, 7, 0, 21_000),
		"a stranger's in a founder's name": wrap(app, stolen),
		"one that is too long":             wrap(app, long),
		"one with too much gas":            waits(app, 1, 0, maxTransactionGas+1),
	} {
		answer, err := hears(&abci.RequestInsertTx{Tx: encode(app, tx)})
		if err != nil || answer.Code == abci.CodeTypeOK || answer.Code >= abci.CodeTypeRetry {
			t.Errorf("%s: %v, %v", name, answer, err)
		}
	}
	if len(pool.waiting.accounts) != 0 {
		t.Error("an account has less room for it")
	}
}

// What CometBFT is not told to take again it keeps away until it was forgotten, also once there is room.
func TestWhatIsRefusedForTheMomentMayComeAgain(t *testing.T) {
	app := begun()
	full, unready := poolOf(app), poolOf(app)
	fill(full.waiting, accountOf(1), 21_000, heardTimes)
	unready.begun.Store(false)
	text := encode(app, waits(app, 1, 0, 21_000))
	for name, pool := range map[string]*Pool{"beyond the account's bounds": full, "before the first block": unready} {
		heard, err := pool.hear(app.TxDecode)(&abci.RequestInsertTx{Tx: text})
		if err != nil || heard.Code < abci.CodeTypeRetry {
			t.Errorf("%s, of a peer: %v, %v", name, heard, err)
		}
		checked, err := pool.check(app.TxDecode, time.Second)(nil, &abci.RequestCheckTx{Tx: text, Type: abci.CheckTxType_New})
		if err != nil || checked.Code < abci.CodeTypeRetry {
			t.Errorf("%s, of CometBFT's RPC: %v, %v", name, checked, err)
		}
	}
	checked, err := poolOf(app).check(app.TxDecode, time.Second)(nil, &abci.RequestCheckTx{
		Tx: encode(app, waits(app, 7, 0, 21_000)), Type: abci.CheckTxType_New,
	})
	if err != nil || checked.Code == abci.CodeTypeOK || checked.Code >= abci.CodeTypeRetry {
		t.Errorf("a stranger's: %v, %v", checked, err)
	}
}

func TestARefusalBeforeTheFirstBlockIsOneThatPasses(t *testing.T) {
	pool := poolOf(begun())
	pool.begun.Store(false)
	_, err := pool.enter(waits(begun(), 1, 0, 21_000), 1)
	var told gethrpc.DataError
	if !errors.As(err, &told) {
		t.Fatalf("it says %v", err)
	}
	if data, ok := told.ErrorData().(map[string]string); !ok || data["code"] != "OVERLOADED" {
		t.Errorf("its data is %v", told.ErrorData())
	}
}

// A validator that starts again runs the blocks that it missed as fast as it can, and CometBFT's events end for whoever
// does not keep up.
func TestThePoolJudgesByTheNewestBlockAlsoIfEventsEnd(t *testing.T) {
	app, bus := begun(), cmttypes.NewEventBus()
	must(bus.Start())
	defer func() { must(bus.Stop()) }()
	app.Pool().SetEventBus(bus)
	next := app.evm.GetNonce(state(app), accountOf(4))
	for range 3 {
		runBlock(app, encode(app, waits(app, 4, next, 21_000)))
		for range 1000 {
			must(bus.PublishEventNewBlockHeader(cmttypes.EventDataNewBlockHeader{}))
		}
		next++
	}
	promoted := make(chan core.NewTxsEvent, 1)
	defer app.Pool().GetTxPool().SubscribeTransactions(promoted, false).Unsubscribe()
	tx := waits(app, 4, next, 21_000)
	if err := app.Pool().Insert(t.Context(), tx); err != nil {
		t.Fatal(err)
	}
	select {
	case <-promoted:
	case <-time.After(10 * time.Second):
		t.Fatal("it waits for transactions that blocks have already")
	}
	sent, err := app.Pool().ReapNewValidTxs(0, 0)
	if err != nil || len(sent) != 1 || !bytes.Equal(sent[0], encode(app, tx)) {
		t.Errorf("%d are sent to other validators: %v", len(sent), err)
	}
	runBlock(app, encode(app, tx))
}

// promotions gives a wait until so many transactions can be in the next block.
func promotions(t *testing.T, app *App) func(count int) {
	heard := make(chan core.NewTxsEvent, 10)
	t.Cleanup(app.Pool().GetTxPool().SubscribeTransactions(heard, false).Unsubscribe)
	return func(count int) {
		t.Helper()
		for waiting := 0; waiting < count; {
			select {
			case event := <-heard:
				waiting += len(event.Txs)
			case <-time.After(10 * time.Second):
				t.Fatalf("%d of %d wait", waiting, count)
			}
		}
	}
}

// promote gives transactions to the pool of a state machine, until all of them can be in the next block.
func promote(t *testing.T, app *App, txs ...sdk.Tx) {
	t.Helper()
	promoted := promotions(t, app)
	for _, tx := range txs {
		if err := app.Pool().Insert(t.Context(), tx); err != nil {
			t.Fatal(err)
		}
	}
	promoted(len(txs))
}

func TestTheNextNonceComesAfterWhatWaitsWithoutAGap(t *testing.T) {
	app := begun()
	first := app.evm.GetNonce(state(app), accountOf(4))
	next := func(wanted uint64) {
		t.Helper()
		if got := app.Pool().NextNonce(accountOf(4)); got != first+wanted {
			t.Errorf("%d instead of %d", got, first+wanted)
		}
	}
	next(0)
	waiting := []sdk.Tx{waits(app, 4, first, 21_000), waits(app, 4, first+1, 21_000)}
	promote(t, app, waiting...)
	next(2)
	gapped := waits(app, 4, first+3, 21_000)
	if err := app.Pool().Insert(t.Context(), gapped); err != nil {
		t.Fatal(err)
	}
	next(2)
	waiting = append(waiting, waits(app, 4, first+2, 21_000), gapped)
	promote(t, app, waiting[2])
	next(4)
	for _, tx := range waiting {
		runBlock(app, encode(app, tx))
	}
	next(4)
	if got := app.Pool().NextNonce(accountOf(7)); got != 0 {
		t.Errorf("a stranger's is %d", got)
	}
}

// A validator runs a proposal while the others still vote on it, and they may decide for another one.
func TestWhatABlockCarriedThatWasNotDecidedStillWaits(t *testing.T) {
	app := begun()
	first := app.evm.GetNonce(state(app), accountOf(4))
	for nonce := first; nonce < first+3; nonce++ {
		tx := waits(app, 4, nonce, 21_000)
		promote(t, app, tx)
		must(app.Pool().RemoveWithReason(t.Context(), tx, sdkmempool.RemoveReason{Caller: sdkmempool.CallerRunTxFinalize}))
		runBlock(app)
		if left := waitingIn(app); left != 1 {
			t.Fatalf("after another block %d of 1 wait", left)
		}
		runBlock(app, encode(app, tx))
		if left := waitingIn(app); left != 0 {
			t.Fatalf("after its block %d wait", left)
		}
	}
}

// waitingIn is how many transactions the next block can have.
func waitingIn(app *App) (count int) {
	app.Pool().SelectBy(state(app), nil, func(sdk.Tx) bool {
		count++
		return true
	})
	return count
}
