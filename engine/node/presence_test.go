package node

import (
	"testing"

	"github.com/cometbft/cometbft/p2p"
	"github.com/cometbft/cometbft/p2p/mock"
	"github.com/ethereum/go-ethereum/common"

	"medseal.example/engine/program"
)

// saying is a connected node that gave itself a name.
type saying struct {
	*mock.Peer
	name string
}

func (n saying) NodeInfo() p2p.NodeInfo { return p2p.DefaultNodeInfo{Moniker: n.name} }

func TestEachConnectedNodeSaysItsProgramOrIsSilent(t *testing.T) {
	own := program.Program{Version: "0.2.0", SHA256: common.Hash{1}, Platform: "linux/amd64"}
	says, older, strange := saying{mock.NewPeer(nil), own.Say()}, saying{mock.NewPeer(nil), ""}, saying{mock.NewPeer(nil), own.Say() + " "}
	heard, silent := programsOf([]p2p.Peer{says, older, strange})
	if len(heard) != 1 || heard[0].Node != string(says.ID()) || heard[0].Program != own {
		t.Errorf("heard %+v", heard)
	}
	if len(silent) != 2 || silent[0] != string(older.ID()) || silent[1] != string(strange.ID()) {
		t.Errorf("silent are %v", silent)
	}
}
