package node

import (
	"context"
	"errors"
	"time"

	"github.com/cometbft/cometbft/consensus"
	cstypes "github.com/cometbft/cometbft/consensus/types"
	cmtlog "github.com/cometbft/cometbft/libs/log"
	cmtnode "github.com/cometbft/cometbft/node"
	"github.com/cometbft/cometbft/store"
)

const (
	// lookEvery is how often a resting validator looks for transactions.
	lookEvery = 20 * time.Millisecond
	// restedAfter is how long a validator may rest before the next block's time, which is that of the votes on the last
	// one, is too old to judge transactions by.
	restedAfter = time.Second
)

// timeout has the fields of what CometBFT waits for.
type timeout struct {
	Duration time.Duration         `json:"duration"`
	Height   int64                 `json:"height"`
	Round    int32                 `json:"round"`
	Step     cstypes.RoundStepType `json:"step"`
}

// timeoutOf is CometBFT's own type, which has no name outside its package.
type timeoutOf interface {
	~struct {
		Duration time.Duration         `json:"duration"`
		Height   int64                 `json:"height"`
		Round    int32                 `json:"round"`
		Step     cstypes.RoundStepType `json:"step"`
	}
}

// ticker is CometBFT's interface of a timer.
type ticker[T timeoutOf] interface {
	Start() error
	Stop() error
	Chan() <-chan T
	ScheduleTimeout(T)
	SetLogger(cmtlog.Logger)
}

// restingTicker has a validator wait longer for the next block while there is nothing to put into it.
//
// Only the beginning of a height is put off, and each validator does it by itself: one that hears of a proposal votes for
// it also while it rests, and a turn that nobody takes is passed on as ever.
type restingTicker[T timeoutOf] struct {
	ticker[T]
	// wasEmpty tells whether the block of a height had no transactions.
	wasEmpty func(height int64) bool
	// waiting is how many transactions wait.
	waiting func() int
	// rested is told of a height before which the validator rested for long.
	rested  func(height int64)
	longest time.Duration
	cancel  context.CancelFunc
}

func newRestingTicker[T timeoutOf](
	inner ticker[T], longest time.Duration, wasEmpty func(int64) bool, waiting func() int, rested func(int64),
) *restingTicker[T] {
	return &restingTicker[T]{
		ticker: inner, wasEmpty: wasEmpty, waiting: waiting, rested: rested, longest: longest, cancel: func() {},
	}
}

// Stop ends the timer.
func (t *restingTicker[T]) Stop() error {
	t.cancel()
	return t.ticker.Stop()
}

// ScheduleTimeout begins another wait, which ends the last one.
func (t *restingTicker[T]) ScheduleTimeout(next T) {
	t.cancel()
	if timeout(next).Step != cstypes.RoundStepNewHeight {
		t.ticker.ScheduleTimeout(next)
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.cancel = cancel
	go t.rest(ctx, timeout(next))
}

func (t *restingTicker[T]) rest(ctx context.Context, next timeout) {
	began := time.Now()
	quiet := t.wasEmpty(next.Height - 1)
	for pause := next.Duration; ; pause = lookEvery {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		waited := time.Since(began)
		if !quiet || waited >= t.longest || t.waiting() > 0 {
			break
		}
		if waited-next.Duration > restedAfter {
			t.rested(next.Height)
		}
	}
	next.Duration = 0
	t.ticker.ScheduleTimeout(T(next))
}

// rest has a validator make blocks slowly while no transaction waits and the last block had none. One that had some is
// followed by the next as usual, for its state and results are proven by the next one's header.
func rest(
	state *consensus.State, blocks *store.BlockStore, longest time.Duration, waiting func() int, rested func(height int64),
) {
	inner := consensus.NewTimeoutTicker()
	inner.SetLogger(state.Logger)
	state.SetTimeoutTicker(newRestingTicker(inner, longest, func(height int64) bool {
		block := blocks.LoadBlockMeta(height)
		return block != nil && block.NumTxs == 0
	}, waiting, rested))
}

// stateOf is the part of a node that makes and votes for blocks. It ends when it cannot write, and tells nobody: the rest
// of the node would go on and show old blocks.
func stateOf(node *cmtnode.Node) (*consensus.State, error) {
	environment, err := node.ConfigureRPC()
	if err != nil {
		return nil, err
	}
	state, ok := environment.ConsensusState.(*consensus.State)
	if !ok {
		return nil, errors.New("the consensus is of an unknown kind")
	}
	return state, nil
}
