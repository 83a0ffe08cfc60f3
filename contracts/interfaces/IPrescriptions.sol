// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    CancelPrescription,
    DispenseRequest,
    HoldPrescription,
    PassPrescription,
    PrescriptionRequest
} from "../PrescriptionTypes.sol";
import {IRefusals} from "./IRefusals.sol";

/// @title Prescriptions: how much may be dispensed, until when, and how much was
/// @notice A prescription is known by the EIP-712 digest that its prescriber signed, and is used once. Salted
/// hashes hide the medicine, the patient and the pharmacist. Every step but the end is numbered, so that of
/// two at once one is taken.
///
/// Active → Held and back by `hold`; Active or Held → Ended by `cancel` or by another that replaces it. One that is
/// dispensed whole, or over, stays Active and gives nothing more.
interface IPrescriptions is IRefusals {
    enum PrescriptionState {
        Unknown,
        Active,
        Held,
        Ended
    }

    /// @notice A prescription as it stands.
    struct Standing {
        PrescriptionState state;
        /// Steps taken so far.
        uint16 step;
        /// Amount dispensed so far.
        uint24 dispensed;
        address prescriber;
        address holder;
        address slip;
        uint24 amount;
        uint8 fills;
        uint16 interval;
        uint64 from;
        uint64 until;
    }

    /// @param order Number that stands for the record on the chart.
    event Prescribed(
        bytes32 indexed prescription,
        address indexed prescriber,
        bytes32 indexed order,
        address second,
        address holder,
        address slip,
        uint24 amount,
        uint8 fills,
        uint16 interval,
        uint64 from,
        uint64 until
    );
    /// @param dispense Digest that the slip's key and the pharmacist signed.
    event Dispensed(bytes32 indexed prescription, bytes32 indexed dispense, uint16 step, uint24 amount);
    event PrescriptionHeld(bytes32 indexed prescription, uint16 step, bool held);
    /// @param replacement Digest of the prescription that takes its place; 0 if none does.
    event PrescriptionEnded(bytes32 indexed prescription, bytes32 replacement);
    event HolderChanged(bytes32 indexed prescription, uint16 step, address holder, address slip);

    /// @notice The prescriber and who signs beside are not two doctors.
    error PrescriberInvalid();
    /// @notice No amount, no fill, no two keys, no time to dispense in or too much of it, or more than 2^24 - 1 in all.
    error PrescriptionInvalid();
    /// @notice The prescription was made before.
    error PrescriptionKnown();
    /// @notice The record on the chart has a prescription: one rests on each, also after its end.
    error OrderPrescribed();
    /// @notice There is no such prescription.
    error PrescriptionUnknown();
    /// @notice The prescription was cancelled or replaced.
    error PrescriptionIsEnded();
    /// @notice The prescriber holds the prescription back.
    error PrescriptionIsHeld();
    /// @notice The prescription is, or is not, held back already.
    error HoldUnchanged();
    /// @notice The prescription is not valid yet, or not any more.
    error PrescriptionOutOfTime();
    /// @notice Another step was taken first.
    error StepUnexpected();
    /// @notice The amount is zero, or over what is left.
    error AmountExceeded();
    /// @notice The next fill is not due yet.
    error FillEarly();

    /// @notice Makes prescriptions, each signed by its prescriber; coordinators vouch for the right, which no contract sees.
    /// @param signatures For each request, that of the prescriber and that of who signs beside; the other one is
    /// empty if nobody does.
    /// @param orders For each request, the number that stands for its record on the chart.
    /// @param checks For each request, a quorum of coordinators' signatures over its `PrescriptionCheck`, in ascending order
    /// of their addresses.
    function prescribe(
        PrescriptionRequest[] calldata requests,
        bytes[2][] calldata signatures,
        bytes32[] calldata orders,
        bytes[][] calldata checks
    ) external;

    /// @notice Dispenses, each signed with the key of the slip.
    function dispense(DispenseRequest[] calldata requests, bytes[] calldata signatures) external;

    /// @notice Holds prescriptions back or lets them go on, each signed by its prescriber.
    function hold(HoldPrescription[] calldata requests, bytes[] calldata signatures) external;

    /// @notice Ends prescriptions, each signed by its prescriber.
    function cancel(CancelPrescription[] calldata requests, bytes[] calldata signatures) external;

    /// @notice Gives prescriptions other keys, each signed with the present holder's.
    function pass(PassPrescription[] calldata requests, bytes[] calldata signatures) external;

    /// @notice A prescription; all zero if nobody made it.
    function prescriptionOf(bytes32 prescription) external view returns (Standing memory);

    /// @notice The prescription that rests on a record of a chart; 0 if none does.
    /// @param order Number that stands for the record.
    function prescribedOn(bytes32 order) external view returns (bytes32 prescription);

    /// @notice The amount that may be dispensed at a moment, at once or in parts.
    /// @param moment Unix seconds.
    function dispensable(bytes32 prescription, uint64 moment) external view returns (uint24);
}
