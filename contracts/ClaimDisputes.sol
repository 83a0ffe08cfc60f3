// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ClaimJudgement, ClaimRefund, ClaimRequest, ClaimTypes, DisputeClaim} from "./ClaimTypes.sol";
import {ClaimBook} from "./ClaimBook.sol";
import {IClaims} from "./interfaces/IClaims.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {ISettlement} from "./interfaces/ISettlement.sol";

/// @title Disputes, judgements and refunds of claims that were decided
abstract contract ClaimDisputes is ClaimBook {
    using ClaimTypes for *;

    /// @notice Number of the role `verifier`.
    uint8 public constant VERIFIER = 9;

    /// Greatest step of a refund: however many there are, a dispute and its judgement find a number.
    uint16 private constant LAST_REFUND = type(uint16).max - 8;

    /// @inheritdoc IClaims
    function dispute(
        ClaimRequest[] calldata claims,
        DisputeClaim[] calldata requests,
        bytes[] calldata signatures,
        bytes[][] calldata checks
    ) external {
        _requireRows(claims.length, requests.length, signatures.length);
        if (requests.length != checks.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) {
            _report(i, _dispute(claims[i], requests[i], signatures[i], checks[i]));
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
    function collect(ClaimRequest[] calldata claims) external {
        for (uint256 i; i < claims.length; ++i) _report(i, _collect(claims[i]));
    }

    function _dispute(
        ClaimRequest calldata claim,
        DisputeClaim calldata request,
        bytes calldata signature,
        bytes[] calldata checks
    ) private returns (bytes4) {
        (Standing storage known, bytes4 refusal) = _findAtAnyStep(claim, request.claim, request.deadline);
        if (refusal != 0) return refusal;
        // Refunds that a payee made since it was signed do not keep it away: each side disputes once.
        if (request.step == 0 || request.step > uint256(known.step) + 1) return StepUnexpected.selector;
        if (known.step == type(uint16).max) return StepUnexpected.selector;
        if (claim.treatment == 0) return StateUnfit.selector;
        if (known.state != ClaimState.Approved && known.state != ClaimState.Denied)
            return StateUnfit.selector;
        if (known.due < block.timestamp) return TermLapsed.selector;
        bool byClaimant = request.party == claim.claimant;
        if (!byClaimant && request.party != claim.insurer) return DisputantInvalid.selector;
        if (byClaimant ? known.claimantDisputed : known.insurerDisputed) return DisputantInvalid.selector;
        refusal = _verifierRefusal(claim, request.verifier);
        if (refusal != 0) return refusal;
        bytes32 digest = _digest(request.hash());
        refusal = _holderRefusal(request.party, digest, signature);
        if (refusal == 0) refusal = _checkRefusal(digest, checks);
        if (refusal != 0) return refusal;

        uint16 step = known.step + 1;
        (known.former, known.state, known.step) = (known.state, ClaimState.Disputed, step);
        (known.byClaimant, known.due) = (byClaimant, _due());
        _verifierOf[request.claim] = request.verifier;
        if (byClaimant) known.claimantDisputed = true;
        else known.insurerDisputed = true;
        emit ClaimDisputed(
            request.claim,
            step,
            request.party,
            request.verifier,
            request.termsHash,
            known.due
        );
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
        if (request.verifier != _verifierOf[request.claim]) return VerifierInvalid.selector;
        refusal = _verifierRefusal(claim, request.verifier);
        if (refusal != 0) return refusal;
        refusal = _partyRefusal(request.verifier, _digest(request.hash()), signature);
        if (refusal != 0) return refusal;

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
        if (request.step > LAST_REFUND) return StepUnexpected.selector;
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

    /// Says why a party cannot judge a claim; 0 if it can. Of which organisation an account is that was made for the claim,
    /// coordinators know, who vouch for the dispute.
    function _verifierRefusal(ClaimRequest calldata claim, address id) private view returns (bytes4) {
        IRegistry.Party memory verifier = registry.party(id);
        if (verifier.role != VERIFIER) return VerifierInvalid.selector;
        address[3] memory concerned = [claim.insurer, claim.payee, claim.other];
        for (uint256 i; i < concerned.length; ++i) {
            if (verifier.organisation == registry.party(concerned[i]).organisation)
                return VerifierInvalid.selector;
        }
        return verifier.suspended ? PartyIsSuspended.selector : bytes4(0);
    }
}
