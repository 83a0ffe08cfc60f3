// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Enrolment, KeyChange, OfficeChange, Recovery, Suspension, Veto} from "../RequestTypes.sol";
import {Seat} from "../libraries/Offices.sol";
import {IRefusals} from "./IRefusals.sol";

/// @title Parties, roles, organisations, handles, keys, and the offices of authority and coordinators
/// @notice A party is known for good by the address of its first key. Every change of a party is numbered, so that no
/// signature works twice. A party's key changes with its present key; or by recovery, in which the authority names the
/// new key, everyone sees it, and the present key can stop it until the delay has passed.
interface IRegistry is IRefusals {
    /// @notice A party.
    struct Party {
        /// The key or wallet that signs for the party now.
        address signer;
        /// Place of the role in the protocol's list + 1; 0 for whoever is not a party.
        uint8 role;
        bool suspended;
        /// Number of the last change of key that was made or begun; 0 since the enrolment.
        uint40 change;
        /// Number of the last suspension or lifting; 0 since the enrolment. A number of its own, so that whoever has
        /// stolen a key cannot change it faster than the authority suspends the party.
        uint40 standing;
        /// The organisation's name in ASCII, padded with zeros.
        bytes32 organisation;
        /// SHA-256 of the party's age recipient (its text).
        bytes32 recipient;
    }

    /// @notice A recovery under way.
    struct PendingRecovery {
        address signer;
        /// Number of the change.
        uint40 change;
        /// First second at which it can be finished; 0 if none is under way.
        uint40 readyAt;
        bytes32 recipient;
    }

    event Enrolled(
        address indexed party,
        uint8 role,
        bytes32 organisation,
        bytes32 recipient,
        bytes32 indexed handle
    );
    event PartySuspended(address indexed party, uint64 standing);
    event SuspensionLifted(address indexed party, uint64 standing);
    event KeyChanged(address indexed party, uint64 change, address signer, bytes32 recipient);
    event RecoveryBegun(
        address indexed party,
        uint64 change,
        address signer,
        bytes32 recipient,
        uint64 readyAt
    );
    event RecoveryStopped(address indexed party, uint64 change);
    /// @param office Keccak-256 of the office's name.
    event OfficeChangeBegun(bytes32 indexed office, uint64 change, uint64 readyAt);
    /// @notice The office has other holders; `Seated` events for each of them follow.
    event OfficeChanged(bytes32 indexed office, uint64 change, uint8 threshold);
    event Seated(bytes32 indexed office, uint64 change, address holder, bytes32 organisation);

    /// @notice The party's address is zero, or it has no role.
    error EnrolmentInvalid();
    /// @notice A patient has no handle, or another role has one.
    error HandleMisplaced();
    /// @notice The party is enrolled already.
    error PartyKnown();
    /// @notice The handle is another patient's.
    error HandleTaken();
    /// @notice The address is zero, or is, or was, another party's.
    error AddressTaken();
    /// @notice The change is not numbered as the next one.
    error ChangeUnexpected();
    /// @notice No such change is under way.
    error ChangeUnknown();
    /// @notice The delay of the change has not passed.
    error ChangeEarly();
    /// @notice There is no office of this name.
    error OfficeUnknown();
    /// @notice The seats and the threshold make no office.
    error OfficeInvalid();

    /// @notice Makes parties, each by signatures of the authority.
    function enrol(Enrolment[] calldata requests, bytes[][] calldata signatures) external;

    /// @notice Suspends parties or lifts their suspension, each by signatures of the authority. A suspended party
    /// can do nothing: not use a right, make or end one, change its key, or stop a recovery.
    function suspend(Suspension[] calldata requests, bytes[][] calldata signatures) external;

    /// @notice Gives parties other keys or recipients at their own wish. It stops a recovery under way.
    /// @param signatures For each request, that of the present signer and that of the one to come.
    function changeKeys(KeyChange[] calldata requests, bytes[2][] calldata signatures) external;

    /// @notice Begins recoveries, each by signatures of the authority; one under way is replaced.
    function recover(Recovery[] calldata requests, bytes[][] calldata signatures) external;

    /// @notice Stops the recoveries of parties, whichever is under way, each signed by the present signer of the
    /// party, suspended or not.
    function veto(Veto[] calldata requests, bytes[] calldata signatures) external;

    /// @notice Finishes recoveries whose delay has passed; anyone may.
    function finishRecoveries(address[] calldata parties) external;

    /// @notice Begins changes of who holds an office, each by signatures of those who hold it now; one under way is
    /// replaced.
    function changeOffices(OfficeChange[] calldata requests, bytes[][] calldata signatures) external;

    /// @notice Finishes changes of offices whose delay has passed; anyone may.
    /// @param requests What was signed.
    function finishOfficeChanges(OfficeChange[] calldata requests) external;

    /// @notice Seconds between the beginning and the earliest end of a recovery or of an office's change.
    function delay() external view returns (uint32);

    /// @notice A party; all zero for an address that is not a party.
    function party(address id) external view returns (Party memory);

    /// @notice The recovery of a party that is under way.
    function recoveryOf(address id) external view returns (PendingRecovery memory);

    /// @notice The patient whose handle it is, or zero.
    function controllerOf(bytes32 handle) external view returns (address);

    /// @notice True if an address is a party's that is not suspended.
    function isActive(address id) external view returns (bool);

    /// @notice The present signing key of a party, or zero.
    function signerOf(address id) external view returns (address);

    /// @notice The present signing key of a handle's party (zero if it is no one's), and whether that party is not
    /// suspended.
    function signatoryOf(bytes32 handle) external view returns (address signer, bool active);

    /// @notice The seats of the authority and its threshold.
    function authority() external view returns (Seat[] memory seats, uint8 threshold);

    /// @notice The seats of the coordinators and their threshold.
    function coordinators() external view returns (Seat[] memory seats, uint8 threshold);

    /// @notice Says why signatures are not enough for the coordinators to have agreed; 0 if they are.
    /// @return reason Selector of the error.
    function coordinatorsRefusal(
        bytes32 digest,
        bytes[] calldata signatures
    ) external view returns (bytes4 reason);
}
