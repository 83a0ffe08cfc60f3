// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Enrolment} from "../RequestTypes.sol";
import {Seat} from "../libraries/Offices.sol";
import {IRefusals} from "./IRefusals.sol";

/// @title Who is who: parties, roles, organisations, handles, keys, and the offices of authority and coordinators
interface IRegistry is IRefusals {
    /// @notice A party, known by the address of its first key for good.
    struct Party {
        /// The key or wallet that signs for the party now.
        address signer;
        /// Place of the role in the protocol's list + 1; 0 for whoever is no party.
        uint8 role;
        bool suspended;
        /// The organisation's name in ASCII, padded with zeros.
        bytes32 organisation;
        /// SHA-256 of the party's age recipient (its text).
        bytes32 recipient;
    }

    event Enrolled(
        address indexed party,
        uint8 role,
        bytes32 organisation,
        bytes32 recipient,
        bytes32 indexed handle
    );

    /// @notice The party is enrolled already, or its address was a later key of another party.
    error PartyKnown();
    /// @notice The party's address is zero, or its role is none.
    error EnrolmentInvalid();
    /// @notice A patient has no handle, or another role has one.
    error HandleMisplaced();
    /// @notice The handle is another patient's.
    error HandleTaken();

    /// @notice Makes parties, each by signatures of the authority.
    /// @param signatures For each enrolment, those of authority members.
    function enrol(Enrolment[] calldata enrolments, bytes[][] calldata signatures) external;

    /// @notice A party; all zero for whoever is none.
    function party(address id) external view returns (Party memory);

    /// @notice The patient whose handle it is, or zero.
    function controllerOf(bytes32 handle) external view returns (address);

    /// @notice Whether an address is a party's that is not suspended.
    function isActive(address id) external view returns (bool);

    /// @notice Who signs for a party, or zero.
    function signerOf(address id) external view returns (address);

    /// @notice Who signs for a handle (zero where it is no one's), and whether that party is not suspended.
    function signatoryOf(bytes32 handle) external view returns (address signer, bool active);

    /// @notice The seats of the authority and how many organisations must agree.
    function authority() external view returns (Seat[] memory seats, uint8 threshold);

    /// @notice The seats of the coordinators and how many organisations must agree.
    function coordinators() external view returns (Seat[] memory seats, uint8 threshold);

    /// @notice Says why signatures are not enough for the coordinators to have agreed; 0 where they are.
    /// @return reason Selector of the error.
    function coordinatorsRefusal(
        bytes32 digest,
        bytes[] calldata signatures
    ) external view returns (bytes4 reason);
}
