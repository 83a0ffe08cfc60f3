package app

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ethereum/go-ethereum/common"
	ethtypes "github.com/ethereum/go-ethereum/core/types"

	abci "github.com/cometbft/cometbft/abci/types"

	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"
	errortypes "github.com/cosmos/cosmos-sdk/types/errors"
	sdkmempool "github.com/cosmos/cosmos-sdk/types/mempool"

	evmmempool "github.com/cosmos/evm/mempool"
	evmkeeper "github.com/cosmos/evm/x/vm/keeper"
	"github.com/cosmos/evm/x/vm/statedb"
)

const (
	// mostWaiting and mostGasWaiting are how many transactions of one account may wait at a validator that is given them,
	// and how much gas they may have: four blocks' worth.
	mostWaiting    = 128
	mostGasWaiting = 4 * maxBlockGas
	// mostBytes is how long a transaction may be: the EVM's pool takes no longer ones.
	mostBytes = 128 << 10
	// heardTimes is how much more may wait of what other validators were given: they count at another moment.
	heardTimes = 2
)

// Pool is where transactions wait, of no account more than its bounds.
type Pool struct {
	*evmmempool.Mempool
	waiting *waiting
	// admits refuses what the gate would refuse, but does not verify the signature.
	admits func(sdk.Tx) error
	signer ethtypes.Signer
	// begun tells that there is a state to judge by. Before, the pool would refuse every transaction for good.
	begun atomic.Bool
	// ran are the transactions of the block that was run last, decided or not.
	ran []sdk.Tx
}

// RemoveWithReason forgets a transaction that no block can have. What a block has is forgotten once the block is decided:
// a validator runs proposals while the others still vote on them, and the pool would lose what was in one that failed.
func (p *Pool) RemoveWithReason(ctx context.Context, tx sdk.Tx, reason sdkmempool.RemoveReason) error {
	if reason.Caller == sdkmempool.CallerRunTxFinalize {
		p.ran = append(p.ran, tx)
		return nil
	}
	return p.Mempool.RemoveWithReason(ctx, tx, reason)
}

// run begins the run of a block, and ends that of another one before it, which was not decided.
func (p *Pool) run() { p.ran = nil }

// follow has what waits judged by the newest state. Whoever calls it has committed that state.
func (p *Pool) follow() {
	for _, tx := range p.ran {
		// A transaction was run, so it has a message, and nothing else is an error here.
		_ = p.Mempool.RemoveWithReason(context.Background(), tx, sdkmempool.RemoveReason{Caller: sdkmempool.CallerRunTxFinalize})
	}
	p.run()
	if !p.begun.Load() {
		// It passes over the first block that it hears of in this process, and takes no state from it.
		p.NotifyNewBlock()
	}
	p.NotifyNewBlock()
	if !p.begun.Load() {
		p.begun.Store(p.GetTxPool().Sync() == nil)
	}
}

// NextNonce is the nonce of an account's next transaction, after those that wait one after the other; 0 before there is a
// state.
func (p *Pool) NextNonce(account common.Address) uint64 {
	if !p.begun.Load() {
		return 0
	}
	return p.GetTxPool().PoolNonce(account)
}

// Insert has a transaction wait that a program of this organisation sends.
func (p *Pool) Insert(ctx context.Context, tx sdk.Tx) error {
	inserted, err := p.enter(tx, 1)
	if err != nil {
		return err
	}
	defer inserted()
	// A transaction counts until the pool has taken or refused it, also if whoever sent it does not wait for that.
	return p.Mempool.Insert(context.WithoutCancel(ctx), tx)
}

// hear has a transaction wait that another validator was given.
func (p *Pool) hear(decode sdk.TxDecoder) sdk.InsertTxHandler {
	return func(request *abci.RequestInsertTx) (*abci.ResponseInsertTx, error) {
		tx, err := decode(request.GetTx())
		if err != nil {
			return nil, fmt.Errorf("decoding a transaction: %w", err)
		}
		inserted, err := p.enter(tx, heardTimes)
		if err != nil {
			return &abci.ResponseInsertTx{Code: codeOf(err)}, nil
		}
		go func() {
			defer inserted()
			_ = p.Mempool.Insert(context.Background(), tx)
		}()
		return &abci.ResponseInsertTx{Code: abci.CodeTypeOK}, nil
	}
}

