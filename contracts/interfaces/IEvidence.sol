// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Checkpoint} from "../RequestTypes.sol";
import {IRefusals} from "./IRefusals.sol";

/// @title The newest checkpoints of the logs, each proved to extend the one before
interface IEvidence is IRefusals {
    event Checkpointed(bytes32 indexed log, uint64 size, bytes32 root);

    /// @notice The checkpoint is not larger than the one held.
    error SizeNotLarger();
    /// @notice The proof does not show that the log only grew.
    error ProofInvalid();

    /// @notice Puts checkpoints, each signed by coordinators, in the place of those held.
    /// @param proofs For each, the RFC 9162 consistency proof from the checkpoint held; empty for a log's first.
    /// @param signatures For each, those of coordinators.
    function checkpoint(
        Checkpoint[] calldata checkpoints,
        bytes32[][] calldata proofs,
        bytes[][] calldata signatures
    ) external;

    /// @notice The newest checkpoint of a log; zero if it has none.
    function latest(bytes32 log) external view returns (uint64 size, bytes32 root);

    /// @notice True if the newest checkpoint of a log covers an entry.
    /// @param entry SHA-256 of the body.
    /// @param index Place of the entry, from 0.
    /// @param size Size of the checkpoint that the proof is for, which must be the newest.
    /// @param proof RFC 9162 inclusion proof.
    function verifyInclusion(
        bytes32 log,
        bytes32 entry,
        uint64 index,
        uint64 size,
        bytes32[] calldata proof
    ) external view returns (bool);
}
