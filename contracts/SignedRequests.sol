// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Network} from "./Network.sol";

// Model: it stores nothing. A digest, an epoch or the number of a change, which the contracts store, keeps a request
// from being used twice.

/// @title Signatures of parties: keys (ECDSA) and contract wallets (ERC-1271)
/// @notice A key's signature is 65 bytes, r ‖ s ‖ v with low s. A wallet is asked only if it is the enrolled
/// signer of a party, may change nothing, and gets a capped amount of gas; whatever it does, it only fails its own
/// request.
abstract contract SignedRequests is Network {
    /// @notice Gas that a wallet gets to answer with.
    uint256 public constant WALLET_GAS = 100_000;
    /// @notice Longest signature that a wallet is shown, in bytes.
    uint256 public constant WALLET_SIGNATURE_SIZE = 4096;

    /// @notice Reverts the batch: what is left of its gas does not let a wallet answer.
    error GasTooLow();

    function _isSignedBy(
        address signer,
        bytes32 digest,
        bytes calldata signature
    ) internal view returns (bool) {
        (address recovered, ECDSA.RecoverError fault, ) = ECDSA.tryRecoverCalldata(digest, signature);
        if (fault == ECDSA.RecoverError.NoError && recovered == signer) return true;
        if (signature.length > WALLET_SIGNATURE_SIZE || signer.code.length == 0) return false;

        // A call gets at most 63/64 of the gas left (EIP-150). A sender who brings too little must not be able to
        // have a wallet's request refused, so the whole batch reverts.
        if ((gasleft() * 63) / 64 < WALLET_GAS + 10_000) revert GasTooLow();
        try this.askWallet{gas: WALLET_GAS}(signer, digest, signature) returns (bool accepted) {
            return accepted;
        } catch {
            return false;
        }
    }

    /// True if a key itself signed, whether or not it is a party's.
    function _isSignedByKey(
        address key,
        bytes32 digest,
        bytes calldata signature
    ) internal pure returns (bool) {
        (address recovered, ECDSA.RecoverError fault, ) = ECDSA.tryRecoverCalldata(digest, signature);
        return fault == ECDSA.RecoverError.NoError && recovered == key;
    }

    /// @notice Asks a wallet whether a signature is its own. A call of its own, so that its gas can be capped.
    function askWallet(
        address wallet,
        bytes32 digest,
        bytes calldata signature
    ) external view returns (bool) {
        return SignatureChecker.isValidERC1271SignatureNowCalldata(wallet, digest, signature);
    }
}
