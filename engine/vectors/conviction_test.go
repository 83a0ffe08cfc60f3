package vectors

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"testing"

	"github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"
	"golang.org/x/crypto/sha3"
)

// conviction is a network file, and a proof that convicts a coordinator of a false share by its own signature.
type conviction struct {
	Network struct {
		NetworkId data
		Ledger    struct{ ChainId uint64 }
		Channels  []struct {
			Name         string
			Coordinators []struct {
				Organisation string
				Address      data
			}
			Logs []struct {
				Name string
				Id   data
			}
			Release struct {
				PublicKey data
				Shares    []struct {
					Organisation string
					Index        uint64
					Key          data
				}
			}
		}
	}
	Proof struct {
		Format, Recipient string
		Seal              data
		Encapsulation     data
		View              struct {
			Log, Body string
			Entry     data
		}
		Statements []statement
	}
}

type statement struct {
	Coordinator, Signature   data
	Index, Size              int
	Inclusion, SealInclusion []data
	Release                  struct {
		Log, Entries, Shares, Seals, Key, Recipient data
		At                                          uint64
	}
	Share struct {
		Share, Salt data
		Inclusion   []data
	}
}

// convict verifies a conviction from its bytes and the network file alone.
func convict(t *testing.T, v vector) {
	t.Helper()
	same := func(what string, got, want []byte) {
		t.Helper()
		if !bytes.Equal(got, want) {
			t.Fatalf("conviction: %s: %x, not %x", what, got, want)
		}
	}
	network, proof := v.Conviction.Network, v.Conviction.Proof
	if proof.Format != "medseal-release/2" || len(proof.Statements) != 1 {
		t.Fatalf("conviction: %s with %d statements", proof.Format, len(proof.Statements))
	}
	channel, told := network.Channels[0], proof.Statements[0]
	keyId := sum256(fields([]byte("medseal/key/2"), network.NetworkId, []byte(channel.Name), channel.Release.PublicKey))

	// The view: its entry is the hash of its body, which names the version.
	same("entry", sum256([]byte(proof.View.Body)), proof.View.Entry)
	var body struct {
		Request struct {
			Message struct {
				Handle, Record data
				Version        uint64
			}
		}
	}
	if err := json.Unmarshal([]byte(proof.View.Body), &body); err != nil {
		t.Fatal(err)
	}
	viewed := body.Request.Message
	identity := fields([]byte("medseal/record-version/1"), network.NetworkId, []byte(channel.Name), keyId,
		viewed.Handle, viewed.Record, u64(viewed.Version))
	same("identity", identity, v.Identity)

	// The statement: of that view, this seal and this share, by the coordinator whose share of the key it names.
	same("entries", rootOver(t, proof.View.Entry, told.Inclusion), told.Release.Entries)
	same("seals", rootOver(t, sum256(fields(proof.Seal, proof.Encapsulation)), told.SealInclusion), told.Release.Seals)
	released := sum256(fields([]byte("medseal/released-share/1"), told.Share.Salt, told.Share.Share))
	same("shares", rootOver(t, released, told.Share.Inclusion), told.Release.Shares)
	same("recipient", sum256([]byte(proof.Recipient)), told.Release.Recipient)
	same("log", channel.Logs[0].Id, told.Release.Log)
	same("signer", signer(t, releaseDigest(network.Ledger.ChainId, network.NetworkId, told), told.Signature), told.Coordinator)
	place := -1
	for at, each := range channel.Coordinators {
		if bytes.Equal(each.Address, told.Coordinator) {
			place = at
		}
	}
	if place < 0 {
		t.Fatal("conviction: nobody of the network signed")
	}
	own := channel.Release.Shares[place]
	if own.Organisation != channel.Coordinators[place].Organisation {
		t.Fatal("conviction: the share is of another organisation")
	}
	same("share of the key", sum256(fields([]byte("medseal/share-key/1"), keyId, own.Key)), told.Release.Key)

	// The seal was made for the version, and the share is not the coordinator's.
	u, twin := proof.Seal[:33], proof.Seal[33:66]
	e, f := new(big.Int).SetBytes(proof.Seal[66:98]), new(big.Int).SetBytes(proof.Seal[98:])
	first := minus(base(f), times(point(t, u), e))
	second := minus(times(secondGenerator(), f), times(point(t, twin), e))
	if hashToScalar("medseal/label-proof/1", keyId, identity, proof.Encapsulation, u, twin, compressed(first),
		compressed(second)).Cmp(e) != 0 {
		t.Fatal("conviction: the proof of the seal does not hold")
	}
	if isShare(t, keyId, identity, own.Index, own.Key, u, told.Share.Share) {
		t.Fatal("conviction: the share is a true one")
	}
	if !isShare(t, keyId, identity, own.Index, own.Key, u, v.Shares[place]) {
		t.Fatal("conviction: a true share was taken for a false one")
	}
}

func isShare(t *testing.T, keyId, identity []byte, index uint64, memberKey, u, share []byte) bool {
	d, w := new(big.Int).SetBytes(share[33:65]), new(big.Int).SetBytes(share[65:])
	first := minus(base(w), times(point(t, memberKey), d))
	second := minus(times(point(t, u), w), times(point(t, share[:33]), d))
	challenge := hashToScalar("medseal/share-proof/1", keyId, identity, u64(index), memberKey, u, share[:33],
		compressed(first), compressed(second))
	return challenge.Cmp(d) == 0
}

// rootOver is the RFC 9162 root over two leaves of which the first is shown.
func rootOver(t *testing.T, entry []byte, proof []data) []byte {
	t.Helper()
	if len(proof) != 1 {
		t.Fatalf("%d hashes beside the first of two", len(proof))
	}
	leaf := sum256(append([]byte{0}, entry...))
	return sum256(append(append([]byte{1}, leaf...), proof[0]...))
}

// releaseDigest is what a coordinator signs (EIP-712).
func releaseDigest(chainId uint64, networkId []byte, told statement) []byte {
	word := func(number uint64) []byte { return new(big.Int).SetUint64(number).FillBytes(make([]byte, 32)) }
	domain := keccak(keccak([]byte("EIP712Domain(string name,string version,uint256 chainId,bytes32 salt)")),
		keccak([]byte("Medseal")), keccak([]byte("1")), word(chainId), networkId)
	release := told.Release
	return keccak([]byte{0x19, 0x01}, domain, keccak(
		keccak([]byte("ShareRelease(bytes32 log,bytes32 entries,bytes32 shares,bytes32 seals,bytes32 key,bytes32 recipient,uint64 at)")),
		release.Log, release.Entries, release.Shares, release.Seals, release.Key, release.Recipient, word(release.At)))
}

// signer is the address of the key that signed a digest.
func signer(t *testing.T, digest, signature []byte) []byte {
	t.Helper()
	key, _, err := ecdsa.RecoverCompact(append([]byte{signature[64]}, signature[:64]...), digest)
	if err != nil {
		t.Fatal(fmt.Errorf("%s: %w", hex.EncodeToString(signature), err))
	}
	return keccak(key.SerializeUncompressed()[1:])[12:]
}

func keccak(all ...[]byte) []byte {
	hash := sha3.NewLegacyKeccak256()
	for _, each := range all {
		hash.Write(each)
	}
	return hash.Sum(nil)
}
