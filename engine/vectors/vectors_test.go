// Package vectors computes the published test vectors of threshold release in another language than Medseal's own.
package vectors

import (
	"bytes"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"os"
	"strings"
	"testing"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"golang.org/x/crypto/chacha20poly1305"
)

// data is bytes that stand in a vector as hexadecimal digits behind 0x.
type data []byte

func (d *data) UnmarshalJSON(text []byte) (err error) {
	*d, err = hex.DecodeString(strings.TrimPrefix(strings.Trim(string(text), `"`), "0x"))
	return err
}

type vector struct {
	Given struct {
		NetworkId, Handle, Record, Context, Encapsulated, FileKey data
		Channel                                                   string
		Version                                                   uint64
		Threshold, Members                                        int
		Dealing, Sealing, Sharing                                 []data
	}
	Second, Hashed, DealProof, PublicKey, KeyId, Identity, Encapsulation data
	Seal, Secret, Who, Shared, Evidence, Key, Body, FalseShare           data
	Commitments, Secrets, MemberKeys, Shares                             []data
	Conviction                                                           conviction
}

func TestVectors(t *testing.T) {
	text, err := os.ReadFile("../../docs/reference/vectors/threshold.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []vector
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors) != 2 {
		t.Fatalf("%d vectors", len(vectors))
	}
	for _, each := range vectors {
		compute(t, each)
		convict(t, each)
	}
}

