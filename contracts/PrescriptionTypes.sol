// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// The EIP-712 structs of prescriptions that reach the ledger. A moment is in Unix seconds, an amount in the smallest
// unit that is dispensed.

/// @notice A prescriber prescribes. The ledger sees what and for whom only as a salted struct hash.
struct PrescriptionRequest {
    bytes32 termsHash;
    address prescriber;
    /// The doctor who signs beside the prescriber; zero if nobody has to.
    address second;
    /// Address of the patient's key, which passes the prescription on and is shown to nobody.
    address holder;
    /// Address of the key in the slip that the patient shows, which dispenses.
    address slip;
    /// Amount of one fill.
    uint24 amount;
    /// Fills in all: the first and the repeats.
    uint8 fills;
    /// Days from the beginning of one fill to that of the next, at least; 0 if all may be dispensed at once.
    uint16 interval;
    uint64 from;
    uint64 until;
    /// Digest of the prescription that ends by this one, or 0.
    bytes32 replaces;
    uint64 deadline;
}

/// @notice Coordinators state of a prescription that its prescriber put its record on the chart not long ago, and has now the
/// right to, and whose number that record has.
struct PrescriptionCheck {
    /// Digest of the prescription.
    bytes32 prescription;
    /// Number that stands for the record on the chart: one prescription rests on it.
    bytes32 order;
}

/// @notice A pharmacist dispenses; signed with the key of the slip.
struct DispenseRequest {
    bytes32 prescription;
    /// Number of the step.
    uint16 step;
    uint24 amount;
    bytes32 termsHash;
    uint64 deadline;
}

/// @notice A prescriber holds a prescription back, or lets it go on.
struct HoldPrescription {
    bytes32 prescription;
    uint16 step;
    bool held;
    uint64 deadline;
}

/// @notice A prescriber ends a prescription.
struct CancelPrescription {
    bytes32 prescription;
    uint64 deadline;
}

/// @notice A patient gives a prescription other keys; the former ones are void. Signed with the former holder's.
struct PassPrescription {
    bytes32 prescription;
    uint16 step;
    address holder;
    address slip;
    uint64 deadline;
}

/// @title Struct hashes (EIP-712 `hashStruct`) of prescriptions
library PrescriptionTypes {
    string private constant PRESCRIPTION_TERMS =
        "PrescriptionTerms(bytes32 handle,bytes32 record,bytes32 content,string medicine,string code,string unit,bool controlled,bytes16 salt)";
    bytes32 private constant PRESCRIPTION_TYPE = keccak256(
        bytes.concat(
            "Prescription(PrescriptionTerms terms,address prescriber,address second,address holder,address slip,uint24 amount,uint8 fills,uint16 interval,uint64 from,uint64 until,bytes32 replaces,uint64 deadline)",
            bytes(PRESCRIPTION_TERMS)
        )
    );
    bytes32 private constant CHECK_TYPE = keccak256("PrescriptionCheck(bytes32 prescription,bytes32 order)");
    string private constant DISPENSE_TERMS = "DispenseTerms(address pharmacist,bytes32 content,bytes16 salt)";
    bytes32 private constant DISPENSE_TYPE = keccak256(
        bytes.concat(
            "Dispense(bytes32 prescription,uint16 step,uint24 amount,DispenseTerms terms,uint64 deadline)",
            bytes(DISPENSE_TERMS)
        )
    );
    bytes32 private constant HOLD_TYPE = keccak256(
        "HoldPrescription(bytes32 prescription,uint16 step,bool held,uint64 deadline)"
    );
    bytes32 private constant CANCEL_TYPE = keccak256(
        "CancelPrescription(bytes32 prescription,uint64 deadline)"
    );
    bytes32 private constant PASS_TYPE = keccak256(
        "PassPrescription(bytes32 prescription,uint16 step,address holder,address slip,uint64 deadline)"
    );

    function hash(PrescriptionRequest calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(PRESCRIPTION_TYPE, request));
    }

    function hash(PrescriptionCheck memory statement) internal pure returns (bytes32) {
        return keccak256(abi.encode(CHECK_TYPE, statement));
    }

    function hash(DispenseRequest calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(DISPENSE_TYPE, request));
    }

    function hash(HoldPrescription calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(HOLD_TYPE, request));
    }

    function hash(CancelPrescription calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(CANCEL_TYPE, request));
    }

    function hash(PassPrescription calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(PASS_TYPE, request));
    }
}
