// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Network} from "./Network.sol";
import {Enrolment, RequestTypes} from "./RequestTypes.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {Offices, Seat} from "./libraries/Offices.sol";

/// @title Who is who: parties, roles, organisations, handles, keys, and the offices
contract Registry is IRegistry, Network {
    using RequestTypes for Enrolment;
    using Offices for Offices.Office;

    /// @notice Number of the role `patient`.
    uint8 public constant PATIENT = 1;
    /// @notice Greatest number of a role.
    uint8 public constant LAST_ROLE = 12;

    Offices.Office private _authority;
    Offices.Office private _coordinators;
    mapping(address id => Party) private _parties;

    /// @inheritdoc IRegistry
    mapping(bytes32 handle => address) public controllerOf;

    /// @param networkId 32 random bytes.
    /// @param authoritySeats Who enrols.
    /// @param authorityThreshold How many organisations of the authority must agree.
    /// @param coordinatorSeats Who judges evidence.
    /// @param coordinatorThreshold How many organisations of the coordinators must agree.
    constructor(
        bytes32 networkId,
        Seat[] memory authoritySeats,
        uint8 authorityThreshold,
        Seat[] memory coordinatorSeats,
        uint8 coordinatorThreshold
    ) Network(networkId) {
        _authority.install(authoritySeats, authorityThreshold);
        _coordinators.install(coordinatorSeats, coordinatorThreshold);
    }

    /// @inheritdoc IRegistry
    function enrol(Enrolment[] calldata enrolments, bytes[][] calldata signatures) external {
        if (enrolments.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < enrolments.length; ++i) {
            bytes4 refusal = _enrol(enrolments[i], signatures[i]);
            if (refusal != 0) emit Refused(i, refusal);
        }
    }

    function _enrol(Enrolment calldata enrolment, bytes[] calldata signatures) private returns (bytes4) {
        (address id, uint8 role, bytes32 handle) = (enrolment.party, enrolment.role, enrolment.handle);
        if (enrolment.deadline < block.timestamp) return DeadlinePassed.selector;
        if (id == address(0) || role == 0 || role > LAST_ROLE) return EnrolmentInvalid.selector;
        if ((role == PATIENT) != (handle != 0)) return HandleMisplaced.selector;
        bytes4 refusal = _authority.refusal(_digest(enrolment.hash()), signatures);
        if (refusal != 0) return refusal;
        if (_parties[id].role != 0) return PartyKnown.selector;
        if (handle != 0 && controllerOf[handle] != address(0)) return HandleTaken.selector;

        _parties[id] = Party(id, role, false, enrolment.organisation, enrolment.recipient);
        if (handle != 0) controllerOf[handle] = id;
        emit Enrolled(id, role, enrolment.organisation, enrolment.recipient, handle);
        return 0;
    }

    /// @inheritdoc IRegistry
    function party(address id) external view returns (Party memory) {
        return _parties[id];
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
        return (_authority.seats, _authority.threshold);
    }

    /// @inheritdoc IRegistry
    function coordinators() external view returns (Seat[] memory seats, uint8 threshold) {
        return (_coordinators.seats, _coordinators.threshold);
    }

    /// @inheritdoc IRegistry
    function coordinatorsRefusal(bytes32 digest, bytes[] calldata signatures) external view returns (bytes4) {
        return _coordinators.refusal(digest, signatures);
    }

    function _isActive(Party storage known) private view returns (bool) {
        return known.role != 0 && !known.suspended;
    }
}
