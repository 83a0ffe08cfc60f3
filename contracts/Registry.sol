// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Network} from "./Network.sol";
import {
    Enrolment,
    KeyChange,
    OfficeChange,
    Recovery,
    RequestTypes,
    Suspension,
    Veto
} from "./RequestTypes.sol";
import {SignedRequests} from "./SignedRequests.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {Offices, Seat} from "./libraries/Offices.sol";

// Model: a party is known for good by its first address, its id; another key may sign for it later.
//
//   _parties[id]           three words; the first is signer 20 | role 1 | suspended 1 | change 5 | standing 5 bytes,
//                          then organisation, then recipient
//   _laterKeyOf[signer]    the party that took an address as its key; never cleared, so no other party gets it
//   controllerOf[handle]   the patient of a handle; never changed
//   _recoveries[id]        two words: signer 20 | change 5 | readyAt 5 bytes, then recipient; zero if none is under way
//   _offices[name]         the seats; threshold 1 | change 8 bytes in one word; and for each holder the bit of its
//                          organisation, so that signers are counted by organisations in one word, without a search
//   _pendingOffices[name]  the hash of the change that was signed, and the first second at which it can be finished
//
// A party's request asks which key signs for the party and if it may act: signer, role and `suspended` are in one
// word, so that this is one read. Both numbers of changes fill the rest of that word, so that a suspension writes this
// word alone, and a change of key this one, the recipient and the address's. 5 bytes count 10^12 changes.

