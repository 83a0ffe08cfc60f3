// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ClaimJudgement, ClaimRequest, ClaimTypes, DisputeClaim} from "./ClaimTypes.sol";
import {ClaimBook} from "./ClaimBook.sol";
import {IClaims} from "./interfaces/IClaims.sol";

/// @title Disputes of claims that were decided, the lots by which verifiers are drawn, and judgements
abstract contract ClaimDisputes is ClaimBook {
    using ClaimTypes for *;

    /// @notice Number of the role `verifier`.
    uint8 public constant VERIFIER = 9;

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
    function openLots(ClaimRequest[] calldata claims, bytes32[] calldata lots) external {
        if (claims.length != lots.length) revert LengthsDiffer();
        for (uint256 i; i < claims.length; ++i) _report(i, _openLot(claims[i], lots[i]));
    }

    /// @inheritdoc IClaims
    function judge(
        ClaimRequest[] calldata claims,
        ClaimJudgement[] calldata requests,
        bytes[] calldata signatures,
        bytes[][] calldata checks
    ) external {
        _requireRows(claims.length, requests.length, signatures.length);
        if (requests.length != checks.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) {
            _report(i, _judge(claims[i], requests[i], signatures[i], checks[i]));
        }
    }

    function _dispute(
        ClaimRequest calldata claim,
        DisputeClaim calldata request,
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
        if (claim.treatment == 0) return StateUnfit.selector;
        bool isDecided = known.state == ClaimState.Approved || known.state == ClaimState.Denied;
        if (known.state != ClaimState.Judged && (!isDecided || known.round != 0)) return StateUnfit.selector;
        if (known.due < block.timestamp) return TermLapsed.selector;
        bool byClaimant = request.party == claim.claimant;
        if (!byClaimant && request.party != claim.insurer) return DisputantInvalid.selector;
        if (!_isLotOf(claim, request.claim, byClaimant, request.lot)) return LotInvalid.selector;
        bytes32 digest = _digest(request.hash());
        refusal = _holderRefusal(request.party, digest, signature);
        if (refusal == 0) refusal = _checkRefusal(digest, checks);
        if (refusal != 0) return refusal;

        // An appeal finds both lots opened.
        known.state = known.round == 0 ? ClaimState.Disputed : ClaimState.Drawn;
        (known.step, known.due, known.byClaimant) = (request.step, _due(), byClaimant);
        (known.round, known.safeVotes, known.unsafeVotes) = (known.round + 1, 0, 0);
        emit ClaimDisputed(
            request.claim,
            request.step,
            request.party,
            request.lot,
            request.termsHash,
            known.due
        );
        return 0;
    }

    function _openLot(ClaimRequest calldata claim, bytes32 lot) private returns (bytes4) {
        bytes32 digest = _digest(claim.hash());
        Standing storage known = _claims[digest];
        if (known.state != ClaimState.Disputed) return StateUnfit.selector;
        if (known.due < block.timestamp) return TermLapsed.selector;
        if (!_isLotOf(claim, digest, !known.byClaimant, lot)) return LotInvalid.selector;

        (known.state, known.due) = (ClaimState.Drawn, _due());
        emit LotOpened(digest, lot, known.due);
        return 0;
    }

    function _judge(
        ClaimRequest calldata claim,
        ClaimJudgement calldata request,
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
        if (known.state != ClaimState.Drawn) return StateUnfit.selector;
        if (known.due < block.timestamp) return TermLapsed.selector;
        bytes32 vote = keccak256(abi.encode(request.claim, known.round, request.verifier));
        if (_voted[vote] || registry.party(request.verifier).role != VERIFIER)
            return VerifierInvalid.selector;
        bytes32 digest = _digest(request.hash());
        refusal = _partyRefusal(request.verifier, digest, signature);
        if (refusal == 0) refusal = _checkRefusal(digest, checks);
        if (refusal != 0) return refusal;

        _voted[vote] = true;
        known.step = request.step;
        uint8 votes = request.safe ? ++known.safeVotes : ++known.unsafeVotes;
        if (2 * uint256(votes) > request.drawn) {
            if (known.round == 1)
                (known.state, known.isSafe, known.due) = (ClaimState.Judged, request.safe, _due());
            else _settle(claim, request.claim, request.safe);
        }
        emit ClaimJudged(
            request.claim,
            request.step,
            request.verifier,
            request.safe,
            request.drawn,
            request.termsHash,
            uint8(known.state),
            known.due
        );
        return 0;
    }

    function _isLotOf(
        ClaimRequest calldata claim,
        bytes32 digest,
        bool ofClaimant,
        bytes32 lot
    ) private view returns (bool) {
        return keccak256(abi.encode(lot)) == (ofClaimant ? claim.lotHash : _lotHashOf[digest]);
    }
}
