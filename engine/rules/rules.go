// Package rules reads from the contracts' storage who may send transactions and whose validators have which stake.
//
// The contracts decide; nothing here writes. Where a word lies is what the Solidity compiler says (layout.go).
package rules

import (
	"encoding/binary"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
)

// Storage gives a word of a contract's storage, zero if nothing was written there.
type Storage func(contract common.Address, key common.Hash) common.Hash

// administrator is the Registry's number of the role that sends transactions for an organisation.
const administrator = 11

// changeWords is the size of a change in the list.
const changeWords = 3

// Bytes of the first word of a party: signer 20, role 1, suspended 1, from the word's end.
const (
	signerAt    = 12
	roleAt      = 11
	suspendedAt = 10
)

// Sender says what the Registry knows of an account.
type Sender int

// What the Registry knows of an account.
const (
	// Stranger is an account that the Registry does not have.
	Stranger Sender = iota
	// Refused is the account of a party that may not send: of another role, suspended, or with another key by now.
	Refused
	// Admitted is an account that may send.
	Admitted
)

// SenderOf tells whether an account may send transactions: it must be the present key of an administrator that is not
// suspended.
func SenderOf(storage Storage, registry common.Address, account common.Address) Sender {
	party := storage(registry, mapped(partiesSlot, idOf(storage, registry, account)))
	switch {
	case party[roleAt] == 0:
		return Stranger
	case party[roleAt] == administrator && party[suspendedAt] == 0 && common.BytesToAddress(party[signerAt:]) == account:
		return Admitted
	default:
		return Refused
	}
}

// idOf is the account that a party enrolled with; a key that it changed to leads there.
func idOf(storage Storage, registry common.Address, account common.Address) common.Address {
	owner := common.BytesToAddress(storage(registry, mapped(laterKeyOfSlot, account)).Bytes())
	if owner != (common.Address{}) {
		return owner
	}
	return account
}

// Change gives a validator its stake.
type Change struct {
	// Organisation whose validator it is: its name in ASCII, padded with zeros.
	Organisation common.Hash
	// Key that the validator signs blocks with: an Ed25519 public key.
	Key [32]byte
	// Stake is the validator's share of power; 0 if it is to validate no more.
	Stake uint64
}

// CountChanges tells how many changes of stake the contract has seen.
func CountChanges(storage Storage, validators common.Address) uint64 {
	return wordToNumber(storage(validators, slot(changesSlot)))
}

// ReadChange reads a change of stake by its number, from 0.
func ReadChange(storage Storage, validators common.Address, number uint64) Change {
	first := crypto.Keccak256Hash(slot(changesSlot).Bytes()).Big()
	at := func(offset uint64) common.Hash {
		word := common.BigToHash(first)
		return storage(validators, addTo(word, number*changeWords+offset))
	}
	return Change{Organisation: at(0), Key: at(1), Stake: wordToNumber(at(2))}
}

// mapped is where Solidity keeps the first word of an address in a mapping.
func mapped(number byte, account common.Address) common.Hash {
	return crypto.Keccak256Hash(common.LeftPadBytes(account.Bytes(), 32), slot(number).Bytes())
}

func slot(number byte) common.Hash { return common.BytesToHash([]byte{number}) }

func wordToNumber(word common.Hash) uint64 { return binary.BigEndian.Uint64(word[24:]) }

// addTo adds to a word; a carry out of the last eight bytes goes on into the others.
func addTo(word common.Hash, more uint64) common.Hash {
	sum := binary.BigEndian.Uint64(word[24:]) + more
	carry := sum < more
	binary.BigEndian.PutUint64(word[24:], sum)
	for place := 23; carry && place >= 0; place-- {
		word[place]++
		carry = word[place] == 0
	}
	return word
}
