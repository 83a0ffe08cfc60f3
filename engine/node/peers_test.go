package node

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/cometbft/cometbft/p2p"

	"cosmossdk.io/log/v2"
)

// dialling keeps which peers it is asked to dial.
type dialling struct {
	p2p.Switcher
	dialled []string
}

func (d *dialling) Peers() p2p.IPeerSet { return p2p.NewPeerSet() }

func (d *dialling) DialPeersAsync(peers []string) error {
	d.dialled = peers
	_, failures := p2p.NewNetAddressStrings(peers)
	if len(failures) > 0 {
		return failures[0]
	}
	return nil
}

// @actor a newcomer to a consortium | to keep validators from dialling others
func TestAPeerWithAnAddressThatNobodyCanDialKeepsNoOtherOut(t *testing.T) {
	other := "ff112233445566778899aabbccddeeff00112233"
	good := []string{peer + "@10.0.0.1:26656", peer + "@[2001:db8::1]:65535"}
	for _, address := range []string{"203.0.113.1:70000", "203.0.113.1:65536", "2001:db8::1:26656", ":26656", "tcp://10.0.0.1:1"} {
		bad := other + "@" + address
		settings := &Settings{Peers: []string{good[0], bad, good[1]}}
		if !newPeers(settings).has(other) {
			t.Errorf("%s: it may not even connect by itself", address)
		}
		if got := consensusConfig(t.TempDir(), settings).P2P.PersistentPeers; got != strings.Join(good, ",") {
			t.Errorf("%s: the consensus begins with %q", address, got)
		}
		connected := new(dialling)
		connect(settings, connected)
		if !slices.Equal(connected.dialled, good) {
			t.Errorf("%s: it dials %v", address, connected.dialled)
		}
		var written bytes.Buffer
		tellUnreachable(settings, log.NewLogger(&written))
		if strings.Count(written.String(), "\n") != 1 || !strings.Contains(written.String(), bad) {
			t.Errorf("%s: it says %q", address, written.String())
		}
	}
}
