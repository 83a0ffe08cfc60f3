package node

import (
	"context"
	"time"

	cmtnode "github.com/cometbft/cometbft/node"

	"medseal.example/engine/app"
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
	Window int `json:"window"`
	// MostMissed is how many of them a validator may miss.
	MostMissed int `json:"mostMissed"`
	// Validators with stake.
	Validators []app.Validator `json:"validators"`
}

// tellPresence tells of a node's state until the context ends, once it has a block.
func tellPresence(ctx context.Context, consensus *cmtnode.Node, machine *app.App, told func(Presence)) {
	ticker := time.NewTicker(presenceEvery)
	defer ticker.Stop()
	for {
		if validators, err := machine.Validators(); err == nil {
			told(Presence{
				Height: consensus.BlockStore().Height(), Behind: consensus.ConsensusReactor().WaitSync(),
				Peers: consensus.Switch().Peers().Size(), Window: app.Window, MostMissed: app.MostMissed, Validators: validators,
			})
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
