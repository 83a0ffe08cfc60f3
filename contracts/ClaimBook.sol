// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ClaimCheck, ClaimRequest, ClaimTypes} from "./ClaimTypes.sol";
import {Registry} from "./Registry.sol";
import {SignedByParties} from "./SignedByParties.sol";
import {IClaims} from "./interfaces/IClaims.sol";
import {ISettlement} from "./interfaces/ISettlement.sol";

// Model: a claim is one word, found by the whole digest that its claimant signed; a treatment is another.
//
//   _claims[digest]        state 1 | former 1 | claimantDisputed 1 | insurerDisputed 1 | byClaimant 1 | step 2 | due 5 |
//                          before 6 | paid 6 | otherPaid 6 bytes
//   newestOf[treatment]    digest of the newest claim for it
//   _authorised[digest]    the insurer, for an authorisation alone, which has no treatment
//   _verifierOf[digest]    the verifier that the dispute names
//
// So a claim writes two words, and a decision one beside the balances. Everything else that was signed is given in full
// again with each step, and is what was signed if its digest finds the claim.
//
// A treatment's claims stand in a row: each asks for no more than its bill leaves after what those before it were paid,
// and after it was made none of them is decided again. So no more is paid for a treatment than its bill.

/// @title Claims as the ledger keeps them, and the ends of their terms
abstract contract ClaimBook is IClaims, SignedByParties {
    using ClaimTypes for *;

    /// @notice The contract of the units that are paid in.
    ISettlement public immutable settlement;
    /// @inheritdoc IClaims
    uint32 public immutable term;

    mapping(bytes32 digest => Standing) internal _claims;
    /// @inheritdoc IClaims
    mapping(bytes32 treatment => bytes32 digest) public newestOf;
    mapping(bytes32 digest => address insurer) internal _authorised;
    mapping(bytes32 digest => address verifier) internal _verifierOf;

    /// @param registry_ The network's Registry.
    /// @param settlement_ The contract of the units that are paid in.
    /// @param term_ Seconds of a term.
    constructor(Registry registry_, ISettlement settlement_, uint32 term_) SignedByParties(registry_) {
        (settlement, term) = (settlement_, term_);
    }

    /// @inheritdoc IClaims
    function lapse(bytes32[] calldata claims) external {
        for (uint256 i; i < claims.length; ++i) _report(i, _lapse(claims[i]));
    }

    /// Ends the term of a claim that waits for somebody. No payment is taken back.
    function _lapse(bytes32 digest) internal returns (bytes4) {
        Standing storage known = _claims[digest];
        if (!_isPending(known.state)) return StateUnfit.selector;
        if (known.due >= block.timestamp) return TermRuns.selector;

        if (known.state == ClaimState.Disputed) known.state = known.former;
        else known.state = _isPaid(known) ? ClaimState.Approved : ClaimState.Lapsed;
        known.due = _due();
        emit ClaimLapsed(digest, uint8(known.state), known.due);
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
    ) internal view returns (Standing storage known, bytes4 refusal) {
        (known, refusal) = _findAtAnyStep(claim, named, deadline);
        if (refusal == 0 && step != uint256(known.step) + 1) refusal = StepUnexpected.selector;
    }

    function _findAtAnyStep(
        ClaimRequest calldata claim,
        bytes32 named,
        uint64 deadline
    ) internal view returns (Standing storage known, bytes4 refusal) {
        known = _claims[named];
        if (deadline < block.timestamp) refusal = DeadlinePassed.selector;
        else if (known.state == ClaimState.Unknown) refusal = ClaimUnknown.selector;
        else if (_digest(claim.hash()) != named) refusal = ClaimUnknown.selector;
    }

    /// Why too few coordinators vouch for a request; 0 if enough do.
    function _checkRefusal(bytes32 digest, bytes[] calldata checks) internal view returns (bytes4) {
        return registry.coordinatorsRefusal(_digest(ClaimCheck(digest).hash()), checks);
    }

    /// True if the claim waits for somebody: to decide, to answer, or to judge.
    function _isPending(ClaimState state) internal pure returns (bool) {
        return state == ClaimState.Open || state == ClaimState.Asked || state == ClaimState.Disputed;
    }

    /// True if something was paid, or authorised, and was not given back.
    function _isPaid(Standing storage known) internal view returns (bool) {
        return known.paid > 0 || known.otherPaid > 0;
    }

    function _due() internal view returns (uint40) {
        return uint40(block.timestamp + term);
    }

    function _requireRows(uint256 claims, uint256 requests, uint256 signatures) internal pure {
        if (claims != requests || requests != signatures) revert LengthsDiffer();
    }
}