func compute(t *testing.T, v vector) {
	same := func(what string, got, want []byte) {
		t.Helper()
		if !bytes.Equal(got, want) {
			t.Fatalf("%s: %x, not %x", what, got, want)
		}
	}
	given := v.Given
	h := secondGenerator()
	same("second generator", compressed(h), v.Second)
	same("hash to a scalar", scalarBytes(hashToScalar("medseal/sample/1", []byte{1, 2, 3})), v.Hashed)

	// The deal: a polynomial, its commitments, the proof of its constant, and its values.
	polynomial := make([]*big.Int, given.Threshold)
	for place := range polynomial {
		polynomial[place] = drawn(given.Dealing[place])
		same("commitment", compressed(base(polynomial[place])), v.Commitments[place])
	}
	owned := [][]byte{[]byte("medseal/deal-nonce/1"), scalarBytes(polynomial[0]), given.Context, u64(1)}
	for _, each := range v.Commitments {
		owned = append(owned, each)
	}
	nonce := secretOf(given.Dealing[given.Threshold], owned...)
	commitment := compressed(base(nonce))
	members := make([][]byte, given.Members)
	for place := range members {
		members[place] = u64(uint64(place + 1))
	}
	commitments := make([][]byte, given.Threshold)
	for place, each := range v.Commitments {
		commitments[place] = each
	}
	challenge := hashToScalar("medseal/deal/2", given.Context, u64(uint64(given.Threshold)),
		fields(members...), u64(1), fields(commitments...), commitment)
	same("proof of the deal", append(commitment, scalarBytes(respond(nonce, challenge, polynomial[0]))...), v.DealProof)
	secrets := make([]*big.Int, given.Members)
	for place := range secrets {
		sum, at := new(big.Int), big.NewInt(int64(place+1))
		for power := len(polynomial) - 1; power >= 0; power-- {
			sum = reduced(sum.Mul(sum, at).Add(sum, polynomial[power]))
		}
		secrets[place] = sum
		same("secret", scalarBytes(sum), v.Secrets[place])
		same("key of a member", compressed(base(sum)), v.MemberKeys[place])
	}
	key := base(polynomial[0])
	same("public key", compressed(key), v.PublicKey)

	// The label.
	keyId := sum256(fields([]byte("medseal/key/2"), given.NetworkId, []byte(given.Channel), compressed(key)))
	same("key id", keyId, v.KeyId)
	identity := fields([]byte("medseal/record-version/1"), given.NetworkId, []byte(given.Channel), keyId,
		given.Handle, given.Record, u64(given.Version))
	same("identity", identity, v.Identity)
	encapsulation := sum256(given.Encapsulated)
	same("hash of the encapsulation", encapsulation, v.Encapsulation)

	// The seal.
	r := secretOf(given.Sealing[0], []byte("medseal/seal-secret/1"), given.FileKey, identity, encapsulation)
	u, twin := base(r), times(h, r)
	seal := append(compressed(u), compressed(twin)...)
	nonce = secretOf(given.Sealing[1], []byte("medseal/seal-nonce/1"), given.FileKey, identity, encapsulation,
		compressed(u), compressed(twin))
	label := func(first, second *secp256k1.JacobianPoint) *big.Int {
		return hashToScalar("medseal/label-proof/1", keyId, identity, encapsulation, compressed(u), compressed(twin),
			compressed(first), compressed(second))
	}
	challenge = label(base(nonce), times(h, nonce))
	response := respond(nonce, challenge, r)
	seal = append(append(seal, scalarBytes(challenge)...), scalarBytes(response)...)
	same("seal", seal, v.Seal)
	if label(minus(base(response), times(u, challenge)), minus(times(h, response), times(twin, challenge))).Cmp(challenge) != 0 {
		t.Fatal("the proof of the seal does not hold")
	}

	// Shares, and what they make together.
	shared := new(secp256k1.JacobianPoint)
	for place, secret := range secrets {
		index := u64(uint64(place + 1))
		share := times(u, secret)
		own := v.MemberKeys[place]
		nonce = secretOf(given.Sharing[place], []byte("medseal/share-nonce/1"), scalarBytes(secret), identity,
			compressed(u), compressed(share))
		proof := func(first, second *secp256k1.JacobianPoint) *big.Int {
			return hashToScalar("medseal/share-proof/1", keyId, identity, index, own, compressed(u), compressed(share),
				compressed(first), compressed(second))
		}
		challenge = proof(base(nonce), times(u, nonce))
		response = respond(nonce, challenge, secret)
		made := append(append(compressed(share), scalarBytes(challenge)...), scalarBytes(response)...)
		same("share", made, v.Shares[place])
		if proof(minus(base(response), times(point(t, own), challenge)), minus(times(u, response), times(share, challenge))).Cmp(challenge) != 0 {
			t.Fatal("the proof of a share does not hold")
		}
		if place < given.Threshold {
			next := new(secp256k1.JacobianPoint)
			secp256k1.AddNonConst(shared, times(share, weight(place+1, given.Threshold)), next)
			shared = next
		}
	}
	same("shared point", compressed(shared), v.Shared)
	same("the same by the secret of the key", compressed(times(u, polynomial[0])), v.Shared)
	same("evidence half", sum256(compressed(shared)), v.Evidence)

	// A share of another member has a proof of its own, and not this member's.
	lying := v.FalseShare
	challenge, response = new(big.Int).SetBytes(lying[33:65]), new(big.Int).SetBytes(lying[65:])
	lie := point(t, lying[:33])
	first := minus(base(response), times(point(t, v.MemberKeys[0]), challenge))
	second := minus(times(u, response), times(lie, challenge))
	told := hashToScalar("medseal/share-proof/1", keyId, identity, u64(1), v.MemberKeys[0], compressed(u), lying[:33],
		compressed(first), compressed(second))
	if told.Cmp(challenge) == 0 {
		t.Fatal("a false share was taken for a true one")
	}

	// The file key.
	who := derived(t, v.Secret, fields([]byte("medseal/who-half/2"), given.Encapsulated, identity))
	same("who half", who, v.Who)
	both := derived(t, append(who, v.Evidence...), fields([]byte("medseal/and/2"), given.Encapsulated, seal, identity))
	same("key", both, v.Key)
	cipher, err := chacha20poly1305.New(both)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := cipher.Open(nil, make([]byte, 12), v.Body, nil)
	if err != nil {
		t.Fatal(err)
	}
	same("file key", opened, given.FileKey)
}

func sum256(bytes []byte) []byte {
	sum := sha256.Sum256(bytes)
	return sum[:]
}

func u64(number uint64) []byte { return binary.BigEndian.AppendUint64(nil, number) }

// fields joins fields, each behind its length.
func fields(all ...[]byte) (joined []byte) {
	for _, each := range all {
		joined = append(binary.BigEndian.AppendUint32(joined, uint32(len(each))), each...)
	}
	return joined
}

func derived(t *testing.T, secret, info []byte) []byte {
	key, err := hkdf.Key(sha256.New, secret, nil, string(info), 32)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
