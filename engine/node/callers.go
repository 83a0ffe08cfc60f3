package node

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"
)

const (
	// handshakeTime is how long a connection can last before it has shown by its key who it is: two steps of three seconds.
	handshakeTime = 6 * time.Second
	// mostCallsOfOne is how many connections of one address there are in this time, unless a peer has it.
	mostCallsOfOne = 4
	// lookupTime is how long the names of peers may take.
	lookupTime = 2 * time.Second
)

// callers are the connections that have not shown yet who they are. All connections share as many places as there can be
// peers, and those that say nothing keep one until they are cut off, so strangers have half of them at most, and peers'
// addresses always have room.
type callers struct {
	most  int
	now   func() time.Time
	mutex sync.Mutex
	peers map[netip.Addr]bool
	calls []attempt
}

type attempt struct {
	of netip.Addr
	at time.Time
}

func newCallers(places int, now func() time.Time) *callers {
	return &callers{most: places / 2, now: now, peers: map[netip.Addr]bool{}}
}

// lookUp goes by the addresses of the peers that settings name.
func (c *callers) lookUp(ctx context.Context, settings *Settings) {
	found := map[netip.Addr]bool{}
	for _, peer := range settings.Peers {
		_, address, _ := strings.Cut(peer, "@")
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			continue
		}
		if literal, err := netip.ParseAddr(host); err == nil {
			found[readerOf(literal)] = true
			continue
		}
		limited, cancel := context.WithTimeout(ctx, lookupTime)
		addresses, _ := net.DefaultResolver.LookupNetIP(limited, "ip", host)
		cancel()
		for _, each := range addresses {
			found[readerOf(each)] = true
		}
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.peers = found
}

// admit tells whether a connection of an address may go on to show who it is.
func (c *callers) admit(remote string) bool {
	caller := readerAt(remote)
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.peers[caller] {
		return true
	}
	now, ofOne := c.now(), 0
	recent := c.calls[:0]
	for _, each := range c.calls {
		if now.Sub(each.at) >= handshakeTime {
			continue
		}
		recent = append(recent, each)
		if each.of == caller {
			ofOne++
		}
	}
	c.calls = recent
	if len(c.calls) >= c.most || ofOne >= mostCallsOfOne {
		return false
	}
	c.calls = append(c.calls, attempt{caller, now})
	return true
}
