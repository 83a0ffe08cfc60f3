package main

import (
	"bytes"
	"encoding/asn1"
	"errors"
	"fmt"
)

// Codes of what can be wrong with a token; the node has an error for each.
const (
	// codeModule: the module cannot be loaded or begun.
	codeModule = "module"
	// codeAbsent: no token has the label, more than one has it, or the token stopped to answer.
	codeAbsent = "absent"
	// codePin: the token did not take the PIN, or the next wrong one would lock it.
	codePin = "pin"
	// codeKey: no private key, or more than one, has the label.
	codeKey = "key"
	// codeUnusable: the key is of another curve or may not sign, or the token cannot make one of this curve.
	codeUnusable = "unusable"
	// codeMalformed: the question cannot be read.
	codeMalformed = "malformed"
)

// secp256k1 is the curve's identifier in DER.
var secp256k1 = []byte{0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x0a}

// failure is an error with a code.
type failure struct {
	code string
	err  error
}

func (f failure) Error() string { return f.err.Error() }

func fails(code, format string, values ...any) error {
	return failure{code, fmt.Errorf(format, values...)}
}

// key is a key pair of the token.
type key struct {
	private uint64
	// point is the public key: 0x04, x and y.
	point []byte
}

// token is a token with its PIN. It begins a session by itself, and begins another one after the token went away.
type token struct {
	module *module
	label  string
	pin    []byte

	open    bool
	session uint64
	keys    map[string]key
	// refused is why the token did not take the PIN: it is not tried twice, for some wrong ones in a row lock a token.
	refused error
}

// look makes sure that the token is there and took the PIN.
func (t *token) look() error {
	if t.open {
		tokens, err := t.module.tokens()
		if err == nil {
			for _, info := range tokens {
				if info.name() == t.label {
					return nil
				}
			}
		}
		t.forget()
	}
	return t.login()
}

// forget drops a session that the token no longer knows.
func (t *token) forget() { t.open, t.keys = false, nil }

func (t *token) login() error {
	if t.open {
		return nil
	}
	if t.refused != nil {
		return t.refused
	}
	if err := t.module.begin(); err != nil {
		return failure{codeModule, err}
	}
	tokens, err := t.module.tokens()
	if err != nil {
		return failure{codeAbsent, err}
	}
	var slots []uint64
	for slot, info := range tokens {
		if info.name() == t.label {
			slots = append(slots, slot)
		}
	}
	if len(slots) != 1 {
		return fails(codeAbsent, "%d tokens have this label", len(slots))
	}
	flags := tokens[slots[0]].flags
	if flags&userPinLocked != 0 {
		return t.refuse("the token locked the PIN after too many wrong ones")
	}
	if flags&userPinFinalTry != 0 {
		return t.refuse("the next wrong PIN would lock the token: log in once with a tool of the token")
	}
	session, err := t.module.openSession(slots[0])
	if err != nil {
		return failure{codeAbsent, err}
	}
	if err := t.module.login(session, t.pin); err != nil {
		if is(err, rvPinIncorrect, rvPinInvalid, rvPinLenRange, rvPinExpired, rvPinLocked) {
			return t.refuse("%w", err)
		}
		return failure{codeAbsent, err}
	}
	t.open, t.session, t.keys = true, session, map[string]key{}
	return nil
}

func (t *token) refuse(format string, values ...any) error {
	t.refused = fails(codePin, format, values...)
	return t.refused
}

// retried does something, and once more with a new session if the token failed: it may have been away.
func (t *token) retried(work func() error) error {
	var coded failure
	for attempt := 0; ; attempt++ {
		err := t.login()
		if err == nil {
			err = work()
		}
		if err == nil || errors.As(err, &coded) {
			return err
		}
		t.forget()
		if attempt == 1 {
			return failure{codeAbsent, err}
		}
	}
}

// find returns the public key of a key.
func (t *token) find(label string) ([]byte, error) {
	var found key
	err := t.retried(func() (err error) {
		found, err = t.key(label)
		return err
	})
	return found.point, err
}

// take returns the public key of a key, which the token makes if it has none with the label.
func (t *token) take(label string) ([]byte, error) {
	err := t.retried(func() error {
		private, err := t.module.find(t.session, classPrivate, label)
		if err != nil || len(private) > 0 {
			return err
		}
		if err := t.module.makeKey(t.session, label, secp256k1); err != nil {
			return fails(codeUnusable, "the token makes no key of secp256k1: %w", err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return t.find(label)
}

// sign signs a digest.
func (t *token) sign(label string, digest []byte) ([]byte, error) {
	var made []byte
	err := t.retried(func() error {
		held, err := t.key(label)
		if err != nil {
			return err
		}
		made, err = t.module.sign(t.session, held.private, digest)
		return err
	})
	return made, err
}

func (t *token) key(label string) (key, error) {
	if held, ok := t.keys[label]; ok {
		return held, nil
	}
	private, err := t.module.find(t.session, classPrivate, label)
	if err != nil {
		return key{}, err
	}
	if len(private) != 1 {
		return key{}, fails(codeKey, "%s with this label", []string{"there is no private key", "", "there are several private keys"}[len(private)])
	}
	kind, err := t.module.attribute(t.session, private[0], attrKeyType)
	if err != nil {
		return key{}, err
	}
	if !bytes.Equal(kind, []byte{keyEC, 0, 0, 0, 0, 0, 0, 0}) {
		return key{}, fails(codeUnusable, "it is not a key of an elliptic curve")
	}
	public, err := t.module.find(t.session, classPublic, label)
	if err != nil {
		return key{}, err
	}
	if len(public) != 1 {
		return key{}, fails(codeKey, "%d public keys have this label, in place of one beside the private key", len(public))
	}
	curve, err := t.module.attribute(t.session, public[0], attrECParams)
	if err != nil {
		return key{}, err
	}
	if !bytes.Equal(curve, secp256k1) {
		return key{}, fails(codeUnusable, "it is a key of another curve than secp256k1")
	}
	written, err := t.module.attribute(t.session, public[0], attrECPoint)
	if err != nil {
		return key{}, err
	}
	point := pointOf(written)
	if point == nil {
		return key{}, fails(codeUnusable, "its public key cannot be read")
	}
	held := key{private[0], point}
	t.keys[label] = held
	return held, nil
}

// pointOf reads a public key, which is in an octet string of DER, or, by some tokens, as it is.
func pointOf(written []byte) []byte {
	var inside []byte
	if rest, err := asn1.Unmarshal(written, &inside); err == nil && len(rest) == 0 {
		written = inside
	}
	if len(written) != 65 || written[0] != 4 {
		return nil
	}
	return written
}