// check has a transaction wait that came through CometBFT's own RPC.
func (p *Pool) check(decode sdk.TxDecoder, patience time.Duration) sdk.CheckTxHandler {
	return func(_ sdk.RunTx, request *abci.RequestCheckTx) (*abci.ResponseCheckTx, error) {
		if request.Type != abci.CheckTxType_New {
			return nil, fmt.Errorf("a check of an unknown type: %s", request.Type)
		}
		tx, err := decode(request.GetTx())
		if err != nil {
			return nil, fmt.Errorf("decoding a transaction: %w", err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		err = p.Insert(ctx, tx)
		if passes(err) {
			return &abci.ResponseCheckTx{Code: abci.CodeTypeRetry, Log: err.Error()}, nil
		}
		return evmmempool.ErrAsCheckTxResponse(err), nil
	}
}

// codeOf tells CometBFT whether it may give a refused transaction to the pool again. It keeps away for good what comes a
// second time, from whichever peer, unless it was told so.
func codeOf(err error) uint32 {
	if passes(err) {
		return abci.CodeTypeRetry
	}
	return evmmempool.CodeTypeNoRetry
}

// passes tells whether the same transaction can be taken later.
func passes(err error) bool {
	return errors.As(err, new(overBounds)) || errors.As(err, new(early)) || errors.Is(err, evmmempool.ErrQueueFull)
}

// enter counts a transaction that the gate would take to its account; inserted tells that the pool has it, or refused it.
func (p *Pool) enter(tx sdk.Tx, times int) (inserted func(), err error) {
	if !p.begun.Load() {
		return nil, early{}
	}
	message, ok := messageOf(tx)
	if !ok {
		return nil, errorsmod.Wrap(errortypes.ErrUnknownRequest, "only Ethereum transactions are taken")
	}
	// A peer's may carry nothing at all.
	if err := message.ValidateBasic(); err != nil {
		return nil, err
	}
	if message.AsTransaction().Size() > mostBytes {
		return nil, errorsmod.Wrapf(errortypes.ErrTxTooLarge, "a transaction has %d bytes at most", mostBytes)
	}
	if err := p.admits(tx); err != nil {
		return nil, err
	}
	// The gate verifies this again. But nobody is to fill the places of another account.
	if err := message.VerifySender(p.signer); err != nil {
		return nil, errorsmod.Wrap(errortypes.ErrUnauthorized, err.Error())
	}
	return p.waiting.enter(message.GetSender(), message.Hash(), message.GetGas(), times)
}

// seen is the EVM's state as the pool reads it. An account that the ledger has not seen is one without code and
// transactions there; the pool would take it for one that runs code in its own name, of which one transaction may wait.
type seen struct{ *evmkeeper.Keeper }

// GetAccount is what the ledger has of an account.
func (s seen) GetAccount(ctx sdk.Context, account common.Address) *statedb.Account {
	if found := s.Keeper.GetAccount(ctx, account); found != nil {
		return found
	}
	return statedb.NewEmptyAccount()
}

// waiting counts what waits of each account.
type waiting struct {
	mutex    sync.Mutex
	accounts map[common.Address]map[common.Hash]*place
	// has tells whether the pool has a transaction.
	has func(common.Hash) bool
}

// place is a transaction that waits, or will at once.
type place struct {
	gas      uint64
	inserted bool
}

func newWaiting(has func(common.Hash) bool) *waiting {
	return &waiting{accounts: map[common.Address]map[common.Hash]*place{}, has: has}
}

func (w *waiting) enter(sender common.Address, hash common.Hash, gas uint64, times int) (inserted func(), err error) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	places := w.accounts[sender]
	if places == nil {
		places = map[common.Hash]*place{}
		w.accounts[sender] = places
	}
	if places[hash] != nil {
		return func() {}, nil
	}
	if !hasRoom(places, gas, times) {
		for each, found := range places {
			if found.inserted && !w.has(each) {
				delete(places, each)
			}
		}
		if !hasRoom(places, gas, times) {
			return nil, overBounds{}
		}
	}
	taken := &place{gas: gas}
	places[hash] = taken
	return func() {
		w.mutex.Lock()
		defer w.mutex.Unlock()
		taken.inserted = true
	}, nil
}

func hasRoom(places map[common.Hash]*place, gas uint64, times int) bool {
	most := uint64(times) * mostGasWaiting
	for _, each := range places {
		gas += each.gas
	}
	return len(places) < times*mostWaiting && gas <= most
}

// overBounds refuses what an account sends beyond its bounds, with JSON-RPC's code for a limit that is exceeded. Its data
// tells Medseal's programs which of their errors it is.
type overBounds struct{}

func (overBounds) Error() string {
	return fmt.Sprintf("%d transactions or %d gas of this account wait: send again after the next block",
		mostWaiting, mostGasWaiting)
}
func (overBounds) ErrorCode() int { return -32005 }
func (overBounds) ErrorData() any { return map[string]string{"code": "QUOTA_SPENT"} }

// early refuses what is sent before there is a state to judge it by: before the first block, or before the first one after
// a snapshot.
type early struct{}

func (early) Error() string  { return "the ledger has no block here yet: send again later" }
func (early) ErrorCode() int { return -32005 }
func (early) ErrorData() any { return map[string]string{"code": "OVERLOADED"} }
