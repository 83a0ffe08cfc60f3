package index

import (
	"context"
	"errors"
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	cmttypes "github.com/cometbft/cometbft/types"
	dbm "github.com/cosmos/cosmos-db"
)

// chain has blocks from base to done.
type chain struct {
	base, done int64
	read       func(height int64)
	err        error
}

func (c *chain) Base() int64 { return c.base }
func (c *chain) Done() int64 { return c.done }
func (c *chain) Read(height int64) (*cmttypes.Block, []*abci.ExecTxResult, error) {
	if c.read != nil {
		c.read(height)
	}
	return &cmttypes.Block{Header: cmttypes.Header{Height: height}}, nil, c.err
}

// heights are those that were written.
type heights struct {
	found []int64
	err   error
}

func (h *heights) IndexBlock(block *cmttypes.Block, _ []*abci.ExecTxResult) error {
	h.found = append(h.found, block.Height)
	return h.err
}

func followed(t *testing.T, database dbm.DB, writer *heights, blocks *chain) (*Index, error) {
	t.Helper()
	index, err := Open(database, writer, blocks)
	if err != nil {
		t.Fatal(err)
	}
	return index, index.catchUp(context.Background())
}

func requireHeights(t *testing.T, found []int64, from, to int64) {
	t.Helper()
	if int64(len(found)) != to-from+1 {
		t.Fatalf("%v instead of %d to %d", found, from, to)
	}
	for place, height := range found {
		if height != from+int64(place) {
			t.Fatalf("%v instead of %d to %d", found, from, to)
		}
	}
}

func TestBeginsWithTheFirstBlockHoweverLateItIsStarted(t *testing.T) {
	writer := &heights{}
	index, err := followed(t, dbm.NewMemDB(), writer, &chain{base: 1, done: 7})
	if err != nil || index.Whole() != 7 {
		t.Fatal(err, index.Whole())
	}
	requireHeights(t, writer.found, 1, 7)
}

func TestGoesOnAfterTheLastBlockThatItHas(t *testing.T) {
	database := dbm.NewMemDB()
	blocks := &chain{base: 1, done: 7}
	if _, err := followed(t, database, &heights{}, blocks); err != nil {
		t.Fatal(err)
	}
	blocks.done = 9
	writer := &heights{}
	if _, err := followed(t, database, writer, blocks); err != nil {
		t.Fatal(err)
	}
	requireHeights(t, writer.found, 8, 9)
}

func TestPassesOverBlocksThatWerePruned(t *testing.T) {
	writer := &heights{}
	blocks := &chain{base: 4, done: 20}
	blocks.read = func(height int64) {
		if height == 10 {
			blocks.base, blocks.err, blocks.read = 15, errors.New("pruned"), func(int64) { blocks.err = nil }
		}
	}
	index, err := followed(t, dbm.NewMemDB(), writer, blocks)
	if err != nil || index.Whole() != 20 {
		t.Fatal(err, index.Whole())
	}
	requireHeights(t, writer.found[:6], 4, 9)
	requireHeights(t, writer.found[6:], 15, 20)
}

func TestABlockIsNotWholeBeforeItsTransactionsCanBeFound(t *testing.T) {
	blocks := &chain{base: 1, done: 3}
	index, err := Open(dbm.NewMemDB(), &heights{err: errors.New("disk full")}, blocks)
	if err != nil {
		t.Fatal(err)
	}
	next := index.Next()
	if index.catchUp(context.Background()) == nil || index.Whole() != 0 {
		t.Fatal("a block that was not written counts", index.Whole())
	}
	select {
	case <-next:
		t.Fatal("a block that was not written was told")
	default:
	}
}

func TestTellsOfEachNewBlock(t *testing.T) {
	index, err := Open(dbm.NewMemDB(), &heights{}, &chain{base: 1, done: 1})
	if err != nil {
		t.Fatal(err)
	}
	next := index.Next()
	if err := index.catchUp(context.Background()); err != nil {
		t.Fatal(err)
	}
	<-next
	select {
	case <-index.Next():
		t.Fatal("a block that is not there was told")
	default:
	}
}
