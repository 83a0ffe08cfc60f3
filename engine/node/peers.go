package node

import (
	"context"
	"errors"
	"maps"
	"net"
	"strings"
	"sync"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/p2p"

	"cosmossdk.io/log/v2"

	"github.com/cosmos/cosmos-sdk/baseapp"
)

const (
	// peersEvery is how often the settings are read again for the peers that they name.
	peersEvery = 2 * time.Second
	// dialEvery is how often those are dialled that no connection is with.
	dialEvery = 10 * time.Second
)

// peers are the nodes that may connect. Organisations join and leave while the node runs, so its settings are read again.
type peers struct {
	lock    sync.RWMutex
	named   map[string]bool
	callers *callers
}

func newPeers(settings *Settings) *peers {
	return &peers{named: namesOf(settings), callers: newCallers(inboundPlaces(settings), time.Now)}
}

// namesOf are the ids of the nodes that settings name.
func namesOf(settings *Settings) map[string]bool {
	named := map[string]bool{}
	for _, peer := range settings.Peers {
		id, _, _ := strings.Cut(peer, "@")
		named[id] = true
	}
	return named
}

// reachedBy are the peers that this node connects to by itself. The consensus stops at one address that it cannot read,
// and dials no other peer beside it, so such a peer is left out: it can still connect by itself.
func reachedBy(settings *Settings) []string {
	var reached []string
	for _, peer := range settings.Peers {
		if strings.Contains(peer, "@") && misfitOf(peer) == nil {
			reached = append(reached, peer)
		}
	}
	return reached
}

// misfitOf is why the consensus cannot read the address of a peer; nil if it can. No name is looked up for this: one that
// cannot be resolved keeps no other peer from being dialled.
func misfitOf(peer string) error {
	id, address, _ := strings.Cut(peer, "@")
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	if host == "" {
		return errors.New("it has no host")
	}
	_, err = p2p.NewNetAddressString(id + "@" + net.JoinHostPort("127.0.0.1", port))
	return err
}

// tellUnreachable writes into the log which peers are not dialled because of their address.
func tellUnreachable(settings *Settings, logger log.Logger) {
	for _, peer := range settings.Peers {
		if !strings.Contains(peer, "@") {
			continue
		}
		if err := misfitOf(peer); err != nil {
			logger.Error("a peer is not dialled, for its address is none", "peer", peer, "err", err)
		}
	}
}

func (p *peers) has(id string) bool {
	p.lock.RLock()
	defer p.lock.RUnlock()
	return p.named[id]
}

// take is true if other settings name other peers than before.
func (p *peers) take(settings *Settings) bool {
	p.lock.Lock()
	defer p.lock.Unlock()
	next := namesOf(settings)
	changed := !maps.Equal(p.named, next)
	p.named = next
	return changed
}

// filter has the consensus refuse nodes that the settings do not name. A node proves its id by its key, and until then its
// connection has a place among callers.
func (p *peers) filter(base *baseapp.BaseApp) {
	base.SetAddrPeerFilter(func(remote string) *abci.ResponseQuery {
		if p.callers.admit(remote) {
			return &abci.ResponseQuery{}
		}
		return &abci.ResponseQuery{Code: 1, Log: "too many connections that have not shown whose they are"}
	})
	base.SetIDPeerFilter(func(id string) *abci.ResponseQuery {
		if p.has(id) {
			return &abci.ResponseQuery{}
		}
		return &abci.ResponseQuery{Code: 1, Log: "the settings do not name this peer"}
	})
}

// follow goes by the settings' peers as they change, until the context ends: it connects to those that are new, and parts
// from those that are gone.
func (p *peers) follow(ctx context.Context, home string, connected p2p.Switcher, logger log.Logger) {
	ticker := time.NewTicker(peersEvery)
	defer ticker.Stop()
	var dialled time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		// They are written whole, by a rename; what cannot be read changes nothing.
		settings, err := ReadSettings(home)
		if err != nil {
			continue
		}
		changed := p.take(settings)
		if changed {
			logger.Warn("the settings name other peers", "peers", len(settings.Peers))
			tellUnreachable(settings, logger)
		}
		p.part(connected)
		if changed || time.Since(dialled) > dialEvery {
			dialled = time.Now()
			p.callers.lookUp(ctx, settings)
			connect(settings, connected)
		}
	}
}

// part ends the connections with nodes that may not connect any more.
func (p *peers) part(connected p2p.Switcher) {
	for _, peer := range connected.Peers().Copy() {
		if !p.has(string(peer.ID())) {
			connected.StopPeerGracefully(peer)
		}
	}
}

// connect dials those that no connection is with: the consensus does so by itself only for peers that it began with.
func connect(settings *Settings, connected p2p.Switcher) {
	var missing []string
	for _, peer := range reachedBy(settings) {
		id, _, _ := strings.Cut(peer, "@")
		if !connected.Peers().Has(p2p.ID(id)) {
			missing = append(missing, peer)
		}
	}
	if len(missing) > 0 {
		// What cannot be dialled is dialled again; the consensus writes why into the log.
		_ = connected.DialPeersAsync(missing)
	}
}
