package node

import (
	"sync/atomic"
	"testing"
	"time"

	cstypes "github.com/cometbft/cometbft/consensus/types"
	cmtlog "github.com/cometbft/cometbft/libs/log"
)

// waits are what a timer under test is asked to wait for.
type waits chan timeout

func (waits) Start() error                   { return nil }
func (waits) Stop() error                    { return nil }
func (waits) Chan() <-chan timeout           { return nil }
func (w waits) ScheduleTimeout(next timeout) { w <- next }
func (waits) SetLogger(cmtlog.Logger)        {}

const usual = 30 * time.Millisecond

func TestABeginningIsPutOffWhileNothingWaits(t *testing.T) {
	cases := []struct {
		name           string
		empty          bool
		wakes          time.Duration // when a transaction comes; never if 0
		longest        time.Duration
		atLeast, under time.Duration
		rested         int64
	}{
		{"nothing waits", true, 0, 300 * time.Millisecond, 300 * time.Millisecond, time.Second, 0},
		{"the last block had transactions", false, 0, time.Minute, usual, time.Second, 0},
		{"a transaction waits already", true, 1, time.Minute, usual, time.Second, 0},
		{"a transaction comes", true, 200 * time.Millisecond, time.Minute, 200 * time.Millisecond, time.Second, 0},
		{"a transaction comes late", true, 1300 * time.Millisecond, time.Minute, 1300 * time.Millisecond, 3 * time.Second, 7},
		{"no rest is wanted", true, 0, 1, usual, time.Second, 0},
	}
	for _, each := range cases {
		t.Run(each.name, func(t *testing.T) {
			t.Parallel()
			fired := make(waits, 1)
			began := time.Now()
			var rested atomic.Int64
			ticker := newRestingTicker(fired, each.longest, func(height int64) bool { return each.empty && height == 6 },
				func() int {
					if each.wakes > 0 && time.Since(began) >= each.wakes {
						return 1
					}
					return 0
				}, rested.Store)
			ticker.ScheduleTimeout(timeout{Duration: usual, Height: 7, Step: cstypes.RoundStepNewHeight})
			next := <-fired
			if took := time.Since(began); took < each.atLeast || took > each.under {
				t.Errorf("it took %s", took)
			}
			if next != (timeout{Height: 7, Step: cstypes.RoundStepNewHeight}) {
				t.Errorf("it waits for %+v", next)
			}
			if rested.Load() != each.rested {
				t.Errorf("it rested before block %d", rested.Load())
			}
		})
	}
}

func TestARestEndsWhenTheConsensusGoesOnWithoutIt(t *testing.T) {
	fired := make(waits, 2)
	ticker := newRestingTicker(fired, 200*time.Millisecond, func(int64) bool { return true }, func() int { return 0 },
		func(int64) {})
	ticker.ScheduleTimeout(timeout{Height: 7, Step: cstypes.RoundStepNewHeight})
	vote := timeout{Duration: time.Second, Height: 7, Step: cstypes.RoundStepPrevoteWait}
	ticker.ScheduleTimeout(vote)
	if next := <-fired; next != vote {
		t.Errorf("it waits for %+v", next)
	}
	select {
	case next := <-fired:
		t.Errorf("it then waits for %+v", next)
	case <-time.After(400 * time.Millisecond):
	}
}
