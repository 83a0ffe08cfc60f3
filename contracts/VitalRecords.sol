// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Network} from "./Network.sol";
import {SignedRequests} from "./SignedRequests.sol";
import {
    BirthRequest,
    ConfirmDeath,
    DeathRequest,
    ObjectToDeath,
    UndoDeathRequest,
    VitalTypes,
    WillRequest
} from "./VitalTypes.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {IVitalRecords} from "./interfaces/IVitalRecords.sol";
import {Registry} from "./Registry.sol";

// Model: a handle has one word, and two digests that are there only if they are needed.
//
//   _lives[handle]    reporter 20 | since 5 | step 2 | will 2 | born 1 | state 1   bytes
//   _deaths[handle]   digest of the report that is under way or confirmed; zero while the person lives
//   _wills[handle]    digest of the newest will
//
// A confirmation and an undoing name the report's digest and the number of the step. The number alone would do against
// replay; the digest is what the signer read.

/// @title Births, deaths and wills
contract VitalRecords is IVitalRecords, SignedRequests {
    using VitalTypes for *;

    /// @notice Number of the role `doctor`.
    uint8 public constant DOCTOR = 2;
    /// @notice Number of the role `registrar`.
    uint8 public constant REGISTRAR = 13;

    /// Greatest step of a report: however many there were, its confirmation and its undoing find a number.
    uint16 private constant LAST_REPORT = type(uint16).max - 2;

    /// @notice The network's registry of parties.
    IRegistry public immutable registry;

    mapping(bytes32 handle => Life) private _lives;
    mapping(bytes32 handle => bytes32) private _deaths;
    mapping(bytes32 handle => bytes32) private _wills;

    /// @param registry_ The network's Registry.
    constructor(Registry registry_) Network(registry_.networkId()) {
        registry = registry_;
    }

    /// @inheritdoc IVitalRecords
    function register(BirthRequest[] calldata requests, bytes[] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _register(requests[i], signatures[i]));
    }

    /// @inheritdoc IVitalRecords
    function report(DeathRequest[] calldata requests, bytes[] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _reportDeath(requests[i], signatures[i]));
    }

    /// @inheritdoc IVitalRecords
    function confirm(ConfirmDeath[] calldata requests, bytes[] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _confirm(requests[i], signatures[i]));
    }

    /// @inheritdoc IVitalRecords
    function undo(UndoDeathRequest[] calldata requests, bytes[2][] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _undo(requests[i], signatures[i]));
    }

    /// @inheritdoc IVitalRecords
    function object(ObjectToDeath[] calldata requests, bytes[] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _object(requests[i], signatures[i]));
    }

    /// @inheritdoc IVitalRecords
    function setWill(WillRequest[] calldata requests, bytes[] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _setWill(requests[i], signatures[i]));
    }

    function _register(BirthRequest calldata request, bytes calldata signature) private returns (bytes4) {
        if (request.deadline < block.timestamp) return DeadlinePassed.selector;
        IRegistry.Party memory registrar = registry.party(request.registrar);
        if (registrar.role != REGISTRAR) return RoleUnfit.selector;
        bytes32 digest = _digest(request.hash());
        bytes4 refusal = _partyRefusal(registrar, digest, signature);
        if (refusal != 0) return refusal;
        if (registry.controllerOf(request.handle) == address(0)) return HandleUnknown.selector;
        Life storage life = _lives[request.handle];
        if (life.born) return BirthKnown.selector;
        if (life.state != LifeState.Living) return DeathKnown.selector;

        life.born = true;
        emit BirthRegistered(request.handle, digest, request.registrar);
        return 0;
    }

    function _reportDeath(DeathRequest calldata request, bytes calldata signature) private returns (bytes4) {
        if (request.deadline < block.timestamp) return DeadlinePassed.selector;
        IRegistry.Party memory reporter = registry.party(request.reporter);
        if (!_mayAttest(reporter)) return RoleUnfit.selector;
        bytes32 digest = _digest(request.hash());
        bytes4 refusal = _partyRefusal(reporter, digest, signature);
        if (refusal != 0) return refusal;
        if (registry.controllerOf(request.handle) == address(0)) return HandleUnknown.selector;
        Life storage life = _lives[request.handle];
        if (life.state != LifeState.Living) return DeathKnown.selector;
        if (!_isNext(life, request.step) || request.step > LAST_REPORT) return StepUnexpected.selector;

        (life.reporter, life.step, life.state) = (request.reporter, request.step, LifeState.Reported);
        _deaths[request.handle] = digest;
        emit DeathReported(request.handle, digest, request.step, request.reporter);
        return 0;
    }

    function _confirm(ConfirmDeath calldata request, bytes calldata signature) private returns (bytes4) {
        if (request.deadline < block.timestamp) return DeadlinePassed.selector;
        IRegistry.Party memory confirmer = registry.party(request.confirmer);
        if (!_mayAttest(confirmer)) return RoleUnfit.selector;
        bytes4 refusal = _partyRefusal(confirmer, _digest(request.hash()), signature);
        if (refusal != 0) return refusal;
        Life storage life = _lives[request.handle];
        if (life.state == LifeState.Dead) return DeathKnown.selector;
        if (life.state != LifeState.Reported || _deaths[request.handle] != request.death)
            return DeathUnknown.selector;
        if (!_isNext(life, request.step)) return StepUnexpected.selector;
        IRegistry.Party memory reporter = registry.party(life.reporter);
        // Whoever was suspended since is not believed any more.
        if (reporter.suspended) return PartyIsSuspended.selector;
        refusal = _pairRefusal(reporter, confirmer);
        if (refusal != 0) return refusal;

        (life.step, life.state, life.since) = (request.step, LifeState.Dead, uint40(block.timestamp));
        emit DeathConfirmed(
            request.handle,
            request.death,
            request.step,
            request.confirmer,
            uint64(block.timestamp)
        );
        return 0;
    }

    function _undo(UndoDeathRequest calldata request, bytes[2] calldata signatures) private returns (bytes4) {
        if (request.deadline < block.timestamp) return DeadlinePassed.selector;
        IRegistry.Party memory first = registry.party(request.first);
        IRegistry.Party memory second = registry.party(request.second);
        if (!_mayAttest(first) || !_mayAttest(second)) return RoleUnfit.selector;
        bytes32 digest = _digest(request.hash());
        bytes4 refusal = _partyRefusal(first, digest, signatures[0]);
        if (refusal != 0) return refusal;
        refusal = _partyRefusal(second, digest, signatures[1]);
        if (refusal != 0) return refusal;
        refusal = _pairRefusal(first, second);
        if (refusal != 0) return refusal;
        return _live(request.handle, request.death, request.step, digest);
    }

    function _object(ObjectToDeath calldata request, bytes calldata signature) private returns (bytes4) {
        bytes32 digest = _digest(request.hash());
        bytes4 refusal = _patientRefusal(request.handle, request.deadline, digest, signature);
        if (refusal != 0) return refusal;
        Life storage life = _lives[request.handle];
        if (life.state == LifeState.Dead && block.timestamp >= uint256(life.since) + registry.delay())
            return ObjectionLate.selector;
        return _live(request.handle, request.death, request.step, digest);
    }

    function _setWill(WillRequest calldata request, bytes calldata signature) private returns (bytes4) {
        bytes32 digest = _digest(request.hash());
        bytes4 refusal = _patientRefusal(request.handle, request.deadline, digest, signature);
        if (refusal != 0) return refusal;
        Life storage life = _lives[request.handle];
        if (life.state != LifeState.Living) return DeathKnown.selector;
        if (request.number != uint256(life.will) + 1) return StepUnexpected.selector;

        life.will = request.number;
        _wills[request.handle] = digest;
        emit WillSet(request.handle, digest, request.number);
        return 0;
    }

    /// Undoes a death, or says why not.
    function _live(bytes32 handle, bytes32 death, uint16 step, bytes32 digest) private returns (bytes4) {
        Life storage life = _lives[handle];
        if (life.state == LifeState.Living || _deaths[handle] != death) return DeathUnknown.selector;
        if (!_isNext(life, step)) return StepUnexpected.selector;

        (life.step, life.state, life.since) = (step, LifeState.Living, 0);
        delete _deaths[handle];
        emit DeathUndone(handle, death, step, digest);
        return 0;
    }

    /// @inheritdoc IVitalRecords
    function lifeOf(bytes32 handle) external view returns (Life memory) {
        return _lives[handle];
    }

    /// @inheritdoc IVitalRecords
    function deathOf(bytes32 handle) external view returns (bytes32) {
        return _deaths[handle];
    }

    /// @inheritdoc IVitalRecords
    function willOf(bytes32 handle) external view returns (bytes32) {
        return _wills[handle];
    }

    /// Says why a party did not sign, or may not; 0 if it did and may.
    function _partyRefusal(
        IRegistry.Party memory party,
        bytes32 digest,
        bytes calldata signature
    ) private view returns (bytes4) {
        if (party.suspended) return PartyIsSuspended.selector;
        return _isSignedBy(party.signer, digest, signature) ? bytes4(0) : SignatureInvalid.selector;
    }

    /// Says why a request is not the handle's patient's own, here and now; 0 if it is.
    function _patientRefusal(
        bytes32 handle,
        uint64 deadline,
        bytes32 digest,
        bytes calldata signature
    ) private view returns (bytes4) {
        if (deadline < block.timestamp) return DeadlinePassed.selector;
        (address signer, bool active) = registry.signatoryOf(handle);
        if (signer == address(0)) return HandleUnknown.selector;
        if (!active) return PartyIsSuspended.selector;
        return _isSignedBy(signer, digest, signature) ? bytes4(0) : SignatureInvalid.selector;
    }

    /// Says why two parties do not attest a death together; 0 if they do.
    function _pairRefusal(
        IRegistry.Party memory one,
        IRegistry.Party memory other
    ) private pure returns (bytes4) {
        if (one.organisation == other.organisation) return OrganisationsAlike.selector;
        bool hasRegistrar = one.role == REGISTRAR || other.role == REGISTRAR;
        return hasRegistrar ? bytes4(0) : RegistrarMissing.selector;
    }

    function _mayAttest(IRegistry.Party memory party) private pure returns (bool) {
        return party.role == DOCTOR || party.role == REGISTRAR;
    }

    function _isNext(Life storage life, uint16 step) private view returns (bool) {
        return step == uint256(life.step) + 1;
    }
}
