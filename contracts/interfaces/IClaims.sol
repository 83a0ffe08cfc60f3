// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    ClaimDecision,
    ClaimJudgement,
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
/// Open → Approved, Denied or Asked by `decide`; Asked → Open by `supplement`; Open or Asked → Withdrawn by `withdraw`.
/// An approved amount is held until the term ends: Approved → Paid by `lapse`, which anybody may call. In the term Approved or
/// Denied → Disputed by `dispute`, once; → Drawn by `openLots`, → Judged by `judge`. In the next term Judged → Drawn by an
/// appeal, which is `dispute` as well, and is judged by more than half of those drawn. A judgement that nobody appealed
/// against in the term, or that judges the appeal, is final: not safe → Reversed, and what was held goes back; safe → Open for
/// the insurer to decide the rest, and not to be disputed again, or Paid if there is no rest. `lapse` ends the other terms:
/// Open and Asked → Lapsed; Disputed as if the side that did not open its lot had lost; Drawn as it was decided or judged
/// before. A claim of which something is held is Paid in place of Denied and Lapsed, and Approved in place of Withdrawn. An
/// authorisation is a claim without a treatment: it pays nothing, and Approved → Used by the claim that names it.
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
        Drawn,
        Judged,
        Withdrawn,
        Reversed,
        Used,
        Lapsed,
        Paid
    }

    /// @notice A claim as it stands.
    struct Standing {
        ClaimState state;
        /// True if the dispute, or the appeal, is the claimant's.
        bool byClaimant;
        /// Verdict of the first judgement.
        bool isSafe;
        /// 1 once it was disputed, 2 once there was an appeal.
        uint8 round;
        /// Verifiers of this round that said *safe*.
        uint8 safeVotes;
        /// Verifiers of this round that said *not safe*.
        uint8 unsafeVotes;
        /// Steps taken so far.
        uint16 step;
        /// Last second of the term: to decide, to answer, to dispute, to open a lot, to judge, to appeal, or to use an
        /// authorisation.
        uint40 due;
        /// Amount that earlier claims for the treatment were paid when this one was made.
        uint48 before;
        /// Amount that was approved: held until the claim is Paid; of an authorisation, what may be claimed.
        uint48 approved;
    }

    event Claimed(
        bytes32 indexed claim,
        address indexed insurer,
        address claimant,
        address payee,
        uint48 amount,
        uint48 total,
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
        bytes32 lotHash,
        bytes32 termsHash,
        uint40 due
    );
    event ClaimSupplemented(bytes32 indexed claim, uint16 step, bytes32 termsHash, uint40 due);
    event ClaimWithdrawn(bytes32 indexed claim, uint16 step);
    event ClaimDisputed(
        bytes32 indexed claim,
        uint16 step,
        address party,
        bytes32 lot,
        bytes32 termsHash,
        uint40 due
    );
    event LotOpened(bytes32 indexed claim, bytes32 lot, uint40 due);
    /// @param state State that follows.
    event ClaimJudged(
        bytes32 indexed claim,
        uint16 step,
        address verifier,
        bool safe,
        uint8 drawn,
        bytes32 termsHash,
        uint8 state,
        uint40 due
    );
    /// @notice A term ended.
    /// @param state State that follows.
    event ClaimLapsed(bytes32 indexed claim, uint8 state, uint40 due);

    /// @notice No amount, no account to pay to, the insurer's own or this contract's; or an authorisation that follows one.
    error ClaimInvalid();
    /// @notice The claim was made before.
    error ClaimKnown();
    /// @notice There is no such claim.
    error ClaimUnknown();
    /// @notice An account of the claim is that of a patient or of somebody who treats: it would tell everybody of them.
    error AccountTells();
    /// @notice The party is not an insurer.
    error InsurerInvalid();
    /// @notice Another claim stands for the treatment, or waits for somebody; `lapse` ends its term.
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
    /// @notice The party is neither side of the claim.
    error DisputantInvalid();
    /// @notice The lot is not the one whose hash the side signed.
    error LotInvalid();
    /// @notice The party is not a verifier, or has judged already.
    error VerifierInvalid();
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

    /// @notice Decides on claims, each signed by its insurer; what it approves is held.
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

    /// @notice Disputes decisions, or appeals against judgements, each signed by claimant or insurer, with its lot, and checked
    /// by coordinators.
    function dispute(
        ClaimRequest[] calldata claims,
        DisputeClaim[] calldata requests,
        bytes[] calldata signatures,
        bytes[][] calldata checks
    ) external;

    /// @notice Opens the other sides' lots, by which verifiers are drawn; anyone who knows them may.
    function openLots(ClaimRequest[] calldata claims, bytes32[] calldata lots) external;

    /// @notice Judges disputes, each signed by a verifier, of which coordinators vouch that it was drawn.
    function judge(
        ClaimRequest[] calldata claims,
        ClaimJudgement[] calldata requests,
        bytes[] calldata signatures,
        bytes[][] calldata checks
    ) external;

    /// @notice Ends terms that are over, whatever was waited for, and pays what is held by date alone; anyone may.
    function lapse(ClaimRequest[] calldata claims) external;

    /// @notice Seconds of a term.
    function term() external view returns (uint32);

    /// @notice A claim; all zero if nobody made it.
    function claimOf(bytes32 claim) external view returns (Standing memory);

    /// @notice Digest of the newest claim for a treatment, or 0.
    function newestOf(bytes32 treatment) external view returns (bytes32);
}
