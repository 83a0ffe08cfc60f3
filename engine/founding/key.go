package founding

import (
	"errors"

	"filippo.io/edwards25519"
)

// CheckKey refuses an Ed25519 public key with which nobody could sign, or everybody: one that is not a point of the
// curve, or a point of small order.
func CheckKey(key [32]byte) error {
	point, err := new(edwards25519.Point).SetBytes(key[:])
	if err != nil {
		return errors.New("the key is not an Ed25519 public key")
	}
	if new(edwards25519.Point).MultByCofactor(point).Equal(edwards25519.NewIdentityPoint()) == 1 {
		return errors.New("everybody can sign with this key")
	}
	return nil
}
