package node

import (
	"testing"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/cosmos-sdk/baseapp"

	"cosmossdk.io/log/v2"
)

func TestOnlyPeersOfTheSettingsConnect(t *testing.T) {
	other := "ff112233445566778899aabbccddeeff00112233"
	settings := &Settings{Peers: []string{peer + "@10.0.0.1:26656", other}}
	base := baseapp.NewBaseApp("test", log.NewNopLogger(), dbm.NewMemDB(), nil, newPeers(settings).filter)
	for id, refused := range map[string]bool{
		peer: false, other: false, "": true, peer[:39]: true, peer + "0": true, "aa112233445566778899aabbccddeeff00112233": true,
	} {
		if base.FilterPeerByID(id).IsErr() != refused {
			t.Errorf("%q: refused is not %t", id, refused)
		}
	}
	config := consensusConfig(t.TempDir(), settings)
	if !config.FilterPeers || config.P2P.PersistentPeers != settings.Peers[0] {
		t.Errorf("it filters: %t, and connects to %q", config.FilterPeers, config.P2P.PersistentPeers)
	}
}

func TestPeersFollowTheSettings(t *testing.T) {
	newcomer := "ff112233445566778899aabbccddeeff00112233"
	before := &Settings{Peers: []string{peer + "@10.0.0.1:26656"}}
	named := newPeers(before)
	base := baseapp.NewBaseApp("test", log.NewNopLogger(), dbm.NewMemDB(), nil, named.filter)
	if named.take(before) {
		t.Error("the same settings change something")
	}
	if base.FilterPeerByID(peer).IsErr() || !base.FilterPeerByID(newcomer).IsErr() {
		t.Error("it does not go by the first settings")
	}
	if !named.take(&Settings{Peers: []string{newcomer}}) {
		t.Error("other settings change nothing")
	}
	if !base.FilterPeerByID(peer).IsErr() || base.FilterPeerByID(newcomer).IsErr() {
		t.Error("it does not go by the newer settings")
	}
}
