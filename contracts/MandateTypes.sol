// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// The EIP-712 structs of mandates that reach the ledger. Name and reason of whoever acts reach it only in a salted struct hash.

/// @notice A patient lets another key act on a chart, or a key that may appoint does.
struct MandateRequest {
    bytes32 termsHash;
    bytes32 handle;
    /// The acting key, which signs nothing else.
    address key;
    /// Bits of `RULES`, `KEYS` and `APPOINT`.
    uint8 powers;
    /// First second at which the ledger takes nothing of the key any more. The terms have the exact one, which is earlier.
    uint64 until;
    uint64 deadline;
}

/// @notice The patient, the acting key itself, or the key that appointed it ends a mandate.
struct EndMandate {
    bytes32 handle;
    /// The acting key: it has one mandate on a handle, ever.
    address key;
    uint64 deadline;
}

/// @title Struct hashes (EIP-712 `hashStruct`) of mandates
library MandateTypes {
    bytes32 private constant MANDATE_TYPE = keccak256(
        "Mandate(MandateTerms terms,bytes32 handle,address key,uint8 powers,uint64 until,uint64 deadline)MandateTerms(address representative,bytes32 recipient,string reason,bool audit,uint64 until,bytes16 salt)"
    );
    bytes32 private constant END_TYPE = keccak256("EndMandate(bytes32 handle,address key,uint64 deadline)");

    function hash(MandateRequest calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(MANDATE_TYPE, request));
    }

    function hash(EndMandate calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(END_TYPE, request));
    }
}
