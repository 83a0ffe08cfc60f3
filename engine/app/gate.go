package app

import (
	"fmt"
	"slices"

	"github.com/cosmos/gogoproto/proto"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core"
	ethtypes "github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"
	errortypes "github.com/cosmos/cosmos-sdk/types/errors"
	"github.com/cosmos/cosmos-sdk/x/auth/ante"

	ethante "github.com/cosmos/evm/ante/evm"
	evmtypes "github.com/cosmos/evm/x/vm/types"

	"medseal.example/engine/rules"
)

// maxTransactionGas is the most gas that one transaction can have (EIP-7825), so that a block has room for several.
const maxTransactionGas = 1 << 24

// gate is what a transaction passes before it runs. Only Ethereum's transactions are taken, and only those of accounts
// that the Registry admits: stake, parameters and everything else are changed by contracts.
func (app *App) gate(maxGas uint64) sdk.AnteHandler {
	ethereum := "/" + proto.MessageName(&evmtypes.ExtensionOptionsEthereumTx{})
	return func(ctx sdk.Context, tx sdk.Tx, simulate bool) (sdk.Context, error) {
		extended, ok := tx.(ante.HasExtensionOptionsTx)
		if !ok || len(extended.GetExtensionOptions()) != 1 || extended.GetExtensionOptions()[0].GetTypeUrl() != ethereum {
			return ctx, errorsmod.Wrap(errortypes.ErrUnauthorized, "only Ethereum transactions are taken")
		}
		params := app.evm.GetParams(ctx)
		fees := app.feeMarket.GetParams(ctx)
		return sdk.ChainAnteDecorators(
			ethante.NewEVMMonoDecorator(app.accounts, app.feeMarket, app.evm, maxGas, &params, &fees),
			onlyAdmitted{app},
			hearStatements{app},
			tellPending{app},
		)(ctx, tx, simulate)
	}
}

// onlyAdmitted refuses transactions of accounts that may not send; it runs once the signature was verified.
type onlyAdmitted struct{ app *App }

func (d onlyAdmitted) AnteHandle(ctx sdk.Context, tx sdk.Tx, simulate bool, next sdk.AnteHandler) (sdk.Context, error) {
	for _, message := range tx.GetMsgs() {
		call, ok := message.(*evmtypes.MsgEthereumTx)
		if !ok {
			return ctx, errorsmod.Wrap(errortypes.ErrUnknownRequest, "only Ethereum transactions are taken")
		}
		inner := call.AsTransaction()
		// One without a chain's id would hold on every network. A delegated account runs code in its own name, which
		// could create other contracts where the founders' are to be.
		if !inner.Protected() || inner.Type() == ethtypes.SetCodeTxType {
			return ctx, errorsmod.Wrap(errortypes.ErrInvalidRequest, "transactions of this kind are not taken")
		}
		if inner.Gas() > maxTransactionGas {
			return ctx, errorsmod.Wrapf(errortypes.ErrOutOfGas, "transaction gas limit too high: %d at most", maxTransactionGas)
		}
		if refusal := d.app.refusal(ctx, common.BytesToAddress(call.GetFrom()), inner.Nonce(), inner.To(), inner.Data()); refusal != "" {
			return ctx, errorsmod.Wrap(errortypes.ErrUnauthorized, refusal)
		}
	}
	return next(ctx, tx, simulate)
}

const (
	strange = "the sender is not admitted"
	foreign = "the code is not one of the network's contracts"
)

// refusal says why the ledger does not take a transaction; it is empty if it does. It takes those of administrators that
// the Registry has and that are not suspended, and of founders until the Registry has them. The first founder's first
// transactions can only create the contracts that the terms name, and nobody creates others than of their codes, or of those that
// upgrades named since.
func (app *App) refusal(ctx sdk.Context, account common.Address, nonce uint64, to *common.Address, data []byte) string {
	terms := app.stake.Terms(ctx)
	if len(terms.Senders) > 0 && account == terms.Senders[0] && nonce < uint64(len(terms.Creations)) {
		if to == nil && crypto.Keccak256Hash(data) == terms.Creations[nonce] {
			return ""
		}
		return strange
	}
	sender := rules.SenderOf(app.storage(ctx), terms.Registry, account)
	if sender == rules.Refused || sender == rules.Stranger && !slices.Contains(terms.Senders, account) {
		return strange
	}
	if to == nil && !terms.Codes.Create(data) && !app.upgrades.Codes(ctx).Create(data) {
		return foreign
	}
	return app.stated(to, data)
}

// Refusal says why the ledger does not take a transaction, by the newest state; it is empty if it does.
func (app *App) Refusal(account common.Address, nonce uint64, to *common.Address, data []byte) (string, error) {
	if !app.pool.begun.Load() {
		return "", early{}
	}
	ctx, err := app.newest()
	if err != nil {
		return "", err
	}
	return app.refusal(ctx, account, nonce, to, data), nil
}

// admits refuses a transaction that is not to wait: what the gate would refuse in each block, such as one that a block
// has already. Anybody can send that again in its sender's name.
func (app *App) admits(tx sdk.Tx) error {
	ctx, err := app.newest()
	if err != nil {
		return err
	}
	_, err = onlyAdmitted{app}.AnteHandle(ctx, tx, false, func(ctx sdk.Context, _ sdk.Tx, _ bool) (sdk.Context, error) {
		return ctx, nil
	})
	if err != nil {
		return err
	}
	for _, message := range tx.GetMsgs() {
		if call, ok := message.(*evmtypes.MsgEthereumTx); ok {
			nonce, next := call.AsTransaction().Nonce(), app.evm.GetNonce(ctx, call.GetSender())
			if nonce < next {
				return fmt.Errorf("%w: next nonce %d, tx nonce %d", core.ErrNonceTooLow, next, nonce)
			}
		}
	}
	return nil
}

// storage reads words of contracts in the state of a context.
func (app *App) storage(ctx sdk.Context) rules.Storage {
	return func(contract common.Address, key common.Hash) common.Hash {
		return app.evm.GetState(ctx, contract, key)
	}
}

// tellPending tells subscribers of transactions that wait.
type tellPending struct{ app *App }

func (d tellPending) AnteHandle(ctx sdk.Context, tx sdk.Tx, simulate bool, next sdk.AnteHandler) (sdk.Context, error) {
	if ctx.IsCheckTx() && !ctx.IsReCheckTx() && !simulate {
		for _, message := range tx.GetMsgs() {
			if call, ok := message.(*evmtypes.MsgEthereumTx); ok {
				for _, listener := range d.app.listeners {
					listener(call.Hash())
				}
			}
		}
	}
	return next(ctx, tx, simulate)
}
