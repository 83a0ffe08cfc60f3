package app

import (
	"context"

	abci "github.com/cometbft/cometbft/abci/types"

	"github.com/cosmos/cosmos-sdk/baseapp"
	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkmempool "github.com/cosmos/cosmos-sdk/types/mempool"
)

// maxBlockTransactions keeps the time in which a block's signatures are verified below that in which it must be proposed.
const maxBlockTransactions = 500

// propose makes a block of what waits. All of it is checked against the newest state once more, as the other validators
// will: a mempool can be a block behind.
func (app *App) propose(pool sdkmempool.Mempool) sdk.PrepareProposalHandler {
	handler := baseapp.NewDefaultProposalHandler(pool, app.BaseApp)
	handler.SetTxSelector(fewTransactions{baseapp.NewDefaultTxSelector()})
	prepare := handler.PrepareProposalHandler()
	return func(ctx sdk.Context, request *abci.RequestPrepareProposal) (*abci.ResponsePrepareProposal, error) {
		if request.Height == app.rested.Load() {
			return &abci.ResponsePrepareProposal{}, nil
		}
		return prepare(ctx, request)
	}
}

// Rested says that this validator waited long before the block of a height. The time of a block is that of the votes on
// the last one, so this block carries nothing: deadlines would be judged by a time that is long past. What woke the
// ledger up is in the next one.
func (app *App) Rested(height int64) { app.rested.Store(height) }

// fewTransactions stops at the most transactions that a block may have.
type fewTransactions struct{ baseapp.TxSelector }

func (s fewTransactions) SelectTxForProposal(ctx context.Context, maxBytes, maxGas uint64, tx sdk.Tx, text []byte) bool {
	full := s.TxSelector.SelectTxForProposal(ctx, maxBytes, maxGas, tx, text)
	return full || len(s.SelectedTxs(ctx)) == maxBlockTransactions
}

// judgeProposal votes for a block only if the gate takes each of its transactions and their gas limits keep to the
// block's. Whoever proposes may be dishonest: a block's transactions run to the end of their limits, so without this one
// validator could have all others compute for hours, or fill their disks with what nobody may send.
func (app *App) judgeProposal(ctx sdk.Context, request *abci.RequestProcessProposal) (*abci.ResponseProcessProposal, error) {
	reject := &abci.ResponseProcessProposal{Status: abci.ResponseProcessProposal_REJECT}
	if len(request.Txs) > maxBlockTransactions {
		return reject, nil
	}
	limit := ctx.ConsensusParams().Block.MaxGas
	var gas uint64
	for _, text := range request.Txs {
		tx, err := app.ProcessProposalVerifyTx(text)
		if err != nil {
			return reject, nil
		}
		limited, ok := tx.(sdk.FeeTx)
		if !ok || limited.GetGas() > uint64(limit)-gas {
			return reject, nil
		}
		gas += limited.GetGas()
	}
	return &abci.ResponseProcessProposal{Status: abci.ResponseProcessProposal_ACCEPT}, nil
}
