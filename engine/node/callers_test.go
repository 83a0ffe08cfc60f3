package node

import (
	"context"
	"fmt"
	"testing"
	"time"
)

func TestStrangersTakeHalfOfThePlacesAndOneOfThemFour(t *testing.T) {
	now := time.Unix(1_750_000_000, 0)
	c := newCallers(36, func() time.Time { return now })
	c.lookUp(context.Background(), &Settings{Peers: []string{peer + "@192.0.2.7:26656", peer[1:] + "0"}})
	admitted := func(format string, calls int) (count int) {
		for number := range calls {
			if c.admit(fmt.Sprintf(format, number)) {
				count++
			}
		}
		return count
	}
	if count := admitted("203.0.113.1:%d", 900); count != mostCallsOfOne {
		t.Errorf("one address has %d", count)
	}
	if count := admitted("[2001:db8::%d]:7", 900); count != mostCallsOfOne {
		t.Errorf("one network has %d", count)
	}
	if count := admitted("198.51.100.%d:7", 200); count != 18-2*mostCallsOfOne {
		t.Errorf("others have %d", count)
	}
	if count := admitted("192.0.2.7:%d", 50); count != 50 {
		t.Errorf("a peer has %d", count)
	}
	now = now.Add(handshakeTime)
	if count := admitted("203.0.113.1:%d", 900); count != mostCallsOfOne {
		t.Errorf("afterwards one address has %d", count)
	}
	if len(c.calls) != mostCallsOfOne {
		t.Errorf("%d calls are kept", len(c.calls))
	}
}
