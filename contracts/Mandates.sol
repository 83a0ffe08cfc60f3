// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EndMandate, MandateRequest, MandateTypes} from "./MandateTypes.sol";
import {SignedByParties} from "./SignedByParties.sol";
import {IMandates} from "./interfaces/IMandates.sol";
import {Registry} from "./Registry.sol";

// Model: an acting key has one mandate on a handle, ever; the digest that was signed, which commits to who acts and why, is in the
// event alone.
//
//   _mandates[handle][key]   one word: appointer 20 | until 5 | powers 1 | state 1   bytes
//
// Each request asks if a key may sign, so that is one read, and a second one if another acting key appointed it. It is two deep at
// most, for whoever was appointed appoints nobody.

/// @title Acting keys
contract Mandates is IMandates, SignedByParties {
    using MandateTypes for *;

    /// @notice Power to give and end rights.
    uint8 public constant RULES = 1;
    /// @notice Power to commit to a chart's keys.
    uint8 public constant KEYS = 2;
    /// @notice Power to let another key act.
    uint8 public constant APPOINT = 4;

    mapping(bytes32 handle => mapping(address key => Mandate)) private _mandates;

    /// @param registry_ The network's Registry.
    constructor(Registry registry_) SignedByParties(registry_) {}

    /// @inheritdoc IMandates
    function appoint(MandateRequest[] calldata requests, bytes[] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _appoint(requests[i], signatures[i]));
    }

    /// @inheritdoc IMandates
    function end(EndMandate[] calldata requests, bytes[] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _end(requests[i], signatures[i]));
    }

    function _appoint(MandateRequest calldata request, bytes calldata signature) private returns (bytes4) {
        bytes32 handle = request.handle;
        bytes32 digest = _digest(request.hash());
        (bytes4 refusal, address appointer) = _signer(handle, request.deadline, digest, signature, false);
        if (refusal != 0) return refusal;
        if (!_isSound(request)) return MandateInvalid.selector;
        Mandate storage mandate = _mandates[handle][request.key];
        if (mandate.state != MandateState.Unknown) return KeyKnown.selector;
        if (appointer != address(0)) {
            Mandate storage by = _mandates[handle][appointer];
            if (!_holds(handle, by, APPOINT, uint64(block.timestamp))) return SignatureInvalid.selector;
            // The power to appoint is not passed on, so no chain of mandates is longer than two.
            uint8 passed = by.powers & ~APPOINT;
            if (request.powers & ~passed != 0 || request.until > by.until) return MandateWider.selector;
        }

        _mandates[handle][request.key] = Mandate(
            appointer,
            uint40(request.until),
            request.powers,
            MandateState.Active
        );
        emit Appointed(handle, digest, request.key, request.powers, request.until, appointer);
        return 0;
    }

    function _end(EndMandate calldata request, bytes calldata signature) private returns (bytes4) {
        bytes32 handle = request.handle;
        (bytes4 refusal, address signer) = _signer(
            handle,
            request.deadline,
            _digest(request.hash()),
            signature,
            true
        );
        if (refusal != 0) return refusal;
        Mandate storage mandate = _mandates[handle][request.key];
        // Whoever acted and does so no longer ends nobody else.
        if (signer != address(0) && signer != request.key) {
            bool holds = _holds(handle, _mandates[handle][signer], 0, uint64(block.timestamp));
            if (signer != mandate.appointer || !holds) return SignatureInvalid.selector;
        }
        if (mandate.state == MandateState.Unknown) return MandateUnknown.selector;
        if (mandate.state == MandateState.Ended) return MandateIsOver.selector;

        mandate.state = MandateState.Ended;
        emit MandateEnded(handle, request.key);
        return 0;
    }

    /// @inheritdoc IMandates
    function maySign(bytes32 handle, address key, uint8 power, uint64 moment) external view returns (bool) {
        return _holds(handle, _mandates[handle][key], power, moment);
    }

    /// @inheritdoc IMandates
    function mandateOf(bytes32 handle, address key) external view returns (Mandate memory) {
        return _mandates[handle][key];
    }

    /// Says which acting key signed a request on a handle, 0 for its patient's own; or why nobody did who counts.
    function _signer(
        bytes32 handle,
        uint64 deadline,
        bytes32 digest,
        bytes calldata signature,
        bool whileSuspended
    ) private view returns (bytes4 refusal, address acting) {
        if (deadline < block.timestamp) return (DeadlinePassed.selector, address(0));
        (address patient, bool active) = registry.signatoryOf(handle);
        if (patient == address(0)) return (HandleUnknown.selector, address(0));
        (address key, ECDSA.RecoverError fault, ) = ECDSA.tryRecoverCalldata(digest, signature);
        bool isKnown = _mandates[handle][key].state != MandateState.Unknown;
        if (fault == ECDSA.RecoverError.NoError && key != patient && isKnown) acting = key;
        // A suspension stops what is signed for the patient; whoever acts may still lay that down.
        if (!active && (acting == address(0) || !whileSuspended))
            return (PartyIsSuspended.selector, address(0));
        if (acting != address(0)) return (0, acting);
        bool isPatients = _isSignedBy(patient, digest, signature);
        return (isPatients ? bytes4(0) : SignatureInvalid.selector, address(0));
    }

    function _holds(
        bytes32 handle,
        Mandate storage mandate,
        uint8 power,
        uint64 moment
    ) private view returns (bool) {
        if (mandate.state != MandateState.Active || moment >= mandate.until) return false;
        if (mandate.powers & power != power) return false;
        if (mandate.appointer == address(0)) return true;
        Mandate storage by = _mandates[handle][mandate.appointer];
        return by.state == MandateState.Active && moment < by.until;
    }

    function _isSound(MandateRequest calldata request) private view returns (bool) {
        if (request.key == address(0) || request.powers == 0) return false;
        if (request.powers & ~(RULES | KEYS | APPOINT) != 0) return false;
        return request.until > block.timestamp && request.until <= type(uint40).max;
    }
}
