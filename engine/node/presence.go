package node

import (
	"context"
	"errors"
	"time"

	cmtnode "github.com/cometbft/cometbft/node"
	"github.com/cometbft/cometbft/p2p"

	"medseal.example/engine/app"
	"medseal.example/engine/program"
)

// presenceEvery is how often a node tells of its state.
const presenceEvery = 5 * time.Second

// Presence is the state of a node, as it tells whoever started it.
type Presence struct {
	// Height of the newest block.
	Height int64 `json:"height"`
	// Behind tells that it fetches blocks, and does not vote.
	Behind bool `json:"behind"`
	// Peers is how many nodes it is connected with.
	Peers int `json:"peers"`
	// Window is how many of the newest blocks absence is counted over.
	Window int64 `json:"window"`
	// MostMissed is how many of them a validator may miss.
	MostMissed int64 `json:"mostMissed"`
	// Validators with stake.
	Validators []app.Validator `json:"validators"`
}

// Programs are the programs of the validators' nodes, and when others take their place.
type Programs struct {
	// Program that this node runs.
	Program program.Program `json:"program"`
	// Others are the programs of the nodes that it is connected with, as they said when they connected.
	Others []PeerProgram `json:"others"`
	// Silent are the names of those of them that said none that this engine understands.
	Silent []string `json:"silent"`
	// Upgrades that the ledger knows of.
	Upgrades app.Upgrades `json:"upgrades"`
}

// PeerProgram is the program of another node.
type PeerProgram struct {
	// Node is its name, 40 hex digits, which it proved to have.
	Node string `json:"node"`
	program.Program
}

// programsOf reads what connected nodes said of their programs, and which said nothing, as those with older engines.
func programsOf(peers []p2p.Peer) (heard []PeerProgram, silent []string) {
	heard, silent = []PeerProgram{}, []string{}
	for _, peer := range peers {
		info, _ := peer.NodeInfo().(p2p.DefaultNodeInfo)
		if said, ok := program.Heard(info.Moniker); ok {
			heard = append(heard, PeerProgram{Node: string(peer.ID()), Program: said})
		} else {
			silent = append(silent, string(peer.ID()))
		}
	}
	return heard, silent
}

// tellPresence tells of a node's state until the context ends, once it has a block.
func tellPresence(
	ctx context.Context, consensus *cmtnode.Node, machine *app.App, own program.Program, told func(Presence, Programs),
) {
	ticker := time.NewTicker(presenceEvery)
	defer ticker.Stop()
	for {
		validators, err := machine.Validators()
		upgrades, failed := machine.Upgrades()
		window, mostMissed, unknown := machine.Absence()
		if errors.Join(err, failed, unknown) == nil {
			others, silent := programsOf(consensus.Switch().Peers().Copy())
			told(Presence{
				Height: consensus.BlockStore().Height(), Behind: consensus.ConsensusReactor().WaitSync(),
				Peers: consensus.Switch().Peers().Size(), Window: window, MostMissed: mostMissed, Validators: validators,
			}, Programs{
				Program: own, Others: others, Silent: silent, Upgrades: upgrades,
			})
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
