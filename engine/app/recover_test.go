package app

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/big"
	"testing"

	"github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"
	"github.com/ethereum/go-ethereum/common"
	corevm "github.com/ethereum/go-ethereum/core/vm"
	"github.com/ethereum/go-ethereum/crypto"
)

// orderOfCurve is the number of points of secp256k1.
var orderOfCurve, _ = new(big.Int).SetString("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16)

// recovered is what the contract at address 1 answers.
func recovered(t *testing.T, digest [32]byte, v byte, r, s []byte) []byte {
	t.Helper()
	input := bytes.Join([][]byte{digest[:], common.LeftPadBytes([]byte{v}, 32), r, s}, nil)
	answer, err := corevm.PrecompiledContractsPrague[common.BytesToAddress([]byte{1})].Run(nil, &corevm.Contract{Input: input}, true)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// recoveredInGo is what it must answer, by an implementation in Go alone.
func recoveredInGo(digest [32]byte, v byte, r, s []byte) []byte {
	for _, number := range [][]byte{r, s} {
		value := new(big.Int).SetBytes(number)
		if value.Sign() == 0 || value.Cmp(orderOfCurve) >= 0 {
			return nil
		}
	}
	if v != 27 && v != 28 {
		return nil
	}
	public, _, err := ecdsa.RecoverCompact(bytes.Join([][]byte{{v}, r, s}, nil), digest[:])
	if err != nil {
		return nil
	}
	return common.LeftPadBytes(crypto.Keccak256(public.SerializeUncompressed()[1:])[12:], 32)
}

// Validators vote for one state, whether or not a C compiler was there when their engines were built.
func TestSignersAreRecoveredAlikeInEveryBuild(t *testing.T) {
	all, found := sha256.New(), 0
	try := func(digest [32]byte, v byte, r, s []byte) {
		answer := recovered(t, digest, v, r, s)
		if !bytes.Equal(answer, recoveredInGo(digest, v, r, s)) {
			t.Fatalf("%x %d %x %x: %x", digest, v, r, s, answer)
		}
		if answer != nil {
			found++
		}
		all.Write(append([]byte{byte(len(answer))}, answer...))
	}
	word := func(number *big.Int) []byte { return common.LeftPadBytes(number.Bytes(), 32) }
	half := new(big.Int).Rsh(orderOfCurve, 1)
	var edges [][]byte
	for _, step := range []int64{-1, 0, 1, 2} {
		for _, base := range []*big.Int{new(big.Int), half, orderOfCurve} {
			if number := new(big.Int).Add(base, big.NewInt(step)); number.Sign() >= 0 {
				edges = append(edges, word(number))
			}
		}
	}
	edges = append(edges, bytes.Repeat([]byte{255}, 32))
	for number := range uint64(300) {
		digest := sha256.Sum256(binary.BigEndian.AppendUint64([]byte("digest"), number))
		signature, err := crypto.Sign(digest[:], secretOf(byte(number%7)))
		if err != nil {
			t.Fatal(err)
		}
		v, r, s := signature[64]+27, signature[:32], signature[32:64]
		high := word(new(big.Int).Sub(orderOfCurve, new(big.Int).SetBytes(s)))
		try(digest, v, r, s)
		try(digest, 55-v, r, high)
		try(digest, 55-v, r, s)
		try(digest, v, s, r)
		try(sha256.Sum256(digest[:]), v, digest[:], s)
		try(digest, byte(number), r, s)
		try([32]byte{}, v, r, s)
	}
	for _, r := range edges {
		for _, s := range edges {
			try([32]byte{}, 27, r, s)
			try([32]byte{31: 1}, 28, r, s)
		}
	}
	const wanted = "94f2af6cc92f1bab54bc9f43a84395500c7f940a26b4330303998aa367d87521"
	if sum := hex.EncodeToString(all.Sum(nil)); sum != wanted {
		t.Errorf("%d signers, %s instead of %s", found, sum, wanted)
	}
}
