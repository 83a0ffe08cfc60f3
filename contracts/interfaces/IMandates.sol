// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EndMandate, MandateRequest} from "../MandateTypes.sol";
import {IRefusals} from "./IRefusals.sol";

/// @title Acting keys: who signs on a chart beside its patient
/// @notice A mandate lets one further key sign on one handle, within powers and until a moment. The ledger shows that there
/// is a second key and until when, and never whose it is.
///
/// Unknown → Active by `appoint`; Active → Ended by `end`, for good. Of itself it ends at its `until`, and with the mandate of
/// the key that appointed it.
interface IMandates is IRefusals {
    enum MandateState {
        Unknown,
        Active,
        Ended
    }

    /// @notice A mandate as it stands.
    struct Mandate {
        /// The key that appointed it; 0 if the patient did.
        address appointer;
        uint40 until;
        uint8 powers;
        MandateState state;
    }

    event Appointed(
        bytes32 indexed handle,
        bytes32 indexed mandate,
        address key,
        uint8 powers,
        uint64 until,
        address appointer
    );
    event MandateEnded(bytes32 indexed handle, address indexed key);

    /// @notice The handle is not a patient's.
    error HandleUnknown();
    /// @notice The key is zero, the powers lack a known one or have an unknown one, or the mandate is over.
    error MandateInvalid();
    /// @notice The key has acted on this handle before, or does.
    error KeyKnown();
    /// @notice The key never acted on this handle.
    error MandateUnknown();
    /// @notice The mandate ended before.
    error MandateIsOver();
    /// @notice A key appoints for no longer than it acts itself, no power that it lacks, and none that appoints again.
    error MandateWider();

    /// @notice Makes mandates, each signed by the patient, or by an acting key that may appoint.
    function appoint(MandateRequest[] calldata requests, bytes[] calldata signatures) external;

    /// @notice Ends mandates, each signed by the patient, the acting key itself, or the key that appointed it.
    function end(EndMandate[] calldata requests, bytes[] calldata signatures) external;

    /// @notice True if a key acts on a handle with a power at a moment: the one place where a contract asks that.
    /// @param power One of `RULES`, `KEYS` and `APPOINT`.
    /// @param moment Unix seconds.
    function maySign(bytes32 handle, address key, uint8 power, uint64 moment) external view returns (bool);

    /// @notice The mandate of a key on a handle.
    function mandateOf(bytes32 handle, address key) external view returns (Mandate memory);
}
