// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// The EIP-712 structs of births, deaths and wills that reach the ledger. Their words reach it only as salted struct hashes.

/// @notice A registrar reports the birth of the person who has a handle, or a doctor or a registrar a death: the two are
/// signed as different types.
struct VitalReport {
    bytes32 termsHash;
    address reporter;
    bytes32 handle;
    /// Number of the step.
    uint16 step;
    uint64 deadline;
}

/// @notice Another doctor or registrar, of another organisation, confirms what was reported.
struct ConfirmVital {
    /// `birth` or `death`.
    string what;
    bytes32 handle;
    uint16 step;
    /// Digest of the report.
    bytes32 report;
    address confirmer;
    uint64 deadline;
}

/// @notice Two of different organisations undo a birth or a death that was reported or confirmed by mistake.
struct UndoVitalRequest {
    bytes32 termsHash;
    string what;
    bytes32 handle;
    uint16 step;
    bytes32 report;
    address first;
    address second;
    uint64 deadline;
}

/// @notice A patient objects to a birth or a death that was reported of them.
struct ObjectToVital {
    string what;
    bytes32 handle;
    uint16 step;
    bytes32 report;
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
        "Birth(BirthTerms terms,address reporter,bytes32 handle,uint16 step,uint64 deadline)BirthTerms(bytes32 record,bytes32 content,bytes32 link,bytes16 salt)"
    );
    bytes32 private constant DEATH_TYPE = keccak256(
        "Death(DeathTerms terms,address reporter,bytes32 handle,uint16 step,uint64 deadline)DeathTerms(bytes32 record,bytes32 content,uint64 at,bytes16 salt)"
    );
    bytes32 private constant CONFIRM_TYPE = keccak256(
        "ConfirmVital(string what,bytes32 handle,uint16 step,bytes32 report,address confirmer,uint64 deadline)"
    );
    bytes32 private constant UNDO_TYPE = keccak256(
        "UndoVital(UndoTerms terms,string what,bytes32 handle,uint16 step,bytes32 report,address first,address second,uint64 deadline)UndoTerms(bytes32 content,string reason,bytes16 salt)"
    );
    bytes32 private constant OBJECT_TYPE = keccak256(
        "ObjectToVital(string what,bytes32 handle,uint16 step,bytes32 report,uint64 deadline)"
    );
    bytes32 private constant WILL_TYPE = keccak256(
        "Will(WillTerms terms,bytes32 handle,uint16 number,uint64 deadline)WillTerms(bytes32[] grants,uint64 lasts,bytes16 salt)"
    );

    function hashOfBirth(VitalReport calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(BIRTH_TYPE, request));
    }

    function hashOfDeath(VitalReport calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(DEATH_TYPE, request));
    }

    function hash(ConfirmVital calldata request) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    CONFIRM_TYPE,
                    keccak256(bytes(request.what)),
                    request.handle,
                    request.step,
                    request.report,
                    request.confirmer,
                    request.deadline
                )
            );
    }

    function hash(UndoVitalRequest calldata request) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    UNDO_TYPE,
                    request.termsHash,
                    keccak256(bytes(request.what)),
                    request.handle,
                    request.step,
                    request.report,
                    request.first,
                    request.second,
                    request.deadline
                )
            );
    }

    function hash(ObjectToVital calldata request) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    OBJECT_TYPE,
                    keccak256(bytes(request.what)),
                    request.handle,
                    request.step,
                    request.report,
                    request.deadline
                )
            );
    }

    function hash(WillRequest calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(WILL_TYPE, request));
    }
}
