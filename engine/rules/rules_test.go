package rules

import (
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
)

var (
	registry   = common.HexToAddress("0x5fbdb2315678afecb367f032d93f642f64180aa3")
	validators = common.HexToAddress("0xcf7ed3acca5a467e9e704c703e8d87f634fb0fc9")
	account    = common.HexToAddress("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266")
	later      = common.HexToAddress("0x70997970c51812dc3a010c7d01b50e0d17dc79c8")
)

// written is storage of which only these words were written.
type written map[common.Address]map[common.Hash]common.Hash

func (w written) read(contract common.Address, key common.Hash) common.Hash { return w[contract][key] }

func partyWord(signer common.Address, role, suspended byte) (word common.Hash) {
	copy(word[12:], signer.Bytes())
	word[11], word[10] = role, suspended
	return word
}

func partyAt(id common.Address) common.Hash {
	return crypto.Keccak256Hash(common.LeftPadBytes(id.Bytes(), 32), common.LeftPadBytes([]byte{partiesSlot}, 32))
}

func laterAt(signer common.Address) common.Hash {
	return crypto.Keccak256Hash(common.LeftPadBytes(signer.Bytes(), 32), common.LeftPadBytes([]byte{laterKeyOfSlot}, 32))
}

func TestSenderOf(t *testing.T) {
	owner := common.BytesToHash(account.Bytes())
	cases := []struct {
		name   string
		words  map[common.Hash]common.Hash
		sender common.Address
		want   Sender
	}{
		{"nobody enrolled it", nil, account, Stranger},
		{"an administrator", map[common.Hash]common.Hash{partyAt(account): partyWord(account, 11, 0)}, account, Admitted},
		{"a suspended one", map[common.Hash]common.Hash{partyAt(account): partyWord(account, 11, 1)}, account, Refused},
		{"a doctor", map[common.Hash]common.Hash{partyAt(account): partyWord(account, 2, 0)}, account, Refused},
		{"an agent", map[common.Hash]common.Hash{partyAt(account): partyWord(account, 10, 0)}, account, Refused},
		{"a contributor", map[common.Hash]common.Hash{partyAt(account): partyWord(account, 12, 0)}, account, Refused},
		{"the key that it changed to", map[common.Hash]common.Hash{
			partyAt(account): partyWord(later, 11, 0), laterAt(later): owner}, later, Admitted},
		{"the key that it had before", map[common.Hash]common.Hash{
			partyAt(account): partyWord(later, 11, 0), laterAt(later): owner}, account, Refused},
		{"a key between the first and the present one", map[common.Hash]common.Hash{
			partyAt(account): partyWord(account, 11, 0), laterAt(later): owner}, later, Refused},
	}
	for _, each := range cases {
		t.Run(each.name, func(t *testing.T) {
			storage := written{registry: each.words}
			if got := SenderOf(storage.read, registry, each.sender); got != each.want {
				t.Errorf("got %d, want %d", got, each.want)
			}
		})
	}
}

func TestReadChangeReadsTheWordsOfASolidityArray(t *testing.T) {
	first := crypto.Keccak256Hash(common.LeftPadBytes([]byte{changesSlot}, 32))
	key := common.HexToHash("0x1111111111111111111111111111111111111111111111111111111111111111")
	storage := written{validators: {
		common.BytesToHash([]byte{changesSlot}): common.BytesToHash([]byte{5}),
		addTo(first, 12):                        common.HexToHash("0x686f73706974616c000000000000000000000000000000000000000000000000"),
		addTo(first, 13):                        key,
		addTo(first, 14):                        common.BytesToHash([]byte{1, 0}),
	}}
	if count := CountChanges(storage.read, validators); count != 5 {
		t.Fatalf("%d changes", count)
	}
	change := ReadChange(storage.read, validators, 4)
	if change.Key != [32]byte(key) || change.Stake != 256 || string(change.Organisation[:8]) != "hospital" {
		t.Errorf("read %+v", change)
	}
}

func TestAddToCarries(t *testing.T) {
	word := common.HexToHash("0x00000000000000000000000000000000000000000000ffffffffffffffffffff")
	want := common.HexToHash("0x0000000000000000000000000000000000000000000100000000000000000001")
	if got := addTo(word, 2); got != want {
		t.Errorf("got %s", got)
	}
}
