// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    ClaimCheck,
    ClaimDecision,
    ClaimJudgement,
    ClaimRefund,
    ClaimRequest,
    ClaimSupplement,
    ClaimTypes,
    DisputeClaim,
    WithdrawClaim
} from "./ClaimTypes.sol";
import {Registry} from "./Registry.sol";
import {SignedByParties} from "./SignedByParties.sol";
import {IClaims} from "./interfaces/IClaims.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {ISettlement} from "./interfaces/ISettlement.sol";

// Model: a claim is one word, found by the whole digest that its claimant signed; a treatment is another.
//
//   _claims[digest]        state 1 | former 1 | claimantDisputed 1 | insurerDisputed 1 | byClaimant 1 | step 2 | due 5 |
//                          amount 6 | paid 6 | otherPaid 6 bytes
//   newestOf[treatment]    digest of the newest claim for it
//   _authorised[digest]    hash of claimant and insurer, for an authorisation alone, which has no treatment
//
// So a claim writes two words, and a decision one beside the balances. Everything else that was signed is given in full
// again with each step, and is what was signed if its digest finds the claim.
//
// A treatment's claims stand in a row: each asks for no more than the one before left unpaid, and after it was made the
// one before is never decided again. So no more is paid for a treatment than its first claim asked for.

/// @title Claims, and what is paid on them
contract Claims is IClaims, SignedByParties {
    using ClaimTypes for *;

    /// @notice Greatest number of a role that claims: patient, doctor, nurse, pharmacist, lab.
    uint8 public constant LAST_CLAIMANT = 5;
    /// @notice Number of the role `insurer`.
    uint8 public constant INSURER = 6;
    /// @notice Number of the role `verifier`.
    uint8 public constant VERIFIER = 9;

    uint8 private constant APPROVE = 1;
    uint8 private constant DENY = 2;
    uint8 private constant ASK = 3;

    /// @notice The contract of the units that are paid in.
    ISettlement public immutable settlement;
    /// @inheritdoc IClaims
    uint32 public immutable term;

    mapping(bytes32 digest => Standing) private _claims;
    /// @inheritdoc IClaims
    mapping(bytes32 treatment => bytes32 digest) public newestOf;
    mapping(bytes32 digest => bytes32 parties) private _authorised;

    /// @param registry_ The network's Registry.
    /// @param settlement_ The contract of the units that are paid in.
    /// @param term_ Seconds of a term.
    constructor(Registry registry_, ISettlement settlement_, uint32 term_) SignedByParties(registry_) {
        (settlement, term) = (settlement_, term_);
    }

    /// @inheritdoc IClaims
    function submit(
        ClaimRequest[] calldata requests,
        bytes[] calldata signatures,
        bytes[][] calldata checks
    ) external {
        if (requests.length != signatures.length || requests.length != checks.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) {
            _report(i, _submit(requests[i], signatures[i], checks[i]));
        }
    }

    /// @inheritdoc IClaims
    function decide(
        ClaimRequest[] calldata claims,
        ClaimDecision[] calldata requests,
        bytes[] calldata signatures
    ) external {
        _requireRows(claims.length, requests.length, signatures.length);
        for (uint256 i; i < requests.length; ++i) {
            _report(i, _decide(claims[i], requests[i], signatures[i]));
        }
    }

    /// @inheritdoc IClaims
    function supplement(
        ClaimRequest[] calldata claims,
        ClaimSupplement[] calldata requests,
        bytes[] calldata signatures,
        bytes[][] calldata checks
    ) external {
        _requireRows(claims.length, requests.length, signatures.length);
        if (requests.length != checks.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) {
            _report(i, _supplement(claims[i], requests[i], signatures[i], checks[i]));
        }
    }

    /// @inheritdoc IClaims
    function withdraw(
        ClaimRequest[] calldata claims,
        WithdrawClaim[] calldata requests,
        bytes[] calldata signatures
    ) external {
        _requireRows(claims.length, requests.length, signatures.length);
        for (uint256 i; i < requests.length; ++i) {
            _report(i, _withdraw(claims[i], requests[i], signatures[i]));
        }
    }

    /// @inheritdoc IClaims
    function dispute(
        ClaimRequest[] calldata claims,
        DisputeClaim[] calldata requests,
        bytes[] calldata signatures
    ) external {
        _requireRows(claims.length, requests.length, signatures.length);
        for (uint256 i; i < requests.length; ++i) {
            _report(i, _dispute(claims[i], requests[i], signatures[i]));
        }
    }

    /// @inheritdoc IClaims
    function judge(
        ClaimRequest[] calldata claims,
        ClaimJudgement[] calldata requests,
        bytes[] calldata signatures
    ) external {
        _requireRows(claims.length, requests.length, signatures.length);
        for (uint256 i; i < requests.length; ++i) {
            _report(i, _judge(claims[i], requests[i], signatures[i]));
        }
    }

    /// @inheritdoc IClaims
    function refund(
        ClaimRequest[] calldata claims,
        ClaimRefund[] calldata requests,
        bytes[] calldata signatures
    ) external {
        _requireRows(claims.length, requests.length, signatures.length);
        for (uint256 i; i < requests.length; ++i) {
            _report(i, _refund(claims[i], requests[i], signatures[i]));
        }
    }

    /// @inheritdoc IClaims
    function endDisputes(bytes32[] calldata claims) external {
        for (uint256 i; i < claims.length; ++i) _report(i, _endDispute(claims[i]));
    }

    /// @inheritdoc IClaims
    function collect(ClaimRequest[] calldata claims) external {
        for (uint256 i; i < claims.length; ++i) _report(i, _collect(claims[i]));
    }

    function _submit(
        ClaimRequest calldata request,
        bytes calldata signature,
        bytes[] calldata checks
    ) private returns (bytes4) {
        if (request.deadline < block.timestamp) return DeadlinePassed.selector;
        if (!_isSound(request)) return ClaimInvalid.selector;
        bytes32 digest = _digest(request.hash());
        Standing storage made = _claims[digest];
        if (made.state != ClaimState.Unknown) return ClaimKnown.selector;
        bytes4 refusal = _rowRefusal(request);
        if (refusal != 0) return refusal;
        IRegistry.Party memory claimant = registry.party(request.claimant);
        if (claimant.role == 0 || claimant.role > LAST_CLAIMANT) return ClaimantInvalid.selector;
        if (claimant.suspended) return PartyIsSuspended.selector;
        if (!_isSignedBy(claimant.signer, digest, signature)) return SignatureInvalid.selector;
        if (!registry.isActive(request.insurer)) return InsurerInvalid.selector;
        refusal = _checkRefusal(digest, checks);
        if (refusal != 0) return refusal;

        uint40 due = _due();
        (made.state, made.due, made.amount) = (ClaimState.Open, due, request.amount);
        if (request.authorisation != 0) _claims[request.authorisation].state = ClaimState.Used;
        if (request.treatment == 0) _authorised[digest] = _sidesOf(request);
        else newestOf[request.treatment] = digest;
        emit Claimed(
            digest,
            request.insurer,
            request.claimant,
            request.payee,
            request.other,
            request.amount,
            request.treatment,
            request.follows,
            request.authorisation,
            due
        );
        return 0;
    }

    function _decide(
        ClaimRequest calldata claim,
        ClaimDecision calldata request,
        bytes calldata signature
    ) private returns (bytes4) {
        (Standing storage known, bytes4 refusal) = _find(
            claim,
            request.claim,
            request.step,
            request.deadline
        );
        if (refusal != 0) return refusal;
        if (known.state != ClaimState.Open) return StateUnfit.selector;
        bool ahead = claim.treatment == 0;
        if (!_isOutcome(request, ahead)) return OutcomeInvalid.selector;
        uint256 left = uint256(known.amount) - known.paid - known.otherPaid;
        if (uint256(request.amount) + request.otherAmount > left) return AmountExceeded.selector;
        if (request.otherAmount != 0 && claim.other == address(0)) return PayeeInvalid.selector;
        IRegistry.Party memory insurer = registry.party(claim.insurer);
        if (insurer.role != INSURER) return InsurerInvalid.selector;
        if (insurer.suspended) return PartyIsSuspended.selector;
        if (!_isSignedBy(insurer.signer, _digest(request.hash()), signature))
            return SignatureInvalid.selector;
        if (request.outcome == APPROVE && !ahead) {
            refusal = settlement.pay(
                claim.insurer,
                claim.payee,
                request.amount,
                claim.other,
                request.otherAmount
            );
            if (refusal != 0) return refusal;
        }

        uint40 due = ahead && request.outcome == APPROVE ? uint40(request.until) : _due();
        (known.step, known.due) = (request.step, due);
        known.paid += request.amount;
        known.otherPaid += request.otherAmount;
        if (request.outcome == ASK) known.state = ClaimState.Asked;
        else known.state = _isPaid(known) ? ClaimState.Approved : ClaimState.Denied;
        emit ClaimDecided(
            request.claim,
            request.step,
            request.outcome,
            request.amount,
            request.otherAmount,
            request.termsHash,
            due
        );
        return 0;
    }

    function _supplement(
        ClaimRequest calldata claim,
        ClaimSupplement calldata request,
        bytes calldata signature,
        bytes[] calldata checks
    ) private returns (bytes4) {
        (Standing storage known, bytes4 refusal) = _find(
            claim,
            request.claim,
            request.step,
            request.deadline
        );
        if (refusal != 0) return refusal;
        if (known.state != ClaimState.Asked) return StateUnfit.selector;
        bytes32 digest = _digest(request.hash());
        refusal = _partyRefusal(claim.claimant, digest, signature);
        if (refusal == 0) refusal = _checkRefusal(digest, checks);
        if (refusal != 0) return refusal;

        (known.state, known.step, known.due) = (ClaimState.Open, request.step, _due());
        emit ClaimSupplemented(request.claim, request.step, request.termsHash, known.due);
        return 0;
    }

    function _withdraw(
        ClaimRequest calldata claim,
        WithdrawClaim calldata request,
        bytes calldata signature
    ) private returns (bytes4) {
        (Standing storage known, bytes4 refusal) = _find(
            claim,
            request.claim,
            request.step,
            request.deadline
        );
        if (refusal != 0) return refusal;
        if (known.state != ClaimState.Open && known.state != ClaimState.Asked) return StateUnfit.selector;
        refusal = _partyRefusal(claim.claimant, _digest(request.hash()), signature);
        if (refusal != 0) return refusal;

        // A payment from before a dispute opened the claim again stays.
        known.state = _isPaid(known) ? ClaimState.Approved : ClaimState.Withdrawn;
        known.step = request.step;
        emit ClaimWithdrawn(request.claim, request.step);
        return 0;
    }

    function _dispute(
        ClaimRequest calldata claim,
        DisputeClaim calldata request,
        bytes calldata signature
    ) private returns (bytes4) {
        (Standing storage known, bytes4 refusal) = _find(
            claim,
            request.claim,
            request.step,
            request.deadline
        );
        if (refusal != 0) return refusal;
        if (claim.treatment == 0) return StateUnfit.selector;
        if (known.state != ClaimState.Approved && known.state != ClaimState.Denied)
            return StateUnfit.selector;
        if (known.due < block.timestamp) return TermLapsed.selector;
        bool byClaimant = request.party == claim.claimant;
        if (!byClaimant && request.party != claim.insurer) return DisputantInvalid.selector;
        if (byClaimant ? known.claimantDisputed : known.insurerDisputed) return DisputantInvalid.selector;
        refusal = _partyRefusal(request.party, _digest(request.hash()), signature);
        if (refusal != 0) return refusal;

        (known.former, known.state, known.step) = (known.state, ClaimState.Disputed, request.step);
        (known.byClaimant, known.due) = (byClaimant, _due());
        if (byClaimant) known.claimantDisputed = true;
        else known.insurerDisputed = true;
        emit ClaimDisputed(request.claim, request.step, request.party, request.termsHash, known.due);
        return 0;
    }

    function _judge(
        ClaimRequest calldata claim,
        ClaimJudgement calldata request,
        bytes calldata signature
    ) private returns (bytes4) {
        (Standing storage known, bytes4 refusal) = _find(
            claim,
            request.claim,
            request.step,
            request.deadline
        );
        if (refusal != 0) return refusal;
        if (known.state != ClaimState.Disputed) return StateUnfit.selector;
        if (known.due < block.timestamp) return TermLapsed.selector;
        IRegistry.Party memory verifier = registry.party(request.verifier);
        if (verifier.role != VERIFIER) return VerifierInvalid.selector;
        if (verifier.suspended) return PartyIsSuspended.selector;
        if (
            verifier.organisation == registry.party(claim.claimant).organisation ||
            verifier.organisation == registry.party(claim.insurer).organisation
        ) return VerifierInvalid.selector;
        if (!_isSignedBy(verifier.signer, _digest(request.hash()), signature))
            return SignatureInvalid.selector;

        (known.step, known.due) = (request.step, _due());
        if (!request.safe) {
            known.state = ClaimState.Reversed;
            known.paid -= settlement.takeBack(claim.payee, claim.insurer, known.paid);
            if (known.otherPaid > 0)
                known.otherPaid -= settlement.takeBack(claim.other, claim.insurer, known.otherPaid);
        } else if (known.byClaimant && newestOf[claim.treatment] == request.claim) {
            known.state = ClaimState.Open;
        } else {
            known.state = known.former;
        }
        emit ClaimJudged(
            request.claim,
            request.step,
            request.verifier,
            request.safe,
            request.termsHash,
            uint8(known.state),
            known.paid,
            known.otherPaid,
            known.due
        );
        return 0;
    }

    function _refund(
        ClaimRequest calldata claim,
        ClaimRefund calldata request,
        bytes calldata signature
    ) private returns (bytes4) {
        (Standing storage known, bytes4 refusal) = _find(
            claim,
            request.claim,
            request.step,
            request.deadline
        );
        if (refusal != 0) return refusal;
        if (claim.treatment == 0 || known.state != ClaimState.Approved) return StateUnfit.selector;
        bool first = request.payee == claim.payee;
        if (!first && request.payee != claim.other) return PayeeInvalid.selector;
        uint48 paid = first ? known.paid : known.otherPaid;
        if (request.amount == 0 || request.amount > paid) return AmountExceeded.selector;
        refusal = _holderRefusal(request.payee, _digest(request.hash()), signature);
        if (refusal != 0) return refusal;
        refusal = settlement.pay(request.payee, claim.insurer, request.amount, address(0), 0);
        if (refusal != 0) return refusal;

        known.step = request.step;
        if (first) known.paid = paid - request.amount;
        else known.otherPaid = paid - request.amount;
        emit ClaimRefunded(request.claim, request.step, request.payee, request.amount);
        return 0;
    }

    function _endDispute(bytes32 digest) private returns (bytes4) {
        Standing storage known = _claims[digest];
        if (known.state != ClaimState.Disputed) return StateUnfit.selector;
        if (known.due >= block.timestamp) return TermRuns.selector;

        (known.state, known.due) = (known.former, _due());
        emit DisputeEnded(digest, known.due);
        return 0;
    }

    function _collect(ClaimRequest calldata claim) private returns (bytes4) {
        bytes32 digest = _digest(claim.hash());
        Standing storage known = _claims[digest];
        if (known.state != ClaimState.Reversed) return StateUnfit.selector;
        uint48 taken;
        uint48 otherTaken;
        if (known.paid > 0) taken = settlement.collect(claim.payee, claim.insurer, known.paid);
        if (known.otherPaid > 0) otherTaken = settlement.collect(claim.other, claim.insurer, known.otherPaid);
        if (taken == 0 && otherTaken == 0) return ISettlement.FundsMissing.selector;

        (known.paid, known.otherPaid) = (known.paid - taken, known.otherPaid - otherTaken);
        emit ClaimCollected(digest, taken, otherTaken);
        return 0;
    }

    /// @inheritdoc IClaims
    function claimOf(bytes32 claim) external view returns (Standing memory) {
        return _claims[claim];
    }

    /// The claim that a step is for, and why the step is not the next one for it, here and now; 0 if it is.
    function _find(
        ClaimRequest calldata claim,
        bytes32 named,
        uint16 step,
        uint64 deadline
    ) private view returns (Standing storage known, bytes4 refusal) {
        known = _claims[named];
        if (deadline < block.timestamp) refusal = DeadlinePassed.selector;
        else if (known.state == ClaimState.Unknown) refusal = ClaimUnknown.selector;
        else if (_digest(claim.hash()) != named) refusal = ClaimUnknown.selector;
        else if (step != uint256(known.step) + 1) refusal = StepUnexpected.selector;
    }

    /// Says why a claim is not the next one for its treatment, or not under its authorisation; 0 if it is.
    function _rowRefusal(ClaimRequest calldata request) private view returns (bytes4) {
        if (request.authorisation != 0) {
            Standing storage ahead = _claims[request.authorisation];
            if (
                _authorised[request.authorisation] != _sidesOf(request) ||
                ahead.state != ClaimState.Approved ||
                ahead.due < block.timestamp ||
                request.amount > uint256(ahead.paid) + ahead.otherPaid
            ) return AuthorisationInvalid.selector;
        }
        if (request.treatment == 0) return 0;
        bytes32 newest = newestOf[request.treatment];
        if (newest != request.follows) return TreatmentClaimed.selector;
        if (newest == 0) return 0;
        Standing storage former = _claims[newest];
        ClaimState state = former.state;
        if (state == ClaimState.Open || state == ClaimState.Asked || state == ClaimState.Disputed)
            return TreatmentClaimed.selector;
        return
            uint256(request.amount) + former.paid + former.otherPaid > former.amount
                ? AmountExceeded.selector
                : bytes4(0);
    }

    function _checkRefusal(bytes32 digest, bytes[] calldata checks) private view returns (bytes4) {
        return registry.coordinatorsRefusal(_digest(ClaimCheck(digest).hash()), checks);
    }

    /// True if something was paid, or authorised, and was not given back.
    function _isPaid(Standing storage known) private view returns (bool) {
        return known.paid > 0 || known.otherPaid > 0;
    }

    /// One word for the two sides of a claim.
    function _sidesOf(ClaimRequest calldata request) private pure returns (bytes32) {
        return keccak256(abi.encode(request.claimant, request.insurer));
    }

    function _due() private view returns (uint40) {
        return uint40(block.timestamp + term);
    }

    function _isOutcome(ClaimDecision calldata request, bool ahead) private view returns (bool) {
        bool pays = request.amount > 0 || request.otherAmount > 0;
        if (request.outcome != APPROVE)
            return (request.outcome == DENY || request.outcome == ASK) && !pays && request.until == 0;
        if (!ahead) return pays && request.until == 0;
        return pays && request.until >= block.timestamp && request.until <= type(uint40).max;
    }

    function _isSound(ClaimRequest calldata request) private pure returns (bool) {
        return
            request.amount > 0 &&
            request.payee != address(0) &&
            request.payee != request.other &&
            request.payee != request.insurer &&
            request.other != request.insurer &&
            (request.treatment != 0 || (request.follows == 0 && request.authorisation == 0));
    }

    function _requireRows(uint256 claims, uint256 requests, uint256 signatures) private pure {
        if (claims != requests || requests != signatures) revert LengthsDiffer();
    }
}