/// @title Parties, roles, organisations, handles, keys, and the offices
contract Registry is IRegistry, SignedRequests {
    using RequestTypes for *;
    using Offices for Offices.Office;

    /// A change of an office that is under way.
    struct PendingOffice {
        bytes32 structHash;
        uint40 readyAt;
    }

    /// @notice Number of the role `patient`.
    uint8 public constant PATIENT = 1;
    /// @notice Greatest number of a role: nine of persons; agent, administrator and contributor; then the registrar.
    uint8 public constant LAST_ROLE = 13;

    bytes32 private constant AUTHORITY = keccak256("authority");
    bytes32 private constant COORDINATORS = keccak256("coordinators");

    /// @inheritdoc IRegistry
    uint32 public immutable delay;

    mapping(bytes32 name => Offices.Office) private _offices;
    mapping(bytes32 name => PendingOffice) private _pendingOffices;
    mapping(address id => Party) private _parties;
    mapping(address id => PendingRecovery) private _recoveries;
    /// Whose an address has been since a key change; an address is one party's for good.
    mapping(address signer => address id) private _laterKeyOf;

    /// @inheritdoc IRegistry
    mapping(bytes32 handle => address) public controllerOf;

    /// @param networkId 32 random bytes.
    /// @param authoritySeats Who enrols.
    /// @param authorityThreshold Number of organisations that are a quorum of the authority.
    /// @param coordinatorSeats Who judges evidence.
    /// @param coordinatorThreshold Number of organisations that are a quorum of the coordinators.
    /// @param delay_ Seconds of delay of a recovery and of an office's change.
    constructor(
        bytes32 networkId,
        Seat[] memory authoritySeats,
        uint8 authorityThreshold,
        Seat[] memory coordinatorSeats,
        uint8 coordinatorThreshold,
        uint32 delay_
    ) Network(networkId) {
        if (!Offices.makeOffice(authoritySeats, authorityThreshold)) revert OfficeInvalid();
        if (!Offices.makeOffice(coordinatorSeats, coordinatorThreshold)) revert OfficeInvalid();
        delay = delay_;
        _install(AUTHORITY, 0, authoritySeats, authorityThreshold);
        _install(COORDINATORS, 0, coordinatorSeats, coordinatorThreshold);
    }

    /// @inheritdoc IRegistry
    function enrol(Enrolment[] calldata requests, bytes[][] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _enrol(requests[i], signatures[i]));
    }

    /// @inheritdoc IRegistry
    function suspend(Suspension[] calldata requests, bytes[][] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _suspend(requests[i], signatures[i]));
    }

    /// @inheritdoc IRegistry
    function changeKeys(KeyChange[] calldata requests, bytes[2][] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _changeKey(requests[i], signatures[i]));
    }

    /// @inheritdoc IRegistry
    function recover(Recovery[] calldata requests, bytes[][] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _recover(requests[i], signatures[i]));
    }

    /// @inheritdoc IRegistry
    function veto(Veto[] calldata requests, bytes[] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _veto(requests[i], signatures[i]));
    }

    /// @inheritdoc IRegistry
    function finishRecoveries(address[] calldata parties) external {
        for (uint256 i; i < parties.length; ++i) _report(i, _finishRecovery(parties[i]));
    }

    /// @inheritdoc IRegistry
    function changeOffices(OfficeChange[] calldata requests, bytes[][] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _changeOffice(requests[i], signatures[i]));
    }

    /// @inheritdoc IRegistry
    function finishOfficeChanges(OfficeChange[] calldata requests) external {
        for (uint256 i; i < requests.length; ++i) _report(i, _finishOfficeChange(requests[i]));
    }

    function _enrol(Enrolment calldata request, bytes[] calldata signatures) private returns (bytes4) {
        (address id, uint8 role, bytes32 handle) = (request.party, request.role, request.handle);
        if (request.deadline < block.timestamp) return DeadlinePassed.selector;
        if (id == address(0) || role == 0 || role > LAST_ROLE) return EnrolmentInvalid.selector;
        if ((role == PATIENT) != (handle != 0)) return HandleMisplaced.selector;
        bytes4 refusal = _offices[AUTHORITY].refusal(_digest(request.hash()), signatures);
        if (refusal != 0) return refusal;
        if (_parties[id].role != 0) return PartyKnown.selector;
        if (_laterKeyOf[id] != address(0)) return AddressTaken.selector;
        if (handle != 0 && controllerOf[handle] != address(0)) return HandleTaken.selector;

        _parties[id] = Party(id, role, false, 0, 0, request.organisation, request.recipient);
        if (handle != 0) controllerOf[handle] = id;
        emit Enrolled(id, role, request.organisation, request.recipient, handle);
        return 0;
    }

    function _suspend(Suspension calldata request, bytes[] calldata signatures) private returns (bytes4) {
        Party storage known = _parties[request.party];
        if (request.deadline < block.timestamp) return DeadlinePassed.selector;
        if (known.role == 0) return PartyUnknown.selector;
        if (request.change != uint256(known.standing) + 1) return ChangeUnexpected.selector;
        bytes4 refusal = _offices[AUTHORITY].refusal(_digest(request.hash()), signatures);
        if (refusal != 0) return refusal;

        ++known.standing;
        known.suspended = request.suspended;
        if (request.suspended) emit PartySuspended(request.party, request.change);
        else emit SuspensionLifted(request.party, request.change);
        return 0;
    }

    function _changeKey(KeyChange calldata request, bytes[2] calldata signatures) private returns (bytes4) {
        Party storage known = _parties[request.party];
        if (request.deadline < block.timestamp) return DeadlinePassed.selector;
        if (known.role == 0) return PartyUnknown.selector;
        if (known.suspended) return PartyIsSuspended.selector;
        if (request.change != uint256(known.change) + 1) return ChangeUnexpected.selector;
        bytes32 digest = _digest(request.hash());
        if (!_isSignedBy(known.signer, digest, signatures[0])) return SignatureInvalid.selector;
        if (!_isSignedBy(request.signer, digest, signatures[1])) return SignatureInvalid.selector;
        if (_isTaken(request.signer, request.party)) return AddressTaken.selector;

        uint64 recovery = _recoveries[request.party].change;
        if (recovery != 0) {
            delete _recoveries[request.party];
            emit RecoveryStopped(request.party, recovery);
        }
        ++known.change;
        _setKey(request.party, request.signer, request.recipient);
        return 0;
    }

    function _recover(Recovery calldata request, bytes[] calldata signatures) private returns (bytes4) {
        Party storage known = _parties[request.party];
        if (request.deadline < block.timestamp) return DeadlinePassed.selector;
        if (known.role == 0) return PartyUnknown.selector;
        if (request.change != uint256(known.change) + 1) return ChangeUnexpected.selector;
        if (_isTaken(request.signer, request.party)) return AddressTaken.selector;
        bytes4 refusal = _offices[AUTHORITY].refusal(_digest(request.hash()), signatures);
        if (refusal != 0) return refusal;

        uint40 readyAt = _readyAt();
        ++known.change;
        _recoveries[request.party] = PendingRecovery(
            request.signer,
            known.change,
            readyAt,
            request.recipient
        );
        emit RecoveryBegun(request.party, request.change, request.signer, request.recipient, readyAt);
        return 0;
    }

    function _veto(Veto calldata request, bytes calldata signature) private returns (bytes4) {
        Party storage known = _parties[request.party];
        if (request.deadline < block.timestamp) return DeadlinePassed.selector;
        if (known.role == 0) return PartyUnknown.selector;
        uint64 recovery = _recoveries[request.party].change;
        if (recovery == 0) return ChangeUnknown.selector;
        if (!_isSignedBy(known.signer, _digest(request.hash()), signature)) return SignatureInvalid.selector;

        delete _recoveries[request.party];
        emit RecoveryStopped(request.party, recovery);
        return 0;
    }

    function _finishRecovery(address id) private returns (bytes4) {
        PendingRecovery memory pending = _recoveries[id];
        if (pending.change == 0) return ChangeUnknown.selector;
        if (block.timestamp < pending.readyAt) return ChangeEarly.selector;
        if (_isTaken(pending.signer, id)) return AddressTaken.selector;

        delete _recoveries[id];
        _setKey(id, pending.signer, pending.recipient);
        return 0;
    }

    function _changeOffice(
        OfficeChange calldata request,
        bytes[] calldata signatures
    ) private returns (bytes4) {
        bytes32 name = keccak256(bytes(request.office));
        Offices.Office storage office = _offices[name];
        if (request.deadline < block.timestamp) return DeadlinePassed.selector;
        if (office.threshold == 0) return OfficeUnknown.selector;
        if (request.change != uint256(office.change) + 1) return ChangeUnexpected.selector;
        if (request.members.length != request.organisations.length) return OfficeInvalid.selector;
        if (!Offices.makeOffice(_seats(request), request.threshold)) return OfficeInvalid.selector;
        bytes32 structHash = request.hash();
        bytes4 refusal = office.refusal(_digest(structHash), signatures);
        if (refusal != 0) return refusal;

        uint40 readyAt = _readyAt();
        ++office.change;
        _pendingOffices[name] = PendingOffice(structHash, readyAt);
        emit OfficeChangeBegun(name, request.change, readyAt);
        return 0;
    }

    function _finishOfficeChange(OfficeChange calldata request) private returns (bytes4) {
        bytes32 name = keccak256(bytes(request.office));
        PendingOffice memory pending = _pendingOffices[name];
        if (pending.readyAt == 0 || pending.structHash != request.hash()) return ChangeUnknown.selector;
        if (block.timestamp < pending.readyAt) return ChangeEarly.selector;

        delete _pendingOffices[name];
        _install(name, request.change, _seats(request), request.threshold);
        return 0;
    }

    function _install(bytes32 name, uint64 change, Seat[] memory seats, uint8 threshold) private {
        _offices[name].install(seats, threshold);
        emit OfficeChanged(name, change, threshold);
        for (uint256 i; i < seats.length; ++i) {
            emit Seated(name, change, seats[i].holder, seats[i].organisation);
        }
    }

    function _setKey(address id, address signer, bytes32 recipient) private {
        Party storage known = _parties[id];
        known.signer = signer;
        known.recipient = recipient;
        if (signer != id) _laterKeyOf[signer] = id;
        emit KeyChanged(id, known.change, signer, recipient);
    }

    /// Tells whether an address cannot become a party's key: it is zero, or another party's, now or before.
    function _isTaken(address signer, address id) private view returns (bool) {
        if (signer == id) return false;
        address owner = _laterKeyOf[signer];
        return signer == address(0) || _parties[signer].role != 0 || (owner != address(0) && owner != id);
    }

    function _readyAt() private view returns (uint40) {
        return uint40(block.timestamp + delay);
    }

    function _seats(OfficeChange calldata request) private pure returns (Seat[] memory seats) {
        seats = new Seat[](request.members.length);
        for (uint256 i; i < seats.length; ++i) {
            seats[i] = Seat(request.members[i], request.organisations[i]);
        }
    }

    /// @inheritdoc IRegistry
    function party(address id) external view returns (Party memory) {
        return _parties[id];
    }

    /// @inheritdoc IRegistry
    function recoveryOf(address id) external view returns (PendingRecovery memory) {
        return _recoveries[id];
    }

    /// @inheritdoc IRegistry
    function isActive(address id) external view returns (bool) {
        return _isActive(_parties[id]);
    }

    /// @inheritdoc IRegistry
    function signerOf(address id) external view returns (address) {
        return _parties[id].signer;
    }

    /// @inheritdoc IRegistry
    function signatoryOf(bytes32 handle) external view returns (address signer, bool active) {
        Party storage controller = _parties[controllerOf[handle]];
        return (controller.signer, _isActive(controller));
    }

    /// @inheritdoc IRegistry
    function authority() external view returns (Seat[] memory seats, uint8 threshold) {
        return (_offices[AUTHORITY].seats, _offices[AUTHORITY].threshold);
    }

    /// @inheritdoc IRegistry
    function coordinators() external view returns (Seat[] memory seats, uint8 threshold) {
        return (_offices[COORDINATORS].seats, _offices[COORDINATORS].threshold);
    }

    /// @inheritdoc IRegistry
    function coordinatorsRefusal(bytes32 digest, bytes[] calldata signatures) external view returns (bytes4) {
        return _offices[COORDINATORS].refusal(digest, signatures);
    }

    function _isActive(Party storage known) private view returns (bool) {
        return known.role != 0 && !known.suspended;
    }
}
