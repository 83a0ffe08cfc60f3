// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    BirthRequest,
    ConfirmDeath,
    DeathRequest,
    ObjectToDeath,
    UndoDeathRequest,
    WillRequest
} from "../VitalTypes.sol";
import {IRefusals} from "./IRefusals.sol";

/// @title Births and deaths of those who have a handle, and their wills
/// @notice A death takes two: a doctor or a registrar reports it, and another one, of another organisation, confirms
/// it. One of the two is a registrar. Only then has it any effect. Every step of a death is numbered, so that nothing
/// signed for one report serves another.
///
/// Living → Reported by `report`; Reported → Dead by `confirm`; Reported or Dead → Living by `undo`, or by the patient's
/// own `object`, which serves until the Registry's delay after the confirmation has passed.
interface IVitalRecords is IRefusals {
    enum LifeState {
        Living,
        Reported,
        Dead
    }

    /// @notice A life as it stands.
    struct Life {
        /// The party that reported the death; out of date once it was undone.
        address reporter;
        /// Time of the block that confirmed the death; 0 unless the state is Dead.
        uint40 since;
        /// Steps taken so far.
        uint16 step;
        /// Number of the newest will; 0 before the first.
        uint16 will;
        /// True if the birth is registered.
        bool born;
        LifeState state;
    }

    event BirthRegistered(bytes32 indexed handle, bytes32 indexed birth, address indexed registrar);
    /// @param death Digest of the report.
    event DeathReported(bytes32 indexed handle, bytes32 indexed death, uint16 step, address reporter);
    /// @param since Time of this block.
    event DeathConfirmed(
        bytes32 indexed handle,
        bytes32 indexed death,
        uint16 step,
        address confirmer,
        uint64 since
    );
    /// @param undoing Digest of what undid it: of two parties, or of the patient.
    event DeathUndone(bytes32 indexed handle, bytes32 indexed death, uint16 step, bytes32 undoing);
    /// @param will Digest of the will.
    event WillSet(bytes32 indexed handle, bytes32 indexed will, uint16 number);

    /// @notice Nobody controls the handle.
    error HandleUnknown();
    /// @notice The party's role is not one that does this.
    error RoleUnfit();
    /// @notice The birth is registered already.
    error BirthKnown();
    /// @notice A death is reported or confirmed already.
    error DeathKnown();
    /// @notice No such death is reported, or confirmed.
    error DeathUnknown();
    /// @notice The two parties are of one organisation, or are one.
    error OrganisationsAlike();
    /// @notice Neither of the two parties is a registrar.
    error RegistrarMissing();
    /// @notice The time in which the patient can object has passed.
    error ObjectionLate();
    /// @notice Another step was taken first.
    error StepUnexpected();

    /// @notice Registers births, each signed by a registrar.
    function register(BirthRequest[] calldata requests, bytes[] calldata signatures) external;

    /// @notice Reports deaths, each signed by its reporter.
    function report(DeathRequest[] calldata requests, bytes[] calldata signatures) external;

    /// @notice Confirms deaths, each signed by a party of another organisation than the reporter's.
    function confirm(ConfirmDeath[] calldata requests, bytes[] calldata signatures) external;

    /// @notice Undoes deaths, each signed by two parties of different organisations, one of them a registrar.
    function undo(UndoDeathRequest[] calldata requests, bytes[2][] calldata signatures) external;

    /// @notice Undoes deaths at the word of those who are said to be dead.
    function object(ObjectToDeath[] calldata requests, bytes[] calldata signatures) external;

    /// @notice Sets wills, each signed by its patient while no death is reported.
    function setWill(WillRequest[] calldata requests, bytes[] calldata signatures) external;

    /// @notice The life of a handle; all zero if nothing was registered.
    function lifeOf(bytes32 handle) external view returns (Life memory);

    /// @notice The digest of the report of a death that is reported or confirmed, or 0.
    function deathOf(bytes32 handle) external view returns (bytes32);

    /// @notice The digest of the newest will, or 0.
    function willOf(bytes32 handle) external view returns (bytes32);
}
