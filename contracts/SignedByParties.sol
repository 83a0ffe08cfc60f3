// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Network} from "./Network.sol";
import {Registry} from "./Registry.sol";
import {SignedRequests} from "./SignedRequests.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";

/// @title Requests of parties, and of keys that hold an account without being a party's
abstract contract SignedByParties is SignedRequests {
    /// @notice The network's registry of parties.
    IRegistry public immutable registry;

    constructor(Registry registry_) Network(registry_.networkId()) {
        registry = registry_;
    }

    /// Says why a party did not sign, or may not; 0 if it did and may.
    function _partyRefusal(
        address id,
        bytes32 digest,
        bytes calldata signature
    ) internal view returns (bytes4) {
        address signer = registry.signerOf(id);
        if (signer == address(0)) return PartyUnknown.selector;
        if (!registry.isActive(id)) return PartyIsSuspended.selector;
        return _isSignedBy(signer, digest, signature) ? bytes4(0) : SignatureInvalid.selector;
    }

    /// The same for an account: one of a party is the party's; any other one is its key's.
    function _holderRefusal(
        address id,
        bytes32 digest,
        bytes calldata signature
    ) internal view returns (bytes4) {
        if (registry.signerOf(id) != address(0)) return _partyRefusal(id, digest, signature);
        return _isSignedByKey(id, digest, signature) ? bytes4(0) : SignatureInvalid.selector;
    }
}
