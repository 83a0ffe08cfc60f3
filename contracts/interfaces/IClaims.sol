// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    ClaimDecision,
    ClaimJudgement,
    ClaimRefund,
    ClaimRequest,
    ClaimSupplement,
    DisputeClaim,
    WithdrawClaim
} from "../ClaimTypes.sol";
import {IRefusals} from "./IRefusals.sol";

/// @title Claims: what insurers are asked to pay for treatments, what they decide, and what is paid
/// @notice A claim is known by the EIP-712 digest that its claimant signed, and is used once. The ledger keeps
/// its state and its sums; whoever takes a step gives the claim in full again. Coordinators vouch for what the ledger does
/// not see. Every step is numbered, so that of two at once one is taken.
///
/// Open → Approved, Denied or Asked by `decide`; Asked → Open by `supplement`; Open or Asked → Withdrawn by `withdraw`;
/// Approved or Denied → Disputed by `dispute`, once by each side; Disputed → Reversed, Open or what it was before by
/// `judge`. After the term, `lapse` makes Open and Asked Lapsed, and Disputed what it was before. A claim
/// that was paid is Approved in place of Withdrawn, Denied and Lapsed. An authorisation is a claim without a treatment: it pays
/// nothing, and Approved → Used by the claim that names it.
///
/// A treatment has a nullifier. Claims for it stand in a row, each for no more than the bill leaves after those before.
interface IClaims is IRefusals {
    enum ClaimState {
        Unknown,
        Open,
        Asked,
        Approved,
        Denied,
        Disputed,
        Withdrawn,
        Reversed,
        Used,
        Lapsed
    }

    /// @notice A claim as it stands.
    struct Standing {
        ClaimState state;
        /// State before the dispute.
        ClaimState former;
        /// True if the claimant disputed, now or before.
        bool claimantDisputed;
        /// True if the insurer disputed, now or before.
        bool insurerDisputed;
        /// True if the dispute is the claimant's.
        bool byClaimant;
        /// Steps taken so far.
        uint16 step;
        /// Last second of the term: to decide, to answer, to dispute, to judge, or to use an authorisation.
        uint40 due;
        /// Amount that earlier claims for the treatment were paid when this one was made.
        uint48 before;
        /// Amount that the payee was paid and has not given back; of an authorisation, what may be claimed.
        uint48 paid;
        /// The same of the other payee.
        uint48 otherPaid;
    }

    event Claimed(
        bytes32 indexed claim,
        address indexed insurer,
        address claimant,
        address payee,
        address other,
        uint48 amount,
        bytes32 treatment,
        bytes32 follows,
        bytes32 authorisation,
        uint40 due
    );
    event ClaimDecided(
        bytes32 indexed claim,
        uint16 step,
        uint8 outcome,
        uint48 amount,
        uint48 otherAmount,
        bytes32 termsHash,
        uint40 due
    );
    event ClaimSupplemented(bytes32 indexed claim, uint16 step, bytes32 termsHash, uint40 due);
    event ClaimWithdrawn(bytes32 indexed claim, uint16 step);
    event ClaimDisputed(
        bytes32 indexed claim,
        uint16 step,
        address party,
        address verifier,
        bytes32 termsHash,
        uint40 due
    );
    /// @param state State that follows.
    /// @param paid Amount that the payee still has of it.
    /// @param otherPaid The same of the other payee.
    event ClaimJudged(
        bytes32 indexed claim,
        uint16 step,
        address verifier,
        bool safe,
        bytes32 termsHash,
        uint8 state,
        uint48 paid,
        uint48 otherPaid,
        uint40 due
    );
    /// @param state State that follows.
    event ClaimLapsed(bytes32 indexed claim, uint8 state, uint40 due);
    event ClaimRefunded(bytes32 indexed claim, uint16 step, address payee, uint48 amount);
    event ClaimCollected(bytes32 indexed claim, uint48 amount, uint48 otherAmount);

