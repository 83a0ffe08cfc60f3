package node

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"golang.org/x/sync/errgroup"

	"cosmossdk.io/log/v2"
)

const (
	// mostBeginnings is at how many starts a folder is to begin with a snapshot, before all blocks are fetched.
	mostBeginnings = 3
	// snapshotPatience is how long nothing of a snapshot may come.
	snapshotPatience = 30 * time.Second
)

// beginningFile counts the starts of a folder that is to begin with a snapshot; it is gone once the folder has a block.
func beginningFile(home string) string { return filepath.Join(dataFolder(home), "beginning") }

// beginning decides whether a folder begins with a snapshot: one that has blocks does not, and one for which none came does
// no longer. What a beginning that was cut off left is removed: half a state cannot be gone on with.
func beginning(home string, settings *Settings, logger log.Logger) (bool, error) {
	text, err := os.ReadFile(beginningFile(home))
	isBegun := err == nil
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return false, err
	}
	if isBegun {
		if err := emptyData(home); err != nil {
			return false, err
		}
	}
	if len(settings.SnapshotSources) == 0 {
		return false, nil
	}
	if _, err := os.Stat(filepath.Join(dataFolder(home), "blockstore.db")); err == nil {
		return false, nil
	}
	starts, _ := strconv.Atoi(strings.TrimSpace(string(text)))
	if starts >= mostBeginnings {
		logger.Warn("no snapshot could be taken: all blocks are fetched", "starts", starts)
		return false, nil
	}
	// It is there before anything of a snapshot is.
	file, err := os.Create(beginningFile(home))
	if err != nil {
		return false, err
	}
	_, err = fmt.Fprintln(file, starts+1)
	return true, errors.Join(err, file.Sync(), file.Close())
}

// emptyData removes everything of a node but what it signed last, and the mark of its beginning last of all.
func emptyData(home string) error {
	found, err := os.ReadDir(dataFolder(home))
	if err != nil {
		return err
	}
	kept := map[string]bool{filepath.Base(stateFile(home)): true, filepath.Base(beginningFile(home)): true}
	for _, each := range found {
		if kept[each.Name()] {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dataFolder(home), each.Name())); err != nil {
			return err
		}
	}
	return os.Remove(beginningFile(home))
}

// arrivals are the moments at which parts of a snapshot came.
type arrivals struct{ last atomic.Int64 }

func (a *arrivals) came() { a.last.Store(time.Now().UnixNano()) }

func (a *arrivals) since() time.Duration { return time.Since(time.Unix(0, a.last.Load())) }

// OfferSnapshot hears that there is one.
func (p *provable) OfferSnapshot(request *abci.RequestOfferSnapshot) (*abci.ResponseOfferSnapshot, error) {
	p.arrivals.came()
	return p.App.OfferSnapshot(request)
}

// ApplySnapshotChunk takes a part of one.
func (p *provable) ApplySnapshotChunk(request *abci.RequestApplySnapshotChunk) (*abci.ResponseApplySnapshotChunk, error) {
	defer p.arrivals.came()
	return p.App.ApplySnapshotChunk(request)
}

// followBeginning ends with an error if nothing of a snapshot comes for too long, so that the node is started again.
func followBeginning(ctx context.Context, group *errgroup.Group, home string, height func() int64, arrived *arrivals) {
	arrived.came()
	group.Go(func() error {
		ticker := time.NewTicker(time.Second)
		defer ticker.Stop()
		for height() == 0 {
			select {
			case <-ctx.Done():
				return nil
			case <-ticker.C:
			}
			if arrived.since() > snapshotPatience {
				return fmt.Errorf("nothing of a snapshot came for %v", snapshotPatience)
			}
		}
		return os.Remove(beginningFile(home))
	})
}
