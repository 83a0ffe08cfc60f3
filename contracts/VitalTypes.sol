// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// The EIP-712 structs of births, deaths and wills that reach the ledger. Their words reach it only as salted struct hashes.

/// @notice A registrar registers the birth of the person who has a handle.
struct BirthRequest {
    bytes32 termsHash;
    address registrar;
    bytes32 handle;
    uint64 deadline;
}

/// @notice A doctor or a registrar reports a death. It has no effect until another confirms it.
struct DeathRequest {
    bytes32 termsHash;
    address reporter;
    bytes32 handle;
    /// Number of the step.
    uint16 step;
    uint64 deadline;
}

/// @notice Another doctor or registrar, of another organisation, confirms a death.
struct ConfirmDeath {
    bytes32 handle;
    uint16 step;
    /// Digest of the report.
    bytes32 death;
    address confirmer;
    uint64 deadline;
}

/// @notice Two of different organisations undo a death that was reported or confirmed by mistake.
struct UndoDeathRequest {
    bytes32 termsHash;
    bytes32 handle;
    uint16 step;
    bytes32 death;
    address first;
    address second;
    uint64 deadline;
}

/// @notice A patient objects to being dead.
struct ObjectToDeath {
    bytes32 handle;
    uint16 step;
    bytes32 death;
    uint64 deadline;
}

/// @notice A patient sets which grants hold on after death; the newest holds.
struct WillRequest {
    bytes32 termsHash;
    bytes32 handle;
    /// Number of the will, from 1.
    uint16 number;
    uint64 deadline;
}

/// @title Struct hashes (EIP-712 `hashStruct`) of births, deaths and wills
library VitalTypes {
    bytes32 private constant BIRTH_TYPE = keccak256(
        "Birth(BirthTerms terms,address registrar,bytes32 handle,uint64 deadline)BirthTerms(bytes32 record,bytes32 content,bytes32 link,bytes16 salt)"
    );
    bytes32 private constant DEATH_TYPE = keccak256(
        "Death(DeathTerms terms,address reporter,bytes32 handle,uint16 step,uint64 deadline)DeathTerms(bytes32 record,bytes32 content,uint64 at,bytes16 salt)"
    );
    bytes32 private constant CONFIRM_TYPE = keccak256(
        "ConfirmDeath(bytes32 handle,uint16 step,bytes32 death,address confirmer,uint64 deadline)"
    );
    bytes32 private constant UNDO_TYPE = keccak256(
        "UndoDeath(UndoTerms terms,bytes32 handle,uint16 step,bytes32 death,address first,address second,uint64 deadline)UndoTerms(bytes32 content,string reason,bytes16 salt)"
    );
    bytes32 private constant OBJECT_TYPE = keccak256(
        "ObjectToDeath(bytes32 handle,uint16 step,bytes32 death,uint64 deadline)"
    );
    bytes32 private constant WILL_TYPE = keccak256(
        "Will(WillTerms terms,bytes32 handle,uint16 number,uint64 deadline)WillTerms(bytes32[] grants,uint64 lasts,bytes16 salt)"
    );

    function hash(BirthRequest calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(BIRTH_TYPE, request));
    }

    function hash(DeathRequest calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(DEATH_TYPE, request));
    }

    function hash(ConfirmDeath calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(CONFIRM_TYPE, request));
    }

    function hash(UndoDeathRequest calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(UNDO_TYPE, request));
    }

    function hash(ObjectToDeath calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(OBJECT_TYPE, request));
    }

    function hash(WillRequest calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(WILL_TYPE, request));
    }
}
