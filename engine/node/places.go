package node

import (
	"fmt"
	"net"
	"net/netip"
	"sync"
)

// places gives connections their places: most in all, and mostOfOne to one reader, so that nobody can take them all by
// connecting often and saying nothing.
type places struct {
	most, mostOfOne int
	// free are readers who need no place: programs on this machine.
	free  func(netip.Addr) bool
	mutex sync.Mutex
	taken int
	of    map[netip.Addr]int
}

func newPlaces(most, mostOfOne int, free func(netip.Addr) bool) *places {
	return &places{most: most, mostOfOne: mostOfOne, free: free, of: map[netip.Addr]int{}}
}

func nobody(netip.Addr) bool { return false }

// enter takes a place for a remote address and port; leave gives it back.
func (p *places) enter(remote string) (leave func(), err error) {
	reader := readerAt(remote)
	if p.free(reader) {
		return func() {}, nil
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.taken == p.most {
		return nil, fmt.Errorf("over %d connections", p.most)
	}
	if p.of[reader] == p.mostOfOne {
		return nil, fmt.Errorf("over %d connections of one address", p.mostOfOne)
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
	return readerOf(at.Addr())
}

func readerOf(at netip.Addr) netip.Addr {
	address := at.Unmap().WithZone("")
	if address.Is4() || address.IsLoopback() {
		return address
	}
	network, err := address.Prefix(64)
	if err != nil {
		return netip.Addr{}
	}
	return network.Addr()
}

// seated listens, and closes at once what has no place.
type seated struct {
	net.Listener
	places *places
}

func listen(address string, places *places) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	return seated{listener, places}, nil
}

// Accept waits for the next connection that has a place.
func (s seated) Accept() (net.Conn, error) {
	for {
		connection, err := s.Listener.Accept()
		if err != nil {
			return nil, err
		}
		leave, err := s.places.enter(connection.RemoteAddr().String())
		if err == nil {
			return &seat{Conn: connection, leave: sync.OnceFunc(leave)}, nil
		}
		_ = connection.Close()
	}
}

// seat is a connection with a place, which its end gives back.
type seat struct {
	net.Conn
	leave func()
}

func (s *seat) Close() error {
	defer s.leave()
	return s.Conn.Close()
}
