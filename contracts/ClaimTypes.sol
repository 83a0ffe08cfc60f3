// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// The EIP-712 structs of claims that reach the ledger. A moment is in Unix seconds, an amount in minor units of the
// currency.

/// @notice A claimant asks an insurer to pay for a treatment, or to say in advance that it will. The ledger sees
/// patient, parties, records and bill only as a salted struct hash.
struct ClaimRequest {
    bytes32 termsHash;
    /// Account whose key takes the claimant's steps, made for this claim alone: whose it is, coordinators vouch for.
    address claimant;
    address insurer;
    /// Account that is paid, made for this claim alone.
    address payee;
    uint48 amount;
    /// Amount of the bill: what this claim asks for and what those before it were paid are together no more.
    uint48 total;
    /// Nullifier of the treatment, the same in every claim for it; 0 asks for an authorisation in advance.
    bytes32 treatment;
    /// Digest of the newest claim for the same treatment, whose rest this one asks another insurer for; or 0.
    bytes32 follows;
    /// Digest of the authorisation that the claim uses up, or 0.
    bytes32 authorisation;
    /// Keccak-256 of the claimant's lot: 32 random bytes from which, and from the insurer's, verifiers are drawn.
    bytes32 lotHash;
    uint64 deadline;
}

/// @notice Coordinators state that the records of a claim, or of a supplement to it, were logged before, that the
/// patient let the insurer read them, that the nullifier is the treatment's, that whoever treated signed the total, and that
/// the claimant's account is that of a party which may claim for it; of a dispute that somebody can judge it; and of a
/// judgement that its verifier was drawn.
struct ClaimCheck {
    /// Digest of the claim, supplement, dispute or judgement.
    bytes32 request;
}

/// @notice An insurer approves a claim in whole or part, denies it, or asks for more.
struct ClaimDecision {
    bytes32 claim;
    /// Number of the step.
    uint16 step;
    /// 1 approves, 2 denies, 3 asks for more.
    uint8 outcome;
    /// Amount for the payee.
    uint48 amount;
    /// Last second at which an authorisation can be used; 0 for a claim.
    uint64 until;
    /// Keccak-256 of the insurer's lot.
    bytes32 lotHash;
    bytes32 termsHash;
    uint64 deadline;
}

/// @notice A claimant gives an insurer the more that it asked for.
struct ClaimSupplement {
    bytes32 claim;
    uint16 step;
    bytes32 termsHash;
    uint64 deadline;
}

/// @notice A claimant takes a claim back that is not decided.
struct WithdrawClaim {
    bytes32 claim;
    uint16 step;
    uint64 deadline;
}

/// @notice Claimant or insurer has verifiers drawn who judge a claim that was decided, or others after a judgement.
struct DisputeClaim {
    bytes32 claim;
    uint16 step;
    address party;
    /// The party's lot.
    bytes32 lot;
    bytes32 termsHash;
    uint64 deadline;
}

/// @notice A verifier says that a claim's evidence is safe, or is not. Block and reason are in the terms.
struct ClaimJudgement {
    bytes32 claim;
    uint16 step;
    address verifier;
    bool safe;
    /// Number of verifiers that were drawn: more than half of them decide.
    uint8 drawn;
    bytes32 termsHash;
    uint64 deadline;
}

/// @title Struct hashes (EIP-712 `hashStruct`) of claims
library ClaimTypes {
    string private constant CLAIM_TERMS =
        "InsuranceClaimTerms(bytes32 handle,address claimant,address payee,bytes32 coverage,bytes32 entry,bytes32[] records,bytes32 bill,bytes32 content,bytes16 salt)";
    bytes32 private constant CLAIM_TYPE = keccak256(
        bytes.concat(
            "InsuranceClaim(InsuranceClaimTerms terms,address claimant,address insurer,address payee,uint48 amount,uint48 total,bytes32 treatment,bytes32 follows,bytes32 authorisation,bytes32 lotHash,uint64 deadline)",
            bytes(CLAIM_TERMS)
        )
    );
    bytes32 private constant CHECK_TYPE = keccak256("ClaimCheck(bytes32 request)");
    string private constant DECISION_TERMS = "ClaimDecisionTerms(string reason,bytes32 content,bytes16 salt)";
    bytes32 private constant DECISION_TYPE = keccak256(
        bytes.concat(
            "ClaimDecision(bytes32 claim,uint16 step,uint8 outcome,uint48 amount,uint64 until,bytes32 lotHash,ClaimDecisionTerms terms,uint64 deadline)",
            bytes(DECISION_TERMS)
        )
    );
    string private constant SUPPLEMENT_TERMS =
        "ClaimSupplementTerms(bytes32[] records,bytes32 content,bytes16 salt)";
    bytes32 private constant SUPPLEMENT_TYPE = keccak256(
        bytes.concat(
            "ClaimSupplement(bytes32 claim,uint16 step,ClaimSupplementTerms terms,uint64 deadline)",
            bytes(SUPPLEMENT_TERMS)
        )
    );
    bytes32 private constant WITHDRAW_TYPE = keccak256(
        "WithdrawClaim(bytes32 claim,uint16 step,uint64 deadline)"
    );
    string private constant DISPUTE_TERMS = "DisputeClaimTerms(string reason,bytes16 salt)";
    bytes32 private constant DISPUTE_TYPE = keccak256(
        bytes.concat(
            "DisputeClaim(bytes32 claim,uint16 step,address party,bytes32 lot,DisputeClaimTerms terms,uint64 deadline)",
            bytes(DISPUTE_TERMS)
        )
    );
    string private constant JUDGEMENT_TERMS =
        "ClaimJudgementTerms(bytes32 log,uint64 block,string reason,bytes16 salt)";
    bytes32 private constant JUDGEMENT_TYPE = keccak256(
        bytes.concat(
            "ClaimJudgement(bytes32 claim,uint16 step,address verifier,bool safe,uint8 drawn,ClaimJudgementTerms terms,uint64 deadline)",
            bytes(JUDGEMENT_TERMS)
        )
    );

    function hash(ClaimRequest calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(CLAIM_TYPE, request));
    }

    function hash(ClaimCheck memory statement) internal pure returns (bytes32) {
        return keccak256(abi.encode(CHECK_TYPE, statement));
    }

    function hash(ClaimDecision calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(DECISION_TYPE, request));
    }

    function hash(ClaimSupplement calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(SUPPLEMENT_TYPE, request));
    }

    function hash(WithdrawClaim calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(WITHDRAW_TYPE, request));
    }

    function hash(DisputeClaim calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(DISPUTE_TYPE, request));
    }

    function hash(ClaimJudgement calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(JUDGEMENT_TYPE, request));
    }
}
