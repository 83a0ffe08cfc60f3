package node

import (
	"testing"

	"github.com/cometbft/cometbft/crypto/ed25519"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	cmttypes "github.com/cometbft/cometbft/types"

	"medseal.example/engine/upgrade"
)

// blocks are commits by height; it says who signed them.
type blocks map[int64]cmttypes.PrivValidator

func (b blocks) LoadBlockCommit(height int64) *cmttypes.Commit {
	signer, ok := b[height]
	if !ok {
		return nil
	}
	key, _ := signer.GetPubKey()
	return &cmttypes.Commit{Height: height, Signatures: []cmttypes.CommitSig{
		{BlockIDFlag: cmttypes.BlockIDFlagAbsent}, {BlockIDFlag: cmttypes.BlockIDFlagCommit, ValidatorAddress: key.Address()},
	}}
}

func (b blocks) LoadSeenCommit(int64) *cmttypes.Commit { return nil }

func sign(guard *guardedSigner, height int64) error {
	return guard.SignVote("chain", &cmtproto.Vote{Type: cmtproto.PrevoteType, Height: height})
}

func TestASignerWhoseFolderIsOlderThanItsSignaturesSignsNothing(t *testing.T) {
	own := cmttypes.NewMockPVWithParams(ed25519.GenPrivKey(), false, false)
	other := cmttypes.NewMockPVWithParams(ed25519.GenPrivKey(), false, false)
	cases := []struct {
		name     string
		blocks   blocks
		restored bool
		refused  bool
	}{
		{"nothing was signed since", blocks{10: own, 11: other, 12: other}, false, false},
		{"no block is there since", blocks{}, false, false},
		{"a block since has its signature", blocks{10: own, 11: other, 12: own}, false, true},
		{"the operator says that the original is gone", blocks{10: own, 11: other, 12: own}, true, false},
	}
	for _, each := range cases {
		t.Run(each.name, func(t *testing.T) {
			guard := &guardedSigner{signer: own, lastSigned: 10, restored: each.restored}
			guard.watch(each.blocks)
			for _, height := range []int64{13, 14} {
				if err := sign(guard, height); (err != nil) != each.refused {
					t.Errorf("block %d: %v", height, err)
				}
			}
		})
	}
}

func TestAKeyThatNeverSignedHasOnlyTheNewestBlocksRead(t *testing.T) {
	read := 0
	guard := &guardedSigner{signer: cmttypes.NewMockPV()}
	guard.watch(counted{&read})
	if err := sign(guard, 5_000_000); err != nil {
		t.Error(err)
	}
	if read != searched {
		t.Errorf("%d blocks were read", read)
	}
}

// @actor who starts a copied folder | to sign beside an original that was absent for most of the largest window
func TestAnOriginalThatWasLongAbsentIsFound(t *testing.T) {
	own := cmttypes.NewMockPVWithParams(ed25519.GenPrivKey(), false, false)
	guard := &guardedSigner{signer: own, lastSigned: 10}
	guard.watch(blocks{10: own, 20_000: own})
	if err := sign(guard, 20_000+upgrade.MostAbsenceWindow/20*19); err == nil {
		t.Error("a copy signs although its original is a validator still")
	}
}

// counted has no commit, and counts how often it is asked for one.
type counted struct{ read *int }

func (c counted) LoadBlockCommit(int64) *cmttypes.Commit { *c.read++; return nil }
func (c counted) LoadSeenCommit(int64) *cmttypes.Commit  { return nil }

func TestNothingIsSignedBeforeTheBlocksAreOpen(t *testing.T) {
	guard := &guardedSigner{signer: cmttypes.NewMockPV()}
	if sign(guard, 1) == nil {
		t.Error("it signed")
	}
	guard.watch(blocks{})
	if err := sign(guard, 1); err != nil {
		t.Error(err)
	}
}
