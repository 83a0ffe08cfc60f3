// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Network} from "./Network.sol";
import {SignedRequests} from "./SignedRequests.sol";
import {
    ConfirmVital,
    ObjectToVital,
    UndoVitalRequest,
    VitalReport,
    VitalTypes,
    WillRequest
} from "./VitalTypes.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {IVitalRecords} from "./interfaces/IVitalRecords.sol";
import {Registry} from "./Registry.sol";
import {Seat} from "./libraries/Offices.sol";

// Model: births and deaths are two rows of one machine, named by the hash of their word.
//
//   _vitals[what][handle]   reporter 20 | since 5 | step 2 | stage 1   bytes
//   _reports[what][handle]  digest of the report that is under way or confirmed, or zero
//   _wills[handle]          digest of the newest will, and its number
//
// A confirmation and an undoing name the report's digest and the number of the step. The number alone would do against
// replay; the digest is what the signer read. Whatever stands can be undone by two, however old it is: a fact about a
// person that has no way back would make one mistake, or one liar, final.

/// @title Births, deaths and wills
contract VitalRecords is IVitalRecords, SignedRequests {
    using VitalTypes for *;

    /// @notice Number of the role `doctor`.
    uint8 public constant DOCTOR = 2;
    /// @notice Number of the role `registrar`.
    uint8 public constant REGISTRAR = 13;
    /// @notice Time after a confirmation in which the patient alone undoes it. No founder can make it shorter.
    uint40 public constant OBJECTION_TERM = 14 days;

    bytes32 private constant BIRTH = keccak256("birth");
    bytes32 private constant DEATH = keccak256("death");
    /// Greatest step of a report: however many there were, its confirmation and its undoing find a number.
    uint16 private constant LAST_REPORT = type(uint16).max - 2;

    struct NewestWill {
        bytes32 digest;
        uint16 number;
    }

    /// @notice The network's registry of parties.
    IRegistry public immutable registry;

    mapping(bytes32 what => mapping(bytes32 handle => Vital)) private _vitals;
    mapping(bytes32 what => mapping(bytes32 handle => bytes32)) private _reports;
    mapping(bytes32 handle => NewestWill) private _wills;

    /// @param registry_ The network's Registry.
    constructor(Registry registry_) Network(registry_.networkId()) {
        registry = registry_;
    }

    /// @inheritdoc IVitalRecords
    function reportBirths(VitalReport[] calldata requests, bytes[] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i)
            _report(i, _begin(BIRTH, requests[i], requests[i].hashOfBirth(), signatures[i]));
    }

    /// @inheritdoc IVitalRecords
    function reportDeaths(VitalReport[] calldata requests, bytes[] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i)
            _report(i, _begin(DEATH, requests[i], requests[i].hashOfDeath(), signatures[i]));
    }

    /// @inheritdoc IVitalRecords
    function confirm(ConfirmVital[] calldata requests, bytes[] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _confirm(requests[i], signatures[i]));
    }

    /// @inheritdoc IVitalRecords
    function undo(UndoVitalRequest[] calldata requests, bytes[2][] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _undo(requests[i], signatures[i]));
    }

    /// @inheritdoc IVitalRecords
    function object(ObjectToVital[] calldata requests, bytes[] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _object(requests[i], signatures[i]));
    }

    /// @inheritdoc IVitalRecords
    function setWill(WillRequest[] calldata requests, bytes[] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _setWill(requests[i], signatures[i]));
    }

    function _begin(
        bytes32 what,
        VitalReport calldata request,
        bytes32 structHash,
        bytes calldata signature
    ) private returns (bytes4) {
        if (request.deadline < block.timestamp) return DeadlinePassed.selector;
        IRegistry.Party memory reporter = registry.party(request.reporter);
        bool mayReport = what == BIRTH ? reporter.role == REGISTRAR : _mayAttest(reporter);
        if (!mayReport) return RoleUnfit.selector;
        bytes32 digest = _digest(structHash);
        bytes4 refusal = _partyRefusal(reporter, digest, signature);
        if (refusal != 0) return refusal;
        if (registry.controllerOf(request.handle) == address(0)) return HandleUnknown.selector;
        Vital storage vital = _vitals[what][request.handle];
        if (vital.stage != Stage.None) return ReportKnown.selector;
        if (!_isNext(vital, request.step) || request.step > LAST_REPORT) return StepUnexpected.selector;

        (vital.reporter, vital.step, vital.stage) = (request.reporter, request.step, Stage.Reported);
        _reports[what][request.handle] = digest;
        emit VitalReported(
            request.handle,
            what,
            digest,
            request.step,
            request.reporter,
            uint64(block.timestamp)
        );
        return 0;
    }

    function _confirm(ConfirmVital calldata request, bytes calldata signature) private returns (bytes4) {
        if (request.deadline < block.timestamp) return DeadlinePassed.selector;
        IRegistry.Party memory confirmer = registry.party(request.confirmer);
        if (!_mayAttest(confirmer)) return RoleUnfit.selector;
        bytes4 refusal = _partyRefusal(confirmer, _digest(request.hash()), signature);
        if (refusal != 0) return refusal;
        bytes32 what = keccak256(bytes(request.what));
        Vital storage vital = _vitals[what][request.handle];
        if (vital.stage == Stage.Confirmed) return ReportKnown.selector;
        if (vital.stage != Stage.Reported || _reports[what][request.handle] != request.report)
            return ReportUnknown.selector;
        if (!_isNext(vital, request.step)) return StepUnexpected.selector;
        IRegistry.Party memory reporter = registry.party(vital.reporter);
        // Whoever was suspended since, or whose organisation left, is not believed any more.
        refusal = _standingRefusal(reporter);
        if (refusal != 0) return refusal;
        refusal = _pairRefusal(reporter, confirmer);
        if (refusal != 0) return refusal;

        (vital.step, vital.stage, vital.since) = (request.step, Stage.Confirmed, uint40(block.timestamp));
        emit VitalConfirmed(
            request.handle,
            what,
            request.report,
            request.step,
            request.confirmer,
            uint64(block.timestamp)
        );
        return 0;
    }

    function _undo(UndoVitalRequest calldata request, bytes[2] calldata signatures) private returns (bytes4) {
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
        return
            _takeBack(keccak256(bytes(request.what)), request.handle, request.report, request.step, digest);
    }

    function _object(ObjectToVital calldata request, bytes calldata signature) private returns (bytes4) {
        bytes32 digest = _digest(request.hash());
        bytes4 refusal = _patientRefusal(request.handle, request.deadline, digest, signature);
        if (refusal != 0) return refusal;
        bytes32 what = keccak256(bytes(request.what));
        Vital storage vital = _vitals[what][request.handle];
        bool isOver = block.timestamp >= uint256(vital.since) + OBJECTION_TERM;
        if (vital.stage == Stage.Confirmed && isOver) return ObjectionLate.selector;
        return _takeBack(what, request.handle, request.report, request.step, digest);
    }

    function _setWill(WillRequest calldata request, bytes calldata signature) private returns (bytes4) {
        bytes32 digest = _digest(request.hash());
        bytes4 refusal = _patientRefusal(request.handle, request.deadline, digest, signature);
        if (refusal != 0) return refusal;
        if (_vitals[DEATH][request.handle].stage != Stage.None) return DeathKnown.selector;
        NewestWill storage will = _wills[request.handle];
        if (request.number != uint256(will.number) + 1) return StepUnexpected.selector;

        (will.digest, will.number) = (digest, request.number);
        emit WillSet(request.handle, digest, request.number);
        return 0;
    }

    /// Undoes a birth or a death, or says why not.
    function _takeBack(
        bytes32 what,
        bytes32 handle,
        bytes32 report,
        uint16 step,
        bytes32 digest
    ) private returns (bytes4) {
        Vital storage vital = _vitals[what][handle];
        if (vital.stage == Stage.None || _reports[what][handle] != report) return ReportUnknown.selector;
        if (!_isNext(vital, step)) return StepUnexpected.selector;

        (vital.step, vital.stage, vital.since) = (step, Stage.None, 0);
        delete _reports[what][handle];
        emit VitalUndone(handle, what, report, step, digest);
        return 0;
    }

    /// @inheritdoc IVitalRecords
    function vitalOf(bytes32 what, bytes32 handle) external view returns (Vital memory) {
        return _vitals[what][handle];
    }

    /// @inheritdoc IVitalRecords
    function reportOf(bytes32 what, bytes32 handle) external view returns (bytes32) {
        return _reports[what][handle];
    }

    /// @inheritdoc IVitalRecords
    function willOf(bytes32 handle) external view returns (bytes32 will, uint16 number) {
        return (_wills[handle].digest, _wills[handle].number);
    }

    /// Says why a party did not sign, or may not; 0 if it did and may.
    function _partyRefusal(
        IRegistry.Party memory party,
        bytes32 digest,
        bytes calldata signature
    ) private view returns (bytes4) {
        bytes4 refusal = _standingRefusal(party);
        if (refusal != 0) return refusal;
        return _isSignedBy(party.signer, digest, signature) ? bytes4(0) : SignatureInvalid.selector;
    }

    /// Says why a party's word does not count now; 0 if it does: an organisation that left attests nothing.
    function _standingRefusal(IRegistry.Party memory party) private view returns (bytes4) {
        if (party.suspended) return PartyIsSuspended.selector;
        (Seat[] memory seats, ) = registry.authority();
        for (uint256 i; i < seats.length; ++i) if (seats[i].organisation == party.organisation) return 0;
        return OrganisationAbsent.selector;
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

    /// Says why two parties do not attest together; 0 if they do.
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

    function _isNext(Vital storage vital, uint16 step) private view returns (bool) {
        return step == uint256(vital.step) + 1;
    }
}
