package node

import (
	"fmt"
	"net"
	"testing"
)

func TestAReaderIsAnIPv4AddressOrAnIPv6Network(t *testing.T) {
	for _, each := range []struct{ name, from, same, other string }{
		{"its ports", "192.0.2.1:%d", "192.0.2.1:99", "192.0.2.2:99"},
		{"the addresses of its network", "[2001:db8::%d]:7", "[2001:db8::99]:7", "[2001:db8:0:1::1]:7"},
		{"IPv4 in IPv6", "[::ffff:192.0.2.1]:%d", "192.0.2.1:99", "[::ffff:192.0.2.2]:7"},
		{"no addresses", "@%d", "", "192.0.2.1:99"},
	} {
		t.Run(each.name, func(t *testing.T) {
			places := newPlaces(mostSockets, mostOfOne, nobody)
			var leave func()
			for number := range mostOfOne {
				left, err := places.enter(fmt.Sprintf(each.from, 10+number))
				if err != nil {
					t.Fatal(err)
				}
				leave = left
			}
			if _, err := places.enter(each.same); err == nil {
				t.Error("the same reader has one more place")
			}
			if _, err := places.enter(each.other); err != nil {
				t.Errorf("another reader has no place: %v", err)
			}
			leave()
			if _, err := places.enter(each.same); err != nil {
				t.Errorf("a place that was given back is not given again: %v", err)
			}
		})
	}
}

func TestPlacesThatWereGivenBackLeaveNothing(t *testing.T) {
	places := newPlaces(mostSockets, mostOfOne, nobody)
	var leaves []func()
	for number := range mostSockets {
		leave, err := places.enter(fmt.Sprintf("192.0.2.%d:7", number))
		if err != nil {
			t.Fatal(err)
		}
		leaves = append(leaves, leave)
	}
	if _, err := places.enter("203.0.113.1:7"); err == nil {
		t.Error("there is one more place than connections")
	}
	for _, leave := range leaves {
		leave()
	}
	if len(places.of) != 0 || places.taken != 0 {
		t.Errorf("%d readers have %d places", len(places.of), places.taken)
	}
}

// @class a stranger at any port of a validator | takes more places than one address has
func TestConnectionsThatSayNothingKeepNobodyOut(t *testing.T) {
	listener, err := listen("127.0.0.1:0", newPlaces(6, 2, nobody))
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	taken := make(chan net.Conn)
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			taken <- connection
		}
	}()
	from := func(address string) net.Conn {
		dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
		connection, err := dialer.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = connection.Close() })
		return connection
	}
	from("127.0.0.2")
	from("127.0.0.2")
	first, second := <-taken, <-taken
	// The third one of an address is closed without a word.
	if _, err := from("127.0.0.2").Read(make([]byte, 1)); err == nil {
		t.Error("one address has three places")
	}
	from("127.0.0.3")
	third := <-taken
	for range 2 {
		_ = first.Close()
	}
	from("127.0.0.2")
	for _, each := range []net.Conn{second, third, <-taken} {
		_ = each.Close()
	}
	if places := listener.(seated).places; places.taken != 0 || len(places.of) != 0 {
		t.Errorf("%d places are still taken", places.taken)
	}
}
