// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {Network} from "./Network.sol";
import {CommitEpochs, Grant, GrantRequest, RequestTypes, Revoke, Terms} from "./RequestTypes.sol";
import {IConsent} from "./interfaces/IConsent.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {Registry} from "./Registry.sol";

/// @title Who may do what with a patient's records
contract Consent is IConsent, Network {
    using RequestTypes for *;
    using Strings for string;

    /// One word: whose grant it is, short of the handle's last byte, and what became of it.
    struct GrantWord {
        bytes31 patient;
        GrantState state;
    }

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

    /// @notice Who is who.
    IRegistry public immutable registry;

    mapping(bytes32 digest => GrantWord) private _grants;
    mapping(bytes32 handle => Chart) private _charts;

    /// @param registry_ The network's Registry.
    constructor(Registry registry_) Network(registry_.networkId()) {
        registry = registry_;
    }

    /// @inheritdoc IConsent
    function grant(GrantRequest[] calldata requests, bytes[] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) {
            bytes4 refusal = _grant(requests[i], signatures[i]);
            if (refusal != 0) emit Refused(i, refusal);
        }
    }

    /// @inheritdoc IConsent
    function revoke(Revoke[] calldata requests, bytes[] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) {
            bytes4 refusal = _revoke(requests[i], signatures[i]);
            if (refusal != 0) emit Refused(i, refusal);
        }
    }

    /// @inheritdoc IConsent
    function commitEpochs(CommitEpochs[] calldata requests, bytes[] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) {
            bytes4 refusal = _commitEpochs(requests[i], signatures[i]);
            if (refusal != 0) emit Refused(i, refusal);
        }
    }

    function _grant(GrantRequest calldata request, bytes calldata signature) private returns (bytes4) {
        bytes32 handle = request.handle;
        bytes32 digest = _digest(request.hash());
        bytes4 refusal = _refusal(handle, request.deadline, digest, signature);
        if (refusal != 0) return refusal;
        if (_charts[handle].epoch == 0) return EpochsUncommitted.selector;
        if (_grants[digest].state != GrantState.Unknown) return GrantKnown.selector;

        _grants[digest] = GrantWord(bytes31(handle), GrantState.Active);
        emit Granted(handle, digest);
        return 0;
    }

    function _revoke(Revoke calldata request, bytes calldata signature) private returns (bytes4) {
        bytes32 handle = request.handle;
        bytes4 refusal = _refusal(handle, request.deadline, _digest(request.hash()), signature);
        if (refusal != 0) return refusal;
        GrantWord memory known = _grants[request.grant];
        if (known.state == GrantState.Unknown || known.patient != bytes31(handle))
            return GrantUnknown.selector;
        if (known.state == GrantState.Ended) return GrantEnded.selector;
        refusal = _advance(handle, request.epoch);
        if (refusal != 0) return refusal;

        _grants[request.grant].state = GrantState.Ended;
        emit Revoked(handle, request.grant);
        emit EpochAdvanced(handle, request.epoch, request.packets);
        return 0;
    }

    function _commitEpochs(CommitEpochs calldata request, bytes calldata signature) private returns (bytes4) {
        (bytes32 handle, uint64 first, uint64 count) = (request.handle, request.first, request.count);
        bytes4 refusal = _refusal(handle, request.deadline, _digest(request.hash()), signature);
        if (refusal != 0) return refusal;
        Chart storage chart = _charts[handle];
        uint64 epoch = chart.epoch;
        if (count == 0 || count > type(uint32).max) return CountInvalid.selector;
        if (first != epoch + 1) return EpochUnexpected.selector;

        emit EpochsCommitted(handle, first, count, request.root);
        if (epoch == 0) {
            (chart.epoch, chart.first, chart.count, chart.root) = (1, 1, uint32(count), request.root);
            emit EpochAdvanced(handle, 1, 0);
        } else {
            (chart.nextFirst, chart.nextCount, chart.nextRoot) = (first, uint32(count), request.root);
        }
        return 0;
    }

    /// Enters the next epoch, or says why not.
    function _advance(bytes32 handle, uint64 epoch) private returns (bytes4) {
        Chart storage chart = _charts[handle];
        uint64 present = chart.epoch;
        if (present == 0) return EpochsUncommitted.selector;
        if (epoch != present + 1) return EpochUnexpected.selector;
        if (epoch > _lastEpoch(chart)) return EpochsExhausted.selector;

        chart.epoch = epoch;
        if (chart.nextFirst == epoch) {
            (chart.first, chart.count, chart.root) = (epoch, chart.nextCount, chart.nextRoot);
        }
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
        if (terms.record != 0 && terms.record != record) return false;
        if (!terms.purpose.equal(purpose) || !_allows(terms, action) || !_covers(terms, category))
            return false;
        if (_grants[_digest(opening.hash())].state != GrantState.Active) return false;
        (, bool active) = registry.signatoryOf(opening.handle);
        return active && registry.isActive(party);
    }

    /// @inheritdoc IConsent
    function grantOf(bytes32 digest) external view returns (GrantState) {
        return _grants[digest].state;
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

    /// Says why a request is not the handle's patient's own, here and now; 0 where it is.
    function _refusal(
        bytes32 handle,
        uint64 deadline,
        bytes32 digest,
        bytes calldata signature
    ) private view returns (bytes4) {
        if (deadline < block.timestamp) return DeadlinePassed.selector;
        (address signer, bool active) = registry.signatoryOf(handle);
        if (signer == address(0)) return HandleUnknown.selector;
        if (!active) return PartySuspended.selector;
        (address recovered, ECDSA.RecoverError fault, ) = ECDSA.tryRecoverCalldata(digest, signature);
        if (fault != ECDSA.RecoverError.NoError || recovered != signer) return SignatureInvalid.selector;
        return 0;
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
