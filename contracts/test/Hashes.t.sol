// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import "../RequestTypes.sol";

/// Struct hashes of values that a test holds in memory. That they are those of `src/protocol` is tested there.
contract Hashes {
    using RequestTypes for *;

    function hash(GrantRequest calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hash(Grant calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hash(Terms calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hash(Revoke calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    /// A name of its own: a request for a grant has the same words.
    function hashEnd(End calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hash(CommitEpochs calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hash(Enrolment calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hash(Checkpoint calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hash(Suspension calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hash(KeyChange calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hashRecovery(Recovery calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hash(Veto calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hash(OfficeChange calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hash(Advance calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hash(StakeChange calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hash(KeyRemoval calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hash(KeyReplacement calldata value) external pure returns (bytes32) {
        return value.hash();
    }
}
