// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Network} from "./Network.sol";
import {
    CancelPrescription,
    DispenseRequest,
    HoldPrescription,
    PassPrescription,
    PrescriptionCheck,
    PrescriptionRequest,
    PrescriptionTypes
} from "./PrescriptionTypes.sol";
import {SignedRequests} from "./SignedRequests.sol";
import {IPrescriptions} from "./interfaces/IPrescriptions.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {Registry} from "./Registry.sol";

// Model: a prescription is three words, found by the whole digest that its prescriber signed.
//
//   prescriber 20 | lasts 4 | dispensed 3 | filledOn 2 | step 2 | state 1   bytes: what a dispense reads and writes
//   slip 20 | from 5 | amount 3 | interval 2 | fills 1                      bytes: what it only reads
//   holder 20                                                               bytes: what it does not touch
//
// and prescribedOn[order], a word that says which prescription rests on a record of the chart.
//
// So a dispense writes one word. `filledOn` is the day on which the newest fill began, counted from `from`. The steps are numbered in one row, whoever takes them: a dispense names the step that
// it was made for, and is refused if the prescription was held back, or dispensed elsewhere, in between. An end has no
// number: nothing can come before it that would need it signed again.

/// @title Prescriptions, and how much of each was dispensed
contract Prescriptions is IPrescriptions, SignedRequests {
    using PrescriptionTypes for *;

    struct Prescription {
        address prescriber;
        uint32 lasts;
        uint24 dispensed;
        uint16 filledOn;
        uint16 step;
        PrescriptionState state;
        address slip;
        uint40 from;
        uint24 amount;
        uint16 interval;
        uint8 fills;
        address holder;
    }

    /// @notice Number of the role `doctor`.
    uint8 public constant DOCTOR = 2;

    /// @notice The network's registry of parties.
    IRegistry public immutable registry;

    mapping(bytes32 digest => Prescription) private _prescriptions;
    /// @inheritdoc IPrescriptions
    mapping(bytes32 order => bytes32 prescription) public prescribedOn;

    /// @param registry_ The network's Registry.
    constructor(Registry registry_) Network(registry_.networkId()) {
        registry = registry_;
    }

    /// @inheritdoc IPrescriptions
    function prescribe(
        PrescriptionRequest[] calldata requests,
        bytes[2][] calldata signatures,
        bytes32[] calldata orders,
        bytes[][] calldata checks
    ) external {
        if (
            requests.length != signatures.length ||
            requests.length != orders.length ||
            requests.length != checks.length
        ) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) {
            _report(i, _prescribe(requests[i], signatures[i], orders[i], checks[i]));
        }
    }

    /// @inheritdoc IPrescriptions
    function dispense(DispenseRequest[] calldata requests, bytes[] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _dispense(requests[i], signatures[i]));
    }

    /// @inheritdoc IPrescriptions
    function hold(HoldPrescription[] calldata requests, bytes[] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _hold(requests[i], signatures[i]));
    }

    /// @inheritdoc IPrescriptions
    function cancel(CancelPrescription[] calldata requests, bytes[] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _cancel(requests[i], signatures[i]));
    }

    /// @inheritdoc IPrescriptions
    function pass(PassPrescription[] calldata requests, bytes[] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _pass(requests[i], signatures[i]));
    }

    function _prescribe(
        PrescriptionRequest calldata request,
        bytes[2] calldata signatures,
        bytes32 order,
        bytes[] calldata checks
    ) private returns (bytes4) {
        bytes32 digest = _digest(request.hash());
        if (request.deadline < block.timestamp) return DeadlinePassed.selector;
        if (!_isSound(request)) return PrescriptionInvalid.selector;
        bytes4 refusal = _doctorRefusal(request.prescriber, digest, signatures[0]);
        if (refusal != 0) return refusal;
        if (request.second != address(0)) {
            if (request.second == request.prescriber) return PrescriberInvalid.selector;
            refusal = _doctorRefusal(request.second, digest, signatures[1]);
            if (refusal != 0) return refusal;
        }
        Prescription storage made = _prescriptions[digest];
        if (made.state != PrescriptionState.Unknown) return PrescriptionKnown.selector;
        if (prescribedOn[order] != 0) return OrderPrescribed.selector;
        refusal = registry.coordinatorsRefusal(_digest(PrescriptionCheck(digest, order).hash()), checks);
        if (refusal != 0) return refusal;
        if (request.replaces != 0) {
            Prescription storage former = _prescriptions[request.replaces];
            refusal = _standingRefusal(former);
            if (refusal != 0) return refusal;
            if (former.prescriber != request.prescriber) return PrescriberInvalid.selector;
            _end(former, request.replaces, digest);
        }
        prescribedOn[order] = digest;
        _make(made, digest, order, request);
        return 0;
    }

    function _make(
        Prescription storage made,
        bytes32 digest,
        bytes32 order,
        PrescriptionRequest calldata request
    ) private {
        (made.prescriber, made.lasts, made.state) = (
            request.prescriber,
            uint32(request.until - request.from),
            PrescriptionState.Active
        );
        (made.holder, made.slip, made.from) = (request.holder, request.slip, uint40(request.from));
        (made.amount, made.interval, made.fills) = (request.amount, request.interval, request.fills);
        emit Prescribed(
            digest,
            request.prescriber,
            order,
            request.second,
            request.holder,
            request.slip,
            request.amount,
            request.fills,
            request.interval,
            request.from,
            request.until
        );
    }

    function _dispense(DispenseRequest calldata request, bytes calldata signature) private returns (bytes4) {
        if (request.deadline < block.timestamp) return DeadlinePassed.selector;
        Prescription storage known = _prescriptions[request.prescription];
        bytes4 refusal = _standingRefusal(known);
        if (refusal != 0) return refusal;
        if (known.state == PrescriptionState.Held) return PrescriptionIsHeld.selector;
        if (!_isInTime(known, block.timestamp)) return PrescriptionOutOfTime.selector;
        if (!_isNext(known, request.step)) return StepUnexpected.selector;
        if (request.amount == 0 || request.amount > _left(known)) return AmountExceeded.selector;
        uint16 today = _dayOf(known, block.timestamp);
        bool begins = _isBetweenFills(known);
        if (begins && today < _dueOn(known)) return FillEarly.selector;
        bytes32 digest = _digest(request.hash());
        if (!_isSignedByKey(known.slip, digest, signature)) return SignatureInvalid.selector;
        if (!registry.isActive(known.prescriber)) return PartyIsSuspended.selector;

        (known.dispensed, known.step) = (known.dispensed + request.amount, request.step);
        if (begins) known.filledOn = today;
        emit Dispensed(request.prescription, digest, request.step, request.amount);
        return 0;
    }

    function _hold(HoldPrescription calldata request, bytes calldata signature) private returns (bytes4) {
        bytes4 refusal = _changeRefusal(
            request.prescription,
            request.deadline,
            _digest(request.hash()),
            signature
        );
        if (refusal != 0) return refusal;
        Prescription storage known = _prescriptions[request.prescription];
        if (!_isNext(known, request.step)) return StepUnexpected.selector;
        if (request.held == (known.state == PrescriptionState.Held)) return HoldUnchanged.selector;

        known.step = request.step;
        known.state = request.held ? PrescriptionState.Held : PrescriptionState.Active;
        emit PrescriptionHeld(request.prescription, request.step, request.held);
        return 0;
    }

    function _cancel(CancelPrescription calldata request, bytes calldata signature) private returns (bytes4) {
        bytes4 refusal = _changeRefusal(
            request.prescription,
            request.deadline,
            _digest(request.hash()),
            signature
        );
        if (refusal != 0) return refusal;
        _end(_prescriptions[request.prescription], request.prescription, 0);
        return 0;
    }

    function _pass(PassPrescription calldata request, bytes calldata signature) private returns (bytes4) {
        if (request.deadline < block.timestamp) return DeadlinePassed.selector;
        Prescription storage known = _prescriptions[request.prescription];
        bytes4 refusal = _standingRefusal(known);
        if (refusal != 0) return refusal;
        if (!_areKeys(request.holder, request.slip)) return PrescriptionInvalid.selector;
        if (!_isNext(known, request.step)) return StepUnexpected.selector;
        if (!_isSignedByKey(known.holder, _digest(request.hash()), signature))
            return SignatureInvalid.selector;

        (known.step, known.holder, known.slip) = (request.step, request.holder, request.slip);
        emit HolderChanged(request.prescription, request.step, request.holder, request.slip);
        return 0;
    }

    function _end(Prescription storage known, bytes32 digest, bytes32 replacement) private {
        known.state = PrescriptionState.Ended;
        emit PrescriptionEnded(digest, replacement);
    }

    /// @inheritdoc IPrescriptions
    function prescriptionOf(bytes32 prescription) external view returns (Standing memory) {
        Prescription storage known = _prescriptions[prescription];
        return
            Standing({
                state: known.state,
                step: known.step,
                dispensed: known.dispensed,
                prescriber: known.prescriber,
                holder: known.holder,
                slip: known.slip,
                amount: known.amount,
                fills: known.fills,
                interval: known.interval,
                from: known.from,
                until: uint64(known.from) + known.lasts
            });
    }

    /// @inheritdoc IPrescriptions
    function dispensable(bytes32 prescription, uint64 moment) external view returns (uint24) {
        Prescription storage known = _prescriptions[prescription];
        if (known.state != PrescriptionState.Active || !_isInTime(known, moment)) return 0;
        if (_isBetweenFills(known) && _dayOf(known, moment) < _dueOn(known)) return 0;
        return _left(known);
    }

    /// Says why a request to change a prescription is not its prescriber's own, here and now; 0 if it is.
    function _changeRefusal(
        bytes32 prescription,
        uint64 deadline,
        bytes32 digest,
        bytes calldata signature
    ) private view returns (bytes4) {
        if (deadline < block.timestamp) return DeadlinePassed.selector;
        Prescription storage known = _prescriptions[prescription];
        bytes4 refusal = _standingRefusal(known);
        return refusal == 0 ? _doctorRefusal(known.prescriber, digest, signature) : refusal;
    }

    /// Says why a doctor did not sign, or may not; 0 if the doctor did and may.
    function _doctorRefusal(
        address id,
        bytes32 digest,
        bytes calldata signature
    ) private view returns (bytes4) {
        IRegistry.Party memory party = registry.party(id);
        if (party.role != DOCTOR) return PrescriberInvalid.selector;
        if (party.suspended) return PartyIsSuspended.selector;
        return _isSignedBy(party.signer, digest, signature) ? bytes4(0) : SignatureInvalid.selector;
    }

    function _standingRefusal(Prescription storage known) private view returns (bytes4) {
        PrescriptionState state = known.state;
        if (state == PrescriptionState.Unknown) return PrescriptionUnknown.selector;
        return state == PrescriptionState.Ended ? PrescriptionIsEnded.selector : bytes4(0);
    }

    function _isInTime(Prescription storage known, uint256 moment) private view returns (bool) {
        return moment >= known.from && moment < uint256(known.from) + known.lasts;
    }

    /// The day of a moment from `from` on, counted from 0; the last one that can be counted for all later ones.
    function _dayOf(Prescription storage known, uint256 moment) private view returns (uint16) {
        uint256 day = (moment - known.from) / 1 days;
        return day < type(uint16).max ? uint16(day) : type(uint16).max;
    }

    /// True if a dispense would begin a fill that has to wait for its day; without an interval none has to.
    function _isBetweenFills(Prescription storage known) private view returns (bool) {
        return known.interval != 0 && known.dispensed % known.amount == 0;
    }

    /// The day on which the next fill is due.
    function _dueOn(Prescription storage known) private view returns (uint256) {
        return known.dispensed == 0 ? 0 : uint256(known.filledOn) + known.interval;
    }

    /// The rest of the fill, or of the whole if all may be dispensed at once.
    function _left(Prescription storage known) private view returns (uint24) {
        uint24 whole = known.amount * known.fills;
        if (known.interval == 0 || known.dispensed == whole) return whole - known.dispensed;
        return known.amount - (known.dispensed % known.amount);
    }

    function _isNext(Prescription storage known, uint16 step) private view returns (bool) {
        return step == uint256(known.step) + 1;
    }

    /// One key for both would let a pharmacy that was shown the slip pass the prescription on.
    function _areKeys(address holder, address slip) private pure returns (bool) {
        return holder != address(0) && slip != address(0) && holder != slip;
    }

    function _isSound(PrescriptionRequest calldata request) private view returns (bool) {
        uint256 whole = uint256(request.amount) * request.fills;
        return
            whole != 0 &&
            whole <= type(uint24).max &&
            _areKeys(request.holder, request.slip) &&
            request.from < request.until &&
            request.from <= type(uint40).max &&
            request.until - request.from <= type(uint32).max &&
            request.until > block.timestamp;
    }
}
