package node

import (
	"fmt"
	"sync"

	"github.com/cometbft/cometbft/crypto"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	cmttypes "github.com/cometbft/cometbft/types"

	"medseal.example/engine/upgrade"
)

// commits reads a block's signatures; nil if the node does not have them.
type commits interface {
	LoadBlockCommit(height int64) *cmttypes.Commit
	LoadSeenCommit(height int64) *cmttypes.Commit
}

// searched is how many of the newest blocks are searched for the validator's own signature: an original that still is a validator
// signed one of as many as absence is ever counted over.
const searched = upgrade.MostAbsenceWindow

// guardedSigner signs for a validator unless its folder is older than what the key signed.
//
// A folder that was restored from a backup does not know what the key signed since. If the original still runs, both
// would sign, which costs the validator its place for good. So before the first signature the blocks since the folder's
// last one are searched for the validator's own: if one has it, nothing is signed until the operator says that the
// original is gone.
type guardedSigner struct {
	signer     cmttypes.PrivValidator
	lastSigned int64
	restored   bool

	mutex    sync.Mutex
	commits  commits
	examined bool
	refusal  error
}

func (g *guardedSigner) watch(commits commits) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.commits = commits
}

// GetPubKey is the validator's public key.
func (g *guardedSigner) GetPubKey() (crypto.PubKey, error) { return g.signer.GetPubKey() }

// SignVote signs a vote.
func (g *guardedSigner) SignVote(chain string, vote *cmtproto.Vote) error {
	if err := g.examine(vote.Height); err != nil {
		return err
	}
	return g.signer.SignVote(chain, vote)
}

// SignProposal signs a proposal.
func (g *guardedSigner) SignProposal(chain string, proposal *cmtproto.Proposal) error {
	if err := g.examine(proposal.Height); err != nil {
		return err
	}
	return g.signer.SignProposal(chain, proposal)
}

// examine searches the blocks from the last one that the folder knows to have signed to the one that is to be signed.
func (g *guardedSigner) examine(next int64) error {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if g.examined {
		return g.refusal
	}
	if g.commits == nil {
		return fmt.Errorf("the blocks are not open yet")
	}
	g.examined = true
	if g.restored {
		return nil
	}
	key, err := g.signer.GetPubKey()
	if err != nil {
		return err
	}
	// A key that never signed, on a ledger of millions of blocks, would have all of them read. An original that still runs
	// has signed one of the newest.
	for height := max(g.lastSigned+1, next-searched); height < next; height++ {
		commit := g.commits.LoadBlockCommit(height)
		if commit == nil {
			commit = g.commits.LoadSeenCommit(height)
		}
		if commit == nil {
			continue
		}
		for _, signature := range commit.Signatures {
			if signature.BlockIDFlag != cmttypes.BlockIDFlagAbsent && signature.ValidatorAddress.String() == key.Address().String() {
				g.refusal = fmt.Errorf(
					"this folder last signed block %d, but block %d has this validator's signature: the folder is a restored "+
						"copy. If the original runs, stop one of both. If it is gone for good, start once with --restored",
					g.lastSigned, height)
				return g.refusal
			}
		}
	}
	return nil
}
