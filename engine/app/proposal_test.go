package app

import (
	"math/big"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	ethtypes "github.com/ethereum/go-ethereum/core/types"

	abci "github.com/cometbft/cometbft/abci/types"
)

func isAccepted(app *App, txs ...[]byte) bool {
	answer, err := app.ProcessProposal(&abci.RequestProcessProposal{
		Height: app.LastBlockHeight() + 1, Time: time.Unix(1_750_000_001+app.LastBlockHeight(), 0), Txs: txs,
	})
	must(err)
	return answer.IsAccepted()
}

// A validator that proposes a block may be dishonest: what honest ones would not put into a block, they do not vote for.
func TestAProposalIsAcceptedOnlyIfTheGateTakesAllOfIt(t *testing.T) {
	app := begun()
	somewhere := common.HexToAddress("0x1234")
	of := func(sender byte, nonce, gas uint64) []byte {
		return encode(app, wrap(app, message(sender, &ethtypes.DynamicFeeTx{
			ChainID: big.NewInt(chainID), Nonce: nonce, To: &somewhere, Gas: gas, GasFeeCap: new(big.Int), GasTipCap: new(big.Int),
		}, signerOf(chainID))))
	}
	many := func(count uint64) (txs [][]byte) {
		for nonce := range count {
			txs = append(txs, of(1, nonce, 21_000))
		}
		return txs
	}
	cases := []struct {
		name     string
		txs      [][]byte
		accepted bool
	}{
		{"an empty one", nil, true},
		{"a founder's transactions", [][]byte{of(1, 0, 50_000), of(1, 1, 50_000)}, true},
		{"a stranger's transaction", [][]byte{of(1, 0, 50_000), of(7, 0, 50_000)}, false},
		{"the same transaction twice", [][]byte{of(1, 0, 50_000), of(1, 0, 50_000)}, false},
		{"bytes that are no transaction", [][]byte{{1, 2, 3}}, false},
		{"as much gas as a block may have", [][]byte{
			of(1, 0, maxBlockGas/4), of(1, 1, maxBlockGas/4), of(1, 2, maxBlockGas/4), of(1, 3, maxBlockGas/4)}, true},
		{"as much gas as a transaction may have", [][]byte{of(1, 0, maxTransactionGas)}, true},
		{"more gas than a transaction may have", [][]byte{of(1, 0, maxTransactionGas+1)}, false},
		{"as many as a block may have", many(maxBlockTransactions), true},
		{"more than a block may have", many(maxBlockTransactions + 1), false},
		{"more gas than a block may have", [][]byte{
			of(1, 0, maxBlockGas/4), of(1, 1, maxBlockGas/4), of(1, 2, maxBlockGas/4), of(1, 3, maxBlockGas/4), of(1, 4, 50_000)}, false},
	}
	for _, each := range cases {
		t.Run(each.name, func(t *testing.T) {
			if isAccepted(app, each.txs...) != each.accepted {
				t.Errorf("accepted is not %t", each.accepted)
			}
		})
	}
}

func TestABlockAfterALongRestCarriesNothing(t *testing.T) {
	app := begun()
	height := app.LastBlockHeight() + 1
	for rested, carried := range map[int64]int{height: 0, height - 1: 1} {
		app.Rested(rested)
		if block, _ := proposed(t, app, waits(app, 1, 0, 50_000)); len(block) != carried {
			t.Errorf("after a rest before block %d block %d carries %d transactions", rested, height, len(block))
		}
	}
}
