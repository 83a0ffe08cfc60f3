package node

import (
	"fmt"
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
			places := newSocketPlaces()
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
	places := newSocketPlaces()
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