    /// @notice No amount, no account to pay to, an account twice, the insurer's own; or an authorisation that follows one.
    error ClaimInvalid();
    /// @notice The claim was made before.
    error ClaimKnown();
    /// @notice There is no such claim.
    error ClaimUnknown();
    /// @notice An account of the claim is that of a patient or of somebody who treats: it would tell everybody of them.
    error AccountTells();
    /// @notice The party is not an insurer.
    error InsurerInvalid();
    /// @notice Another claim stands for the treatment.
    error TreatmentClaimed();
    /// @notice The authorisation is not the insurer's, has lapsed, was used, or is for less.
    /// Coordinators vouch that it is for this claimant and patient.
    error AuthorisationInvalid();
    /// @notice Another step was taken first.
    error StepUnexpected();
    /// @notice The state of the claim does not allow the step.
    error StateUnfit();
    /// @notice The outcome is not one of three, or does not go with the amounts and the time.
    error OutcomeInvalid();
    /// @notice The amount is over what the claim or the bill leaves.
    error AmountExceeded();
    /// @notice The party is neither side of the claim, or disputed it before.
    error DisputantInvalid();
    /// @notice The party is not a verifier, is of the organisation of the insurer or of a payee, or is not the one that the dispute
    /// names.
    error VerifierInvalid();
    /// @notice The account was not paid by the claim.
    error PayeeInvalid();
    /// @notice The term has lapsed.
    error TermLapsed();
    /// @notice The term runs.
    error TermRuns();

    /// @notice Makes claims, each signed by its claimant, and checked by coordinators.
    /// @param checks For each, coordinators' signatures over its `ClaimCheck`.
    function submit(
        ClaimRequest[] calldata requests,
        bytes[] calldata signatures,
        bytes[][] calldata checks
    ) external;

    /// @notice Decides on claims, each signed by its insurer; approving pays.
    /// @param claims For each request its claim, as its claimant signed it.
    function decide(
        ClaimRequest[] calldata claims,
        ClaimDecision[] calldata requests,
        bytes[] calldata signatures
    ) external;

    /// @notice Answers insurers that asked for more, each signed by the claimant, and checked by coordinators.
    function supplement(
        ClaimRequest[] calldata claims,
        ClaimSupplement[] calldata requests,
        bytes[] calldata signatures,
        bytes[][] calldata checks
    ) external;

    /// @notice Takes claims back, each signed by its claimant.
    function withdraw(
        ClaimRequest[] calldata claims,
        WithdrawClaim[] calldata requests,
        bytes[] calldata signatures
    ) external;

    /// @notice Disputes decisions, each signed by claimant or insurer, names who judges, and is checked by coordinators.
    function dispute(
        ClaimRequest[] calldata claims,
        DisputeClaim[] calldata requests,
        bytes[] calldata signatures,
        bytes[][] calldata checks
    ) external;

    /// @notice Judges disputes, each signed by the verifier that it names, of neither side's organisation.
    function judge(
        ClaimRequest[] calldata claims,
        ClaimJudgement[] calldata requests,
        bytes[] calldata signatures
    ) external;

    /// @notice Gives back what was paid, each signed by the payee.
    function refund(
        ClaimRequest[] calldata claims,
        ClaimRefund[] calldata requests,
        bytes[] calldata signatures
    ) external;

    /// @notice Closes claims that nobody decided or answered in their term, and ends disputes that nobody judged in
    /// theirs; anyone may. A claim that follows one does the same with it.
    function lapse(bytes32[] calldata claims) external;

    /// @notice Takes back what reversed claims still owe, as far as it is there; anyone may.
    function collect(ClaimRequest[] calldata claims) external;

    /// @notice Seconds of a term.
    function term() external view returns (uint32);

    /// @notice A claim; all zero if nobody made it.
    function claimOf(bytes32 claim) external view returns (Standing memory);

    /// @notice Digest of the newest claim for a treatment, or 0.
    function newestOf(bytes32 treatment) external view returns (bytes32);
}
