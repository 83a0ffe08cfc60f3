package vectors

import (
	"crypto/sha256"
	"math/big"
	"testing"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
)

var (
	order = secp256k1.S256().N
	field = secp256k1.S256().P
)

func reduced(number *big.Int) *big.Int { return number.Mod(number, order) }

func scalarBytes(number *big.Int) []byte { return number.FillBytes(make([]byte, 32)) }

// drawn is a scalar other than 0 from 48 random bytes.
func drawn(bytes []byte) *big.Int {
	less := new(big.Int).Sub(order, big.NewInt(1))
	number := new(big.Int).SetBytes(bytes)
	return number.Mod(number, less).Add(number, big.NewInt(1))
}

// secretOf is a secret scalar that depends on all that it is for; the fresh bytes come last.
func secretOf(fresh []byte, all ...[]byte) *big.Int {
	return new(big.Int).SetBytes(sum256(fields(append(all, fresh)...)))
}

func respond(nonce, challenge, secret *big.Int) *big.Int {
	product := new(big.Int).Mul(challenge, secret)
	return reduced(product.Add(product, nonce))
}

// weight is the factor by which the share of a member of 1 to count gives the value at 0.
func weight(own, count int) *big.Int {
	above, below := big.NewInt(1), big.NewInt(1)
	for other := 1; other <= count; other++ {
		if other != own {
			above.Mul(above, big.NewInt(int64(other)))
			below.Mul(below, big.NewInt(int64(other-own)))
		}
	}
	return reduced(above.Mul(above, new(big.Int).ModInverse(reduced(below), order)))
}

func modScalar(number *big.Int) *secp256k1.ModNScalar {
	scalar := new(secp256k1.ModNScalar)
	scalar.SetByteSlice(scalarBytes(number))
	return scalar
}

func base(scalar *big.Int) *secp256k1.JacobianPoint {
	result := new(secp256k1.JacobianPoint)
	secp256k1.ScalarBaseMultNonConst(modScalar(scalar), result)
	return result
}

func times(point *secp256k1.JacobianPoint, scalar *big.Int) *secp256k1.JacobianPoint {
	result := new(secp256k1.JacobianPoint)
	secp256k1.ScalarMultNonConst(modScalar(scalar), point, result)
	return result
}

func minus(one, other *secp256k1.JacobianPoint) *secp256k1.JacobianPoint {
	result := new(secp256k1.JacobianPoint)
	negative := times(other, new(big.Int).Sub(order, big.NewInt(1)))
	secp256k1.AddNonConst(one, negative, result)
	return result
}

func compressed(point *secp256k1.JacobianPoint) []byte {
	copied := *point
	copied.ToAffine()
	return secp256k1.NewPublicKey(&copied.X, &copied.Y).SerializeCompressed()
}

func point(t *testing.T, bytes []byte) *secp256k1.JacobianPoint {
	key, err := secp256k1.ParsePubKey(bytes)
	if err != nil {
		t.Fatal(err)
	}
	result := new(secp256k1.JacobianPoint)
	key.AsJacobian(result)
	return result
}

// expanded is expand_message_xmd of RFC 9380 §5.3.1 with SHA-256.
func expanded(message []byte, separation string, length int) (output []byte) {
	suffix := append([]byte(separation), byte(len(separation)))
	begin := append(append(make([]byte, 64), message...), byte(length>>8), byte(length), 0)
	first := sum256(append(begin, suffix...))
	block := make([]byte, sha256.Size)
	for count := byte(1); len(output) < length; count++ {
		mixed := make([]byte, sha256.Size)
		for place := range mixed {
			mixed[place] = first[place] ^ block[place]
		}
		block = sum256(append(append(mixed, count), suffix...))
		output = append(output, block...)
	}
	return output[:length]
}

func hashToScalar(separation string, all ...[]byte) *big.Int {
	return reduced(new(big.Int).SetBytes(expanded(fields(all...), separation, 48)))
}

