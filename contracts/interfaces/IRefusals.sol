// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Errors with which the contracts of the network refuse requests
/// @notice Requests come in batches. A bad one fails alone: it changes nothing, and `Refused` names it by its
/// place and by the selector of the error that says why. Only a fault of who sent the batch, not of who signed a
/// request, reverts the whole.
interface IRefusals {
    /// @param index Place of the request in the batch.
    /// @param reason Selector of the error.
    event Refused(uint256 indexed index, bytes4 reason);

    /// @notice The request's deadline lies before this block.
    error DeadlinePassed();
    /// @notice No one enrolled the party.
    error PartyUnknown();
    /// @notice The party is suspended.
    error PartyIsSuspended();
    /// @notice The signature is not the signer's over this request, or is not in the one form that is taken.
    error SignatureInvalid();
    /// @notice The signers do not stand in ascending order of their addresses, each once.
    error SignersUnordered();
    /// @notice A signer holds no seat in the office whose quorum is required.
    error SeatMissing();
    /// @notice The signers are of fewer organisations than the office's threshold.
    error QuorumMissing();

    /// @notice Reverts a dry run, which is a call from the zero address: a transaction would have this request refused.
    /// @param index Place of the first such request in the batch.
    /// @param reason Selector of the error.
    error RequestRefused(uint256 index, bytes4 reason);
    /// @notice Reverts the batch: there are not as many signatures as requests.
    error LengthsDiffer();
}
