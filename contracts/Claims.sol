// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ClaimDecision, ClaimRequest, ClaimSupplement, ClaimTypes, WithdrawClaim} from "./ClaimTypes.sol";
import {ClaimBook} from "./ClaimBook.sol";
import {ClaimDisputes} from "./ClaimDisputes.sol";
import {Registry} from "./Registry.sol";
import {IClaims} from "./interfaces/IClaims.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {ISettlement} from "./interfaces/ISettlement.sol";

// Model: that of ClaimBook; it stores nothing else.

/// @title Claims, and what is paid on them
contract Claims is ClaimDisputes {
    using ClaimTypes for *;

    /// @notice Greatest number of a role whose accounts are in no claim: patient, doctor, nurse, pharmacist, lab.
    uint8 public constant LAST_PERSON = 5;
    /// @notice Number of the role `insurer`.
    uint8 public constant INSURER = 6;

    uint8 private constant APPROVE = 1;
    uint8 private constant DENY = 2;
    uint8 private constant ASK = 3;

    /// @param registry_ The network's Registry.
    /// @param settlement_ The contract of the units that are paid in.
    /// @param term_ Seconds of a term.
    constructor(
        Registry registry_,
        ISettlement settlement_,
        uint32 term_
    ) ClaimBook(registry_, settlement_, term_) {}

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
        (uint48 before, bytes4 refusal) = _place(request);
        if (refusal != 0) return refusal;
        if (_tellsOfPerson(request)) return AccountTells.selector;
        if (!_isSignedByKey(request.claimant, digest, signature)) return SignatureInvalid.selector;
        if (!registry.isActive(request.insurer)) return InsurerInvalid.selector;
        refusal = _checkRefusal(digest, checks);
        if (refusal != 0) return refusal;

        uint40 due = _due();
        (made.state, made.due, made.before) = (ClaimState.Open, due, before);
        if (request.authorisation != 0) _claims[request.authorisation].state = ClaimState.Used;
        if (request.treatment == 0) _authorised[digest] = request.insurer;
        else newestOf[request.treatment] = digest;
        emit Claimed(
            digest,
            request.insurer,
            request.claimant,
            request.payee,
            request.amount,
            request.total,
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
        if (known.due < block.timestamp) return TermLapsed.selector;
        bool ahead = claim.treatment == 0;
        if (!_isOutcome(request, ahead)) return OutcomeInvalid.selector;
        if (request.amount > claim.amount - known.approved) return AmountExceeded.selector;
        IRegistry.Party memory insurer = registry.party(claim.insurer);
        if (insurer.role != INSURER) return InsurerInvalid.selector;
        if (insurer.suspended) return PartyIsSuspended.selector;
        if (!_isSignedBy(insurer.signer, _digest(request.hash()), signature))
            return SignatureInvalid.selector;
        if (!ahead) {
            if (request.amount > settlement.balanceOf(claim.insurer))
                return ISettlement.FundsMissing.selector;
            // After a dispute both lots are known: a new one would be picked.
            if (known.round == 0) _lotHashOf[request.claim] = request.lotHash;
            if (request.amount > 0) settlement.move(claim.insurer, address(this), request.amount);
        }

        uint40 due = ahead && request.outcome == APPROVE ? uint40(request.until) : _due();
        (known.step, known.due) = (request.step, due);
        known.approved += request.amount;
        if (request.outcome == ASK) known.state = ClaimState.Asked;
        else known.state = known.approved > 0 ? ClaimState.Approved : ClaimState.Denied;
        emit ClaimDecided(
            request.claim,
            request.step,
            request.outcome,
            request.amount,
            request.lotHash,
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
        if (known.due < block.timestamp) return TermLapsed.selector;
        bytes32 digest = _digest(request.hash());
        if (!_isSignedByKey(claim.claimant, digest, signature)) return SignatureInvalid.selector;
        refusal = _checkRefusal(digest, checks);
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
        if (!_isSignedByKey(claim.claimant, _digest(request.hash()), signature))
            return SignatureInvalid.selector;

        // An amount approved before a dispute opened the claim again stays.
        known.state = known.approved > 0 ? ClaimState.Approved : ClaimState.Withdrawn;
        known.step = request.step;
        emit ClaimWithdrawn(request.claim, request.step);
        return 0;
    }

    /// The amount that earlier claims for the treatment were paid, and why a claim is not the next one for it, is over the
    /// rest of the bill, or is not under its authorisation; 0 if it is in its place.
    function _place(ClaimRequest calldata request) private view returns (uint48 before, bytes4) {
        if (request.authorisation != 0) {
            Standing storage ahead = _claims[request.authorisation];
            if (
                _authorised[request.authorisation] != request.insurer ||
                ahead.state != ClaimState.Approved ||
                ahead.due < block.timestamp ||
                request.amount > ahead.approved
            ) return (0, AuthorisationInvalid.selector);
        }
        if (request.treatment != 0) {
            bytes32 newest = newestOf[request.treatment];
            if (newest != request.follows) return (0, TreatmentClaimed.selector);
            if (newest != 0) {
                Standing storage former = _claims[newest];
                if (_isPending(former.state)) return (0, TreatmentClaimed.selector);
                before = former.before + former.approved;
            }
        }
        if (uint256(request.amount) + before > request.total) return (0, AmountExceeded.selector);
        return (before, 0);
    }

    function _isOutcome(ClaimDecision calldata request, bool ahead) private view returns (bool) {
        bool pays = request.amount > 0;
        if (request.outcome != APPROVE)
            return (request.outcome == DENY || request.outcome == ASK) && !pays && request.until == 0;
        if (!ahead) return pays && request.until == 0;
        return pays && request.until >= block.timestamp && request.until <= type(uint40).max;
    }

    /// True if the claim would tell everybody of a patient or of somebody who treats: with the other accounts of the claims
    /// for one treatment that would say who treated whom.
    function _tellsOfPerson(ClaimRequest calldata request) private view returns (bool) {
        return _isPerson(request.claimant) || (request.payee != request.claimant && _isPerson(request.payee));
    }

    function _isPerson(address account) private view returns (bool) {
        return registry.signerOf(account) != address(0) && registry.party(account).role <= LAST_PERSON;
    }

    function _isSound(ClaimRequest calldata request) private view returns (bool) {
        return
            request.amount > 0 &&
            request.payee != address(0) &&
            request.payee != request.insurer &&
            request.payee != address(this) &&
            (request.treatment != 0 || (request.follows == 0 && request.authorisation == 0));
    }
}
