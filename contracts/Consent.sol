// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {Network} from "./Network.sol";
import {
    Advance,
    CommitEpochs,
    End,
    Grant,
    GrantRequest,
    RequestTypes,
    Revoke,
    Terms
} from "./RequestTypes.sol";
import {SignedRequests} from "./SignedRequests.sol";
import {IConsent} from "./interfaces/IConsent.sol";
import {IMandates} from "./interfaces/IMandates.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {Registry} from "./Registry.sol";

// Model: a handle stands for a patient, and the digest that the patient signed for a grant. The terms stay hidden.
//
//   _grants[handle][digest]   Unknown, then Active, then Ended; a grant that ended never comes back
//   _charts[handle]           three words:
//     epoch 8 | first 8 | nextFirst 8 | count 4 | nextCount 4   bytes; the numbers fill one word
//     root       commits to the recipients of the epochs from `first`, `count` of them; `epoch` is among them
//     nextRoot   the same from `nextFirst`: it replaces the other once that epoch begins
//
// Every request reads the numbers, and most requests write them: in one word that is one read and one write. This is
// why a commitment is for 2^32 - 1 epochs at most. While `nextFirst` is greater than `epoch` it is `epoch + 1`, the
// next one to begin; otherwise no other commitment waits. `nextRoot` is then out of date, and stays: clearing it would
// be one more write.

