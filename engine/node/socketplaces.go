package node

import (
	"fmt"
	"net/netip"
	"sync"
)

// socketPlaces gives connections their places: mostSockets in all, and mostOfOne to one reader.
type socketPlaces struct {
	mutex sync.Mutex
	taken int
	of    map[netip.Addr]int
}

func newSocketPlaces() *socketPlaces { return &socketPlaces{of: map[netip.Addr]int{}} }

// enter takes a place for a remote address and port; leave gives it back.
func (p *socketPlaces) enter(remote string) (leave func(), err error) {
	reader := readerAt(remote)
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.taken == mostSockets {
		return nil, fmt.Errorf("over %d WebSocket connections", mostSockets)
	}
	if p.of[reader] == mostOfOne {
		return nil, fmt.Errorf("over %d WebSocket connections of one address", mostOfOne)
	}
	p.taken++
	p.of[reader]++
	return func() {
		p.mutex.Lock()
		defer p.mutex.Unlock()
		p.taken--
		p.of[reader]--
		if p.of[reader] == 0 {
			delete(p.of, reader)
		}
	}, nil
}

// readerAt names who has a remote address: an IPv4 address, or the 64 bits of an IPv6 network, which has one owner. All
// that is not an address is one reader.
func readerAt(remote string) netip.Addr {
	at, err := netip.ParseAddrPort(remote)
	if err != nil {
		return netip.Addr{}
	}
	address := at.Addr().Unmap().WithZone("")
	if address.Is4() {
		return address
	}
	network, err := address.Prefix(64)
	if err != nil {
		return netip.Addr{}
	}
	return network.Addr()
}
