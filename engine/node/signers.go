package node

import (
	"context"

	"golang.org/x/sync/errgroup"

	cmttypes "github.com/cometbft/cometbft/types"
)

// validatorSigner signs for the validator: with its key here, or by a remote signer that has it.
type validatorSigner struct {
	cmttypes.PrivValidator
	guard  *guardedSigner
	remote *remoteSigner
}

// openSigner opens what signs for the validator. What a remote one must not sign twice, that one knows; this folder guards
// the key that was handed over.
func openSigner(
	ctx context.Context, home string, keys *Keys, settings *Settings, chain string, restored bool, heard func(SignerState),
) (*validatorSigner, error) {
	if err := keys.requireOne(settings); err != nil {
		return nil, err
	}
	if settings.PrivValidatorLaddr == "" {
		key, err := keys.signer(home)
		if err != nil {
			return nil, err
		}
		guard := &guardedSigner{signer: key, lastSigned: key.LastSignState.Height, restored: restored}
		return &validatorSigner{PrivValidator: guard, guard: guard}, nil
	}
	key, err := settings.remoteKey()
	if err != nil {
		return nil, err
	}
	remote, err := openRemoteSigner(settings.PrivValidatorLaddr, chain, keys.node, key, heard)
	if err != nil {
		return nil, err
	}
	remote.wait(ctx)
	return &validatorSigner{PrivValidator: remote, remote: remote}, nil
}

// watch gives it the blocks.
func (v *validatorSigner) watch(blocks commits) {
	if v.guard != nil {
		v.guard.watch(blocks)
	}
}

// follow sees to it that the ledger does not wait for a vote that the signer could not make.
func (v *validatorSigner) follow(ctx context.Context, group *errgroup.Group, newest func() int64) {
	if v.remote != nil {
		group.Go(func() error { return v.remote.requireVotes(ctx, missedPatience, newest) })
	}
}

// close ends the connection with a remote signer.
func (v *validatorSigner) close() error {
	if v.remote == nil {
		return nil
	}
	return v.remote.close()
}
