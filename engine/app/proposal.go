package app

import (
	"errors"

	abci "github.com/cometbft/cometbft/abci/types"
	cmttypes "github.com/cometbft/cometbft/types"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkmempool "github.com/cosmos/cosmos-sdk/types/mempool"
)

// maxBlockTransactions keeps the time in which a block's signatures are verified below that in which it must be proposed.
const maxBlockTransactions = 500

// propose makes a block of what waits, in turns. All of it is checked against the newest state once more, as the other
// validators will: a mempool can be a block behind.
func (app *App) propose(ctx sdk.Context, request *abci.RequestPrepareProposal) (*abci.ResponsePrepareProposal, error) {
	answer := new(abci.ResponsePrepareProposal)
	if request.Height == app.rested.Load() || app.mempool == nil {
		return answer, nil
	}
	order := newTurns(request.Height, func(takes func(sdk.Tx) bool) {
		app.mempool.SelectBy(ctx, nil, takes)
	})
	gasLeft, bytesLeft := uint64(ctx.ConsensusParams().Block.MaxGas), uint64(request.MaxTxBytes)
	for next := order.next(); next != nil && len(answer.Txs) < maxBlockTransactions; next = order.next() {
		tx := next.take()
		gas, ok := gasOf(tx)
		if !ok || gas > gasLeft {
			next.leave()
			continue
		}
		text, err := app.PrepareProposalVerifyTx(tx)
		if err != nil {
			reason := sdkmempool.RemoveReason{Caller: sdkmempool.CallerPrepareProposalRemoveInvalid, Error: err}
			err := app.mempool.RemoveWithReason(ctx, tx, reason)
			if err != nil && !errors.Is(err, sdkmempool.ErrTxNotFound) {
				return nil, err
			}
			continue
		}
		size := uint64(cmttypes.ComputeProtoSizeForTxs([]cmttypes.Tx{text}))
		if size > bytesLeft {
			next.leave()
			continue
		}
		answer.Txs = append(answer.Txs, text)
		next.used += shareOf(gas, size)
		gasLeft -= gas
		bytesLeft -= size
	}
	return answer, nil
}

// Rested says that this validator waited long before the block of a height. The time of a block is that of the votes on
// the last one, so this block carries nothing: deadlines would be judged by a time that is long past. What woke the
// ledger up is in the next one.
func (app *App) Rested(height int64) { app.rested.Store(height) }

// judgeProposal votes for a block only if the gate takes each of its transactions and their gas limits keep to the
// block's. Whoever proposes may be dishonest: a block's transactions run to the end of their limits, so without this one
// validator could have all others compute for hours, or fill their disks with what nobody may send.
func (app *App) judgeProposal(ctx sdk.Context, request *abci.RequestProcessProposal) (*abci.ResponseProcessProposal, error) {
	reject := &abci.ResponseProcessProposal{Status: abci.ResponseProcessProposal_REJECT}
	if len(request.Txs) > maxBlockTransactions {
		return reject, nil
	}
	gasLeft := uint64(ctx.ConsensusParams().Block.MaxGas)
	for _, text := range request.Txs {
		tx, err := app.ProcessProposalVerifyTx(text)
		if err != nil {
			return reject, nil
		}
		gas, ok := gasOf(tx)
		if !ok || gas > gasLeft {
			return reject, nil
		}
		gasLeft -= gas
	}
	return &abci.ResponseProcessProposal{Status: abci.ResponseProcessProposal_ACCEPT}, nil
}