// secondGenerator hashes to the curve (RFC 9380, secp256k1_XMD:SHA-256_SSWU_RO_).
func secondGenerator() *secp256k1.JacobianPoint {
	wide := expanded([]byte("medseal/second-generator/1"), "MEDSEAL-V02-CS02-with-secp256k1_XMD:SHA-256_SSWU_RO_", 96)
	result := new(secp256k1.JacobianPoint)
	one, other := mapped(wide[:48]), mapped(wide[48:])
	secp256k1.AddNonConst(one, other, result)
	return result
}

func hexNumber(digits string) *big.Int {
	number, _ := new(big.Int).SetString(digits, 16)
	return number
}

// Coefficients of the isogeny (RFC 9380 appendix E.1), from the lowest power.
var isogeny = [4][]*big.Int{
	{hexNumber("8e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38daaaaa8c7"),
		hexNumber("7d3d4c80bc321d5b9f315cea7fd44c5d595d2fc0bf63b92dfff1044f17c6581"),
		hexNumber("534c328d23f234e6e2a413deca25caece4506144037c40314ecbd0b53d9dd262"),
		hexNumber("8e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38daaaaa88c")},
	{hexNumber("d35771193d94918a9ca34ccbb7b640dd86cd409542f8487d9fe6b745781eb49b"),
		hexNumber("edadc6f64383dc1df7c4b2d51b54225406d36b641f5e41bbc52a56612a8c6d14"),
		hexNumber("1")},
	{hexNumber("4bda12f684bda12f684bda12f684bda12f684bda12f684bda12f684b8e38e23c"),
		hexNumber("c75e0c32d5cb7c0fa9d0a54b12a0a6d5647ab046d686da6fdffc90fc201d71a3"),
		hexNumber("29a6194691f91a73715209ef6512e576722830a201be2018a765e85a9ecee931"),
		hexNumber("2f684bda12f684bda12f684bda12f684bda12f684bda12f684bda12f38e38d84")},
	{hexNumber("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffff93b"),
		hexNumber("7a06534bb8bdb49fd5e9e6632722c2989467c1bfc8e8d978dfb425d2685c2573"),
		hexNumber("6484aa716545ca2cf3a70c3fa8fe337e0a3d21162f0d6299a7bf8192bfd2a76f"),
		hexNumber("1")},
}

// mapped is a point of the curve for 48 bytes (RFC 9380 §6.6.3).
func mapped(wide []byte) *secp256k1.JacobianPoint {
	in := func(number *big.Int) *big.Int { return number.Mod(number, field) }
	mul := func(one, other *big.Int) *big.Int { return in(new(big.Int).Mul(one, other)) }
	add := func(one, other *big.Int) *big.Int { return in(new(big.Int).Add(one, other)) }
	div := func(one, other *big.Int) *big.Int { return mul(one, new(big.Int).ModInverse(other, field)) }
	a := hexNumber("3f8731abdd661adca08a5558f0f5d272e953d363cb6f0e5d405447c01a444533")
	b, z := big.NewInt(1771), in(big.NewInt(-11))
	u := in(new(big.Int).SetBytes(wide))
	curve := func(x *big.Int) *big.Int { return add(add(mul(mul(x, x), x), mul(a, x)), b) }
	zu := mul(z, mul(u, u))
	tv := add(mul(zu, zu), zu)
	x := mul(div(in(new(big.Int).Neg(b)), a), add(big.NewInt(1), new(big.Int).ModInverse(tv, field)))
	y := new(big.Int).ModSqrt(curve(x), field)
	if y == nil {
		x = mul(zu, x)
		y = new(big.Int).ModSqrt(curve(x), field)
	}
	if y.Bit(0) != u.Bit(0) {
		y = in(y.Neg(y))
	}
	value := func(coefficients []*big.Int) *big.Int {
		sum := new(big.Int)
		for power := len(coefficients) - 1; power >= 0; power-- {
			sum = add(mul(sum, x), coefficients[power])
		}
		return sum
	}
	mappedX := div(value(isogeny[0]), value(isogeny[1]))
	mappedY := mul(y, div(value(isogeny[2]), value(isogeny[3])))
	var result secp256k1.JacobianPoint
	result.X.SetByteSlice(mappedX.FillBytes(make([]byte, 32)))
	result.Y.SetByteSlice(mappedY.FillBytes(make([]byte, 32)))
	result.Z.SetInt(1)
	return &result
}
