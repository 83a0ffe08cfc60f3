package app

import (
	"context"
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	ethtypes "github.com/ethereum/go-ethereum/core/types"

	abci "github.com/cometbft/cometbft/abci/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkmempool "github.com/cosmos/cosmos-sdk/types/mempool"

	evmtypes "github.com/cosmos/evm/x/vm/types"
)

// line is a pool whose transactions come in a fixed order.
type line struct {
	sdkmempool.NoOpMempool
	txs     []sdk.Tx
	removed int
}

func (l *line) SelectBy(_ context.Context, _ [][]byte, takes func(sdk.Tx) bool) {
	for _, tx := range l.txs {
		if !takes(tx) {
			return
		}
	}
}

func (l *line) Remove(sdk.Tx) error {
	l.removed++
	return nil
}

func (l *line) RemoveWithReason(context.Context, sdk.Tx, sdkmempool.RemoveReason) error {
	l.removed++
	return nil
}

// waits is a transaction of an account with a gas limit.
func waits(app *App, sender byte, nonce, gas uint64) sdk.Tx {
	somewhere := common.HexToAddress("0x1234")
	return wrap(app, message(sender, &ethtypes.DynamicFeeTx{
		ChainID: big.NewInt(chainID), Nonce: nonce, To: &somewhere, Gas: gas, GasFeeCap: new(big.Int), GasTipCap: new(big.Int),
	}, signerOf(chainID)))
}

// proposed is what a block has of what waits: how many transactions of each account.
func proposed(t *testing.T, app *App, txs ...sdk.Tx) (all [][]byte, each map[common.Address]int) {
	t.Helper()
	app.mempool = &line{txs: txs}
	t.Cleanup(func() { app.mempool = nil })
	answer, err := app.PrepareProposal(&abci.RequestPrepareProposal{
		Height: app.LastBlockHeight() + 1, Time: time.Unix(1_750_000_001+app.LastBlockHeight(), 0), MaxTxBytes: maxBlockBytes,
	})
	must(err)
	each = map[common.Address]int{}
	for _, text := range answer.Txs {
		tx, err := app.TxDecode(text)
		must(err)
		each[common.BytesToAddress(tx.GetMsgs()[0].(*evmtypes.MsgEthereumTx).From)]++
	}
	return answer.Txs, each
}

// one sends so many transactions from its first nonce on, each with a gas limit.
func one(app *App, sender byte, count int, gas uint64) (txs []sdk.Tx) {
	for nonce := range count {
		txs = append(txs, waits(app, sender, uint64(nonce), gas))
	}
	return txs
}

func TestAProposalIsOneThatTheOthersTake(t *testing.T) {
	app := begun()
	first := func(gas ...uint64) (txs []sdk.Tx) {
		for nonce, each := range gas {
			txs = append(txs, waits(app, 1, uint64(nonce), each))
		}
		return txs
	}
	for name, each := range map[string]struct {
		waiting []sdk.Tx
		taken   int
	}{
		"nothing":                    {nil, 0},
		"more than a block may have": {one(app, 1, maxBlockTransactions+1, 21_000), maxBlockTransactions},
		// @actor an administrator | to have every block refused
		"one that fits no more, and a small one after it": {
			first(15_000_000, 15_000_000, 15_000_000, 16_000_000, 50_000), 3},
		"a stranger's, and a founder's": {append(one(app, 7, 2, 50_000), one(app, 1, 2, 50_000)...), 2},
		"what is in a block already, and what comes after it": {
			append([]sdk.Tx{waits(app, 1, 0, 50_000)}, one(app, 1, 3, 50_000)...), 3},
		"a gap": {[]sdk.Tx{waits(app, 1, 0, 50_000), waits(app, 1, 2, 50_000)}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			block, _ := proposed(t, app, each.waiting...)
			if len(block) != each.taken || !isAccepted(app, block...) {
				t.Errorf("a block of %d, accepted: %t", len(block), isAccepted(app, block...))
			}
		})
	}
}

func TestAnAccountGetsNoMoreThanItsShareWhileOthersWait(t *testing.T) {
	app := begun()
	for _, each := range []struct {
		name    string
		waiting [][]sdk.Tx
		// taken are the transactions that the block has of each.
		taken []int
	}{
		{"one alone", [][]sdk.Tx{one(app, 1, 500, 21_000)}, []int{500}},
		{"a flood of small ones before another's few", [][]sdk.Tx{one(app, 1, 700, 21_000), one(app, 2, 3, 3_000_000)}, []int{497, 3}},
		{"a flood of the dearest before another's few", [][]sdk.Tx{one(app, 1, 9, maxTransactionGas), one(app, 2, 5, 3_000_000)}, []int{2, 5}},
		{"two floods before another's one", [][]sdk.Tx{
			one(app, 1, 700, 21_000), one(app, 2, 9, maxTransactionGas), one(app, 3, 1, maxTransactionGas)}, []int{0, 0, 1}},
		{"three who want as much", [][]sdk.Tx{
			one(app, 1, 300, 100_000), one(app, 2, 300, 100_000), one(app, 3, 300, 100_000)}, []int{166, 166, 166}},
	} {
		t.Run(each.name, func(t *testing.T) {
			block, found := proposed(t, app, slices.Concat(each.waiting...)...)
			for place, wanted := range each.taken {
				if got := found[accountOf(byte(place+1))]; got < wanted {
					t.Errorf("account %d has %d transactions, not %d", place+1, got, wanted)
				}
			}
			if !isAccepted(app, block...) {
				t.Error("the others refuse it")
			}
		})
	}
}

// Each transaction of these takes so much of a block that there are fewer turns than accounts.
func TestWhoIsFirstChangesFromBlockToBlock(t *testing.T) {
	app := begun()
	first := map[common.Address]int{}
	for height := range int64(64) {
		order := newTurns(height, func(takes func(sdk.Tx) bool) {
			for _, tx := range []sdk.Tx{waits(app, 1, 0, 21_000), waits(app, 2, 0, 21_000), waits(app, 3, 0, 21_000)} {
				takes(tx)
			}
		})
		message, _ := messageOf(order.next().take())
		first[message.GetSender()]++
	}
	for number := byte(1); number <= 3; number++ {
		if first[accountOf(number)] < 10 {
			t.Errorf("account %d is first %d times in 64", number, first[accountOf(number)])
		}
	}
}