/// @title Rights to a patient's records
contract Consent is IConsent, SignedRequests {
    using RequestTypes for *;
    using Strings for string;

    /// The commitment that the present epoch is of, and the one that replaces it from the next epoch on, if any.
    struct Chart {
        uint64 epoch;
        uint64 first;
        uint64 nextFirst;
        uint32 count;
        uint32 nextCount;
        bytes32 root;
        bytes32 nextRoot;
    }

    /// Powers of a mandate that requests take.
    uint8 private constant RULES = 1;
    uint8 private constant KEYS = 2;

    /// @notice The network's registry of parties.
    IRegistry public immutable registry;
    /// @notice The network's acting keys; zero if only patients sign.
    IMandates public immutable mandates;

    /// @inheritdoc IConsent
    uint64 public immutable longestRight;

    // Each is one word, found by the whole handle and the whole digest: no byte of either is cut.
    mapping(bytes32 handle => mapping(bytes32 digest => GrantState)) private _grants;
    mapping(bytes32 handle => Chart) private _charts;

    /// @param registry_ The network's Registry.
    /// @param mandates_ The network's acting keys, or zero.
    /// @param longestRight_ Seconds that a right may hold at most.
    constructor(
        Registry registry_,
        IMandates mandates_,
        uint64 longestRight_
    ) Network(registry_.networkId()) {
        registry = registry_;
        mandates = mandates_;
        longestRight = longestRight_;
    }

    /// @inheritdoc IConsent
    function grant(GrantRequest[] calldata requests, bytes[] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _grant(requests[i], signatures[i]));
    }

    /// @inheritdoc IConsent
    function revoke(Revoke[] calldata requests, bytes[] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _revoke(requests[i], signatures[i]));
    }

    /// @inheritdoc IConsent
    function end(End[] calldata requests, bytes[] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _end(requests[i], signatures[i]));
    }

    /// @inheritdoc IConsent
    function commitEpochs(CommitEpochs[] calldata requests, bytes[] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _commitEpochs(requests[i], signatures[i]));
    }

    /// @inheritdoc IConsent
    function advance(Advance[] calldata requests, bytes[][] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _advance(requests[i], signatures[i]));
    }

    function _grant(GrantRequest calldata request, bytes calldata signature) private returns (bytes4) {
        bytes32 handle = request.handle;
        bytes32 digest = _digest(request.hash());
        bytes4 refusal = _refusal(handle, RULES, request.deadline, digest, signature);
        if (refusal != 0) return refusal;
        if (_charts[handle].epoch == 0) return EpochsUncommitted.selector;
        if (_grants[handle][digest] != GrantState.Unknown) return GrantKnown.selector;

        _grants[handle][digest] = GrantState.Active;
        emit Granted(handle, digest);
        return 0;
    }

    function _revoke(Revoke calldata request, bytes calldata signature) private returns (bytes4) {
        bytes32 handle = request.handle;
        bytes4 refusal = _refusal(handle, RULES, request.deadline, _digest(request.hash()), signature);
        if (refusal != 0) return refusal;
        refusal = _grantRefusal(handle, request.grant);
        if (refusal != 0) return refusal;
        refusal = _enterEpoch(handle, request.epoch, request.packets);
        if (refusal != 0) return refusal;

        _endGrant(handle, request.grant);
        return 0;
    }

    function _end(End calldata request, bytes calldata signature) private returns (bytes4) {
        bytes32 handle = request.handle;
        bytes4 refusal = _refusal(handle, RULES, request.deadline, _digest(request.hash()), signature);
        if (refusal != 0) return refusal;
        refusal = _grantRefusal(handle, request.grant);
        if (refusal != 0) return refusal;

        _endGrant(handle, request.grant);
        return 0;
    }

    function _endGrant(bytes32 handle, bytes32 digest) private {
        _grants[handle][digest] = GrantState.Ended;
        emit Revoked(handle, digest);
    }

    function _commitEpochs(CommitEpochs calldata request, bytes calldata signature) private returns (bytes4) {
        (bytes32 handle, uint64 first, uint64 count) = (request.handle, request.first, request.count);
        bytes4 refusal = _refusal(handle, KEYS, request.deadline, _digest(request.hash()), signature);
        if (refusal != 0) return refusal;
        Chart storage chart = _charts[handle];
        uint64 epoch = chart.epoch;
        if (count == 0 || count > type(uint32).max) return CountInvalid.selector;
        if (first != epoch + 1) return EpochUnexpected.selector;
        if (first == chart.nextFirst && count <= chart.nextCount) return CountInvalid.selector;

        emit EpochsCommitted(handle, first, count, request.root);
        if (epoch == 0) {
            (chart.epoch, chart.first, chart.count, chart.root) = (1, 1, uint32(count), request.root);
            emit EpochAdvanced(handle, 1, 0);
        } else {
            (chart.nextFirst, chart.nextCount, chart.nextRoot) = (first, uint32(count), request.root);
        }
        return 0;
    }

    function _advance(Advance calldata request, bytes[] calldata signatures) private returns (bytes4) {
        if (request.deadline < block.timestamp) return DeadlinePassed.selector;
        bytes4 refusal = registry.coordinatorsRefusal(_digest(request.hash()), signatures);
        if (refusal != 0) return refusal;
        return _enterEpoch(request.handle, request.epoch, request.packets);
    }

    /// Says why a grant is not in force on a handle; 0 if it is.
    function _grantRefusal(bytes32 handle, bytes32 digest) private view returns (bytes4) {
        GrantState known = _grants[handle][digest];
        if (known == GrantState.Unknown) return GrantUnknown.selector;
        return known == GrantState.Ended ? GrantEnded.selector : bytes4(0);
    }

    /// Enters the next epoch, or says why not.
    function _enterEpoch(bytes32 handle, uint64 epoch, bytes32 packets) private returns (bytes4) {
        Chart storage chart = _charts[handle];
        uint64 present = chart.epoch;
        if (present == 0) return EpochsUncommitted.selector;
        if (epoch != present + 1) return EpochUnexpected.selector;
        if (epoch > _lastEpoch(chart)) return EpochsExhausted.selector;

        chart.epoch = epoch;
        if (chart.nextFirst == epoch) {
            (chart.first, chart.count, chart.root) = (epoch, chart.nextCount, chart.nextRoot);
        }
        emit EpochAdvanced(handle, epoch, packets);
        return 0;
    }

    /// @inheritdoc IConsent
    function check(
        Grant calldata opening,
        address party,
        string calldata action,
        string calldata category,
        bytes32 record,
        string calldata purpose,
        uint64 moment
    ) external view returns (bool) {
        Terms calldata terms = opening.terms;
        if (terms.grantee != party || moment < terms.from || moment >= terms.until) return false;
        if (terms.until - terms.from > longestRight) return false;
        if (terms.record != 0 && terms.record != record) return false;
        if (!terms.purpose.equal(purpose) || !_allows(terms, action) || !_covers(terms, category))
            return false;
        if (_grants[opening.handle][_digest(opening.hash())] != GrantState.Active) return false;
        return registry.isActive(party);
    }

    /// @inheritdoc IConsent
    function grantOf(bytes32 handle, bytes32 digest) external view returns (GrantState) {
        return _grants[handle][digest];
    }

    /// @inheritdoc IConsent
    function epochOf(
        bytes32 handle
    ) external view returns (uint64 epoch, uint64 first, uint64 count, bytes32 root) {
        Chart storage chart = _charts[handle];
        return (chart.epoch, chart.first, chart.count, chart.root);
    }

    /// @inheritdoc IConsent
    function lastEpochOf(bytes32 handle) external view returns (uint64) {
        Chart storage chart = _charts[handle];
        return chart.epoch == 0 ? 0 : _lastEpoch(chart);
    }

    /// Says why neither the handle's patient nor a key that acts with a power signed a request, here and now; 0 if one did.
    function _refusal(
        bytes32 handle,
        uint8 power,
        uint64 deadline,
        bytes32 digest,
        bytes calldata signature
    ) private view returns (bytes4) {
        if (deadline < block.timestamp) return DeadlinePassed.selector;
        (address signer, bool active) = registry.signatoryOf(handle);
        if (signer == address(0)) return HandleUnknown.selector;
        if (!active) return PartyIsSuspended.selector;
        (address key, ECDSA.RecoverError fault, ) = ECDSA.tryRecoverCalldata(digest, signature);
        if (fault == ECDSA.RecoverError.NoError && key == signer) return 0;
        if (fault == ECDSA.RecoverError.NoError && address(mandates) != address(0)) {
            if (mandates.maySign(handle, key, power, uint64(block.timestamp))) return 0;
        }
        return _isSignedBy(signer, digest, signature) ? bytes4(0) : SignatureInvalid.selector;
    }

    function _lastEpoch(Chart storage chart) private view returns (uint64) {
        return
            chart.nextFirst > chart.epoch
                ? chart.nextFirst + chart.nextCount - 1
                : chart.first + chart.count - 1;
    }

    function _allows(Terms calldata terms, string calldata action) private pure returns (bool) {
        if (action.equal("read")) return terms.read;
        if (action.equal("add")) return terms.add;
        return terms.amend && action.equal("amend");
    }

    function _covers(Terms calldata terms, string calldata category) private pure returns (bool) {
        for (uint256 i; i < terms.categories.length; ++i) {
            if (terms.categories[i].equal(category)) return true;
        }
        return false;
    }
}
