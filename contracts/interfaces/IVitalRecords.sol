// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ConfirmVital, ObjectToVital, UndoVitalRequest, VitalReport, WillRequest} from "../VitalTypes.sol";
import {IRefusals} from "./IRefusals.sol";

/// @title Births and deaths of those who have a handle, and their wills
/// @notice Births and deaths go through the same states. Each takes two: one party reports it, and another one, of
/// another organisation, confirms it; one of the two is a registrar. Only then has it any effect. Every step is numbered,
/// for births and deaths apart, so that nothing signed for one report serves another.
///
/// None → Reported by `reportBirths` or `reportDeaths`; Reported → Confirmed by `confirm`; Reported or Confirmed → None by
/// `undo`, at any time, or by the patient's own `object`, which serves until `OBJECTION_TERM` after the confirmation.
interface IVitalRecords is IRefusals {
    enum Stage {
        None,
        Reported,
        Confirmed
    }

    /// @notice A birth or a death as it stands.
    struct Vital {
        /// The party that reported it; out of date once it was undone.
        address reporter;
        /// Time of the block that confirmed it; 0 unless the stage is Confirmed.
        uint40 since;
        /// Steps taken so far.
        uint16 step;
        Stage stage;
    }

    /// @param what Hash of `birth` or `death`.
    /// @param report Digest of the report.
    /// @param reportedAt Time of this block.
    event VitalReported(
        bytes32 indexed handle,
        bytes32 indexed what,
        bytes32 indexed report,
        uint16 step,
        address reporter,
        uint64 reportedAt
    );
    /// @param since Time of this block.
    event VitalConfirmed(
        bytes32 indexed handle,
        bytes32 indexed what,
        bytes32 indexed report,
        uint16 step,
        address confirmer,
        uint64 since
    );
    /// @param undoing Digest of what undid it: of two parties, or of the patient.
    event VitalUndone(
        bytes32 indexed handle,
        bytes32 indexed what,
        bytes32 indexed report,
        uint16 step,
        bytes32 undoing
    );
    /// @param will Digest of the will.
    event WillSet(bytes32 indexed handle, bytes32 indexed will, uint16 number);

    /// @notice Nobody controls the handle.
    error HandleUnknown();
    /// @notice The party's role is not one that does this.
    error RoleUnfit();
    /// @notice It is reported or confirmed already.
    error ReportKnown();
    /// @notice No such report stands.
    error ReportUnknown();
    /// @notice A death is reported or confirmed.
    error DeathKnown();
    /// @notice The two parties are of one organisation, or are one.
    error OrganisationsAlike();
    /// @notice The party's organisation has no seat in the authority, so it is not in the network any more.
    error OrganisationAbsent();
    /// @notice Neither of the two parties is a registrar.
    error RegistrarMissing();
    /// @notice The time in which the patient can object has passed.
    error ObjectionLate();
    /// @notice Another step was taken first.
    error StepUnexpected();

    /// @notice Reports births, each signed by a registrar.
    function reportBirths(VitalReport[] calldata requests, bytes[] calldata signatures) external;

    /// @notice Reports deaths, each signed by its reporter.
    function reportDeaths(VitalReport[] calldata requests, bytes[] calldata signatures) external;

    /// @notice Confirms reports, each signed by a party of another organisation than the reporter's.
    function confirm(ConfirmVital[] calldata requests, bytes[] calldata signatures) external;

    /// @notice Undoes births and deaths, each signed by two parties of different organisations, one of them a registrar.
    function undo(UndoVitalRequest[] calldata requests, bytes[2][] calldata signatures) external;

    /// @notice Undoes births and deaths at the word of those of whom they are said.
    function object(ObjectToVital[] calldata requests, bytes[] calldata signatures) external;

    /// @notice Sets wills, each signed by its patient while no death is reported.
    function setWill(WillRequest[] calldata requests, bytes[] calldata signatures) external;

    /// @notice The birth or the death of a handle; all zero if nothing was ever reported.
    /// @param what Hash of `birth` or `death`.
    function vitalOf(bytes32 what, bytes32 handle) external view returns (Vital memory);

    /// @notice The digest of the report of a birth or a death that is reported or confirmed, or 0.
    function reportOf(bytes32 what, bytes32 handle) external view returns (bytes32);

    /// @notice The digest of the newest will, or 0, and its number.
    function willOf(bytes32 handle) external view returns (bytes32 will, uint16 number);
}
