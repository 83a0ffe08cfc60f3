// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ClaimCheck, ClaimRequest, ClaimTypes} from "./ClaimTypes.sol";
import {Registry} from "./Registry.sol";
import {SignedByParties} from "./SignedByParties.sol";
import {IClaims} from "./interfaces/IClaims.sol";
import {ISettlement} from "./interfaces/ISettlement.sol";

// Model: a claim is one word, found by the whole digest that its claimant signed; a treatment is another.
//
//   _claims[digest]        state 1 | byClaimant 1 | isSafe 1 | round 1 | safeVotes 1 | unsafeVotes 1 | step 2 | due 5 |
//                          before 6 | approved 6 bytes
//   newestOf[treatment]    digest of the newest claim for it
//   _authorised[digest]    the insurer, for an authorisation alone, which has no treatment
//   _lotHashOf[digest]     that of the insurer's lot, from its decision
//   _voted[vote]           hash of claim, round and verifier, of each verifier that judged
//
// So a claim writes two words, and a decision two beside the balances. Everything else that was signed is given in full
// again with each step, and is what was signed if its digest finds the claim.
//
// An approved amount is held: it lies on this contract's account until a term ends, and then goes to the payee, or back. So the
// balance of this contract is the sum of what is held.
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
    mapping(bytes32 digest => bytes32 lotHash) internal _lotHashOf;
    mapping(bytes32 vote => bool) internal _voted;

    /// @param registry_ The network's Registry.
    /// @param settlement_ The contract of the units that are paid in.
    /// @param term_ Seconds of a term.
    constructor(Registry registry_, ISettlement settlement_, uint32 term_) SignedByParties(registry_) {
        (settlement, term) = (settlement_, term_);
    }

    /// @inheritdoc IClaims
    function lapse(ClaimRequest[] calldata claims) external {
        for (uint256 i; i < claims.length; ++i) _report(i, _lapse(claims[i]));
    }

    /// Ends a term. The side that has not opened its lot loses; a judgement that did not come changes nothing.
    function _lapse(ClaimRequest calldata claim) private returns (bytes4) {
        bytes32 digest = _digest(claim.hash());
        Standing storage known = _claims[digest];
        ClaimState state = known.state;
        bool isHeld = state == ClaimState.Approved && claim.treatment != 0;
        if (!isHeld && !_isPending(state)) return StateUnfit.selector;
        if (known.due >= block.timestamp) return TermRuns.selector;

        if (state == ClaimState.Disputed) _settle(claim, digest, known.byClaimant);
        else if (state == ClaimState.Judged || (state == ClaimState.Drawn && known.round == 2))
            _settle(claim, digest, known.isSafe);
        else if (state == ClaimState.Drawn) _finish(claim, known, ClaimState.Denied);
        else _finish(claim, known, ClaimState.Lapsed);
        emit ClaimLapsed(digest, uint8(known.state), known.due);
        return 0;
    }

    /// Does what a judgement says that is final: takes back what is held, has the rest decided, or pays.
    function _settle(ClaimRequest calldata claim, bytes32 digest, bool safe) internal {
        Standing storage known = _claims[digest];
        if (!safe) {
            uint48 held = known.approved;
            (known.state, known.approved) = (ClaimState.Reversed, 0);
            if (held > 0) settlement.move(address(this), claim.insurer, held);
        } else if (known.approved < claim.amount && newestOf[claim.treatment] == digest) {
            (known.state, known.due) = (ClaimState.Open, _due());
        } else {
            _finish(claim, known, ClaimState.Denied);
        }
    }

    /// Pays what is held; a claim of which nothing is ends in another state.
    function _finish(ClaimRequest calldata claim, Standing storage known, ClaimState otherwise) private {
        known.state = known.approved > 0 ? ClaimState.Paid : otherwise;
        if (known.approved > 0) settlement.move(address(this), claim.payee, known.approved);
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
        known = _claims[named];
        if (deadline < block.timestamp) refusal = DeadlinePassed.selector;
        else if (known.state == ClaimState.Unknown) refusal = ClaimUnknown.selector;
        else if (_digest(claim.hash()) != named) refusal = ClaimUnknown.selector;
        else if (step != uint256(known.step) + 1) refusal = StepUnexpected.selector;
    }

    /// Why too few coordinators vouch for a request; 0 if enough do.
    function _checkRefusal(bytes32 digest, bytes[] calldata checks) internal view returns (bytes4) {
        return registry.coordinatorsRefusal(_digest(ClaimCheck(digest).hash()), checks);
    }

    /// True if the claim waits for somebody: to decide, to answer, to open a lot, to judge, or to appeal.
    function _isPending(ClaimState state) internal pure returns (bool) {
        return
            state == ClaimState.Open ||
            state == ClaimState.Asked ||
            state == ClaimState.Disputed ||
            state == ClaimState.Drawn ||
            state == ClaimState.Judged;
    }

    function _due() internal view returns (uint40) {
        return uint40(block.timestamp + term);
    }

    function _requireRows(uint256 claims, uint256 requests, uint256 signatures) internal pure {
        if (claims != requests || requests != signatures) revert LengthsDiffer();
    }
}
