// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Advance, CommitEpochs, End, Grant, GrantRequest, Revoke} from "../RequestTypes.sol";
import {IRefusals} from "./IRefusals.sol";

/// @title Rights to a patient's records: grants, their end, and the patient's epochs
/// @notice A grant is known by the EIP-712 digest that its patient signed, which commits to its terms and is used
/// once. Whoever is shown the opening can prove the right with `check`; the ledger alone tells nothing of it.
interface IConsent is IRefusals {
    enum GrantState {
        Unknown,
        Active,
        Ended
    }

    event Granted(bytes32 indexed handle, bytes32 indexed grant);
    event Revoked(bytes32 indexed handle, bytes32 indexed grant);
    /// @param packets SHA-256 over the key packets for those who keep a right; 0 for the first epoch.
    event EpochAdvanced(bytes32 indexed handle, uint64 epoch, bytes32 packets);
    event EpochsCommitted(bytes32 indexed handle, uint64 first, uint64 count, bytes32 root);

    /// @notice The handle is not a patient's.
    error HandleUnknown();
    /// @notice The grant was made before.
    error GrantKnown();
    /// @notice No such grant was made on this handle.
    error GrantUnknown();
    /// @notice The grant ended before.
    error GrantEnded();
    /// @notice The patient has committed to no epoch yet.
    error EpochsUncommitted();
    /// @notice The epoch is not the one that comes next.
    error EpochUnexpected();
    /// @notice The patient has not committed to the epoch that comes next.
    error EpochsExhausted();
    /// @notice A commitment to no epoch, to more than 2^32 - 1, or to no more than the one that it would replace.
    error CountInvalid();

    /// @notice Makes grants, each signed by its patient.
    function grant(GrantRequest[] calldata requests, bytes[] calldata signatures) external;

    /// @notice Ends grants, each signed by its patient, who enters the next epoch by it.
    function revoke(Revoke[] calldata requests, bytes[] calldata signatures) external;

    /// @notice Ends grants, each signed by its patient, who enters no epoch by it: the coordinators do that later, as
    /// they do after an end by date.
    function end(End[] calldata requests, bytes[] calldata signatures) external;

    /// @notice Commits to the recipients of the epochs that come next, each signed by its patient. The first
    /// commitment begins with epoch 1, which begins by it. A later one begins with the epoch after the present one,
    /// and replaces what was committed for it and for those after it; the present epoch stays as it is. Of two that
    /// begin with the same epoch the later one must be longer, so that an older one cannot be sent again.
    function commitEpochs(CommitEpochs[] calldata requests, bytes[] calldata signatures) external;

    /// @notice Puts patients into their next epochs, each by signatures of the coordinators: a right ended by its
    /// date, or by a suspension, and the patient is away.
    function advance(Advance[] calldata requests, bytes[][] calldata signatures) external;

    /// @notice Seconds that a right may hold at most: from its first second to the first at which it no longer holds.
    /// The terms are hidden while a grant is made, so `check` judges it by the opening.
    function longestRight() external view returns (uint64);

    /// @notice True if a party has a right at a moment.
    /// @param opening The grant that it relies on.
    /// @param party The party that wants to do something.
    /// @param action `read`, `add` or `amend`.
    /// @param category The record's category.
    /// @param record The record.
    /// @param purpose HL7 v3 PurposeOfUse code.
    /// @param moment Unix seconds.
    function check(
        Grant calldata opening,
        address party,
        string calldata action,
        string calldata category,
        bytes32 record,
        string calldata purpose,
        uint64 moment
    ) external view returns (bool);

    /// @notice The state of a grant on a handle.
    function grantOf(bytes32 handle, bytes32 digest) external view returns (GrantState);

    /// @notice A patient's present epoch (0 before the first), and the commitment that it is of.
    /// @return epoch The present epoch.
    /// @return first First epoch of the commitment.
    /// @return count How many epochs the commitment was made for.
    /// @return root RFC 9162 root over the epochs' sheets, of which the present one is at place `epoch - first`.
    function epochOf(
        bytes32 handle
    ) external view returns (uint64 epoch, uint64 first, uint64 count, bytes32 root);

    /// @notice The last epoch that the patient has committed to.
    function lastEpochOf(bytes32 handle) external view returns (uint64);
}
