// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ClaimDecision, ClaimJudgement, ClaimRequest} from "./ClaimTypes.sol";
import {Suspension} from "./RequestTypes.sol";
import {IClaims} from "./interfaces/IClaims.sol";
import {IRefusals} from "./interfaces/IRefusals.sol";
import {Claiming} from "./test/Claiming.t.sol";

/// Claims after they were decided: disputes, lots, judgements, appeals, and where what is held goes.
contract ClaimDisputesTest is Claiming {
    uint256 private constant THIRD_KEY = 0x701;
    uint256 private constant FOURTH_KEY = 0x702;

    /// An insurer's dispute that was judged, and an appeal of the side that lost.
    function appealed(bool safe) private {
        enrolled(THIRD_KEY, VERIFIER, "third");
        enrolled(FOURTH_KEY, VERIFIER, "fourth");
        approved(bill(), BILL);
        drawn(bill());
        taken(judge(bill(), VERIFIER_KEY, safe));
        if (safe) taken(disputedByInsurer(bill()));
        else taken(disputedByClaimant(bill()));
        inState(bill(), IClaims.ClaimState.Drawn);
    }

    // Held money

    function test_a_dispute_freezes_what_is_held() public {
        approved(bill(), BILL);
        taken(disputedByInsurer(bill()));
        refused(lapse(bill()), IClaims.TermRuns.selector);
        vm.warp(NOW + TERM);
        taken(openLot(bill(), LOT));
        vm.warp(NOW + 2 * uint256(TERM));
        refused(lapse(bill()), IClaims.TermRuns.selector);
        same(settlement.balanceOf(address(claims)), BILL);
        same(settlement.balanceOf(hospital), 0);
    }

    function test_an_unsafe_judgement_that_nobody_appeals_against_gives_what_is_held_back() public {
        approved(bill(), BILL);
        drawn(bill());
        taken(judge(bill(), VERIFIER_KEY, false));
        inState(bill(), IClaims.ClaimState.Judged);
        same(settlement.balanceOf(address(claims)), BILL);
        refused(lapse(bill()), IClaims.TermRuns.selector);
        ended(bill());
        inState(bill(), IClaims.ClaimState.Reversed);
        same(settlement.balanceOf(hospital), 0);
        same(settlement.balanceOf(insurer), FUNDS);
        same(standing(bill()).approved, 0);
        refused(judge(bill(), OTHER_VERIFIER_KEY, true), IClaims.StateUnfit.selector);
    }

    function test_a_safe_judgement_of_what_was_approved_whole_has_it_paid() public {
        approved(bill(), BILL);
        drawn(bill());
        taken(judge(bill(), VERIFIER_KEY, true));
        ended(bill());
        inState(bill(), IClaims.ClaimState.Paid);
        same(settlement.balanceOf(hospital), BILL);
        refused(disputedByInsurer(bill()), IClaims.StateUnfit.selector);
    }

    // @attack an insurer takes back what was paid, for ever | what was paid after the term is not taken back
    function test_a_payment_that_went_on_is_not_taken_back() public {
        paid(bill());
        refused(disputedByInsurer(bill()), IClaims.StateUnfit.selector);
        refused(disputedByClaimant(bill()), IClaims.StateUnfit.selector);
        same(settlement.balanceOf(hospital), BILL);
    }

    function test_a_safe_judgement_has_the_insurer_decide_the_rest_once_more_and_for_good() public {
        claimed(bill());
        taken(deny(bill()));
        taken(disputedByClaimant(bill()));
        taken(openLot(bill(), INSURER_LOT));
        taken(judge(bill(), VERIFIER_KEY, true));
        ended(bill());
        inState(bill(), IClaims.ClaimState.Open);
        refused(approve(bill(), BILL + 1), IClaims.AmountExceeded.selector);
        taken(approve(bill(), 4_000));
        refused(disputedByClaimant(bill()), IClaims.StateUnfit.selector);
        refused(disputedByInsurer(bill()), IClaims.StateUnfit.selector);
        ended(bill());
        same(settlement.balanceOf(hospital), 4_000);
    }

    function test_a_claim_opened_again_keeps_what_was_approved() public {
        approved(bill(), 6_000);
        drawn(bill());
        taken(judge(bill(), VERIFIER_KEY, true));
        ended(bill());
        refused(approve(bill(), 4_001), IClaims.AmountExceeded.selector);
        taken(withdraw(bill(), CLAIMANT_KEY));
        inState(bill(), IClaims.ClaimState.Approved);
        ended(bill());
        same(settlement.balanceOf(hospital), 6_000);
        same(settlement.balanceOf(insurer), FUNDS - 6_000);
    }

    // Disputes

    function test_nobody_but_the_two_sides_disputes_and_only_in_the_term() public {
        claimed(bill());
        refused(disputedByClaimant(bill()), IClaims.StateUnfit.selector);
        taken(deny(bill()));
        refused(dispute(bill(), otherDoctor, OTHER_DOCTOR_KEY), IClaims.DisputantInvalid.selector);
        refused(dispute(bill(), claimant, OTHER_DOCTOR_KEY), IRefusals.SignatureInvalid.selector);
        afterTerm(bill());
        refused(disputedByClaimant(bill()), IClaims.TermLapsed.selector);
    }

    // @actor an organisation that carries a dispute alone | has a verifier of a side's organisation judge, whose accounts the contract cannot tell
    function test_a_dispute_that_too_few_coordinators_checked_is_refused() public {
        approved(bill(), BILL);
        refused(
            dispute(bill(), claimant, CLAIMANT_KEY, LOT, pick(coordinatorKeys, 0)),
            IRefusals.QuorumMissing.selector
        );
        refused(
            dispute(bill(), insurer, INSURER_KEY, INSURER_LOT, quorum(authorityKeys)),
            IRefusals.SeatMissing.selector
        );
        taken(disputedByClaimant(bill()));
    }

    function test_a_claim_is_disputed_once() public {
        approved(bill(), BILL);
        drawn(bill());
        refused(disputedByInsurer(bill()), IClaims.StateUnfit.selector);
        refused(disputedByClaimant(bill()), IClaims.StateUnfit.selector);
    }

    // Lots

    // @attack a side has its friend judge, so that any payment is taken back | both sides’ lots draw who judges; another lot than the one that was committed to is refused
    function test_a_side_disputes_with_the_lot_whose_hash_it_signed_and_no_other() public {
        approved(bill(), BILL);
        uint256[] memory enough = quorum(coordinatorKeys);
        bytes4 reason = IClaims.LotInvalid.selector;
        refused(dispute(bill(), insurer, INSURER_KEY, LOT, enough), reason);
        refused(dispute(bill(), claimant, CLAIMANT_KEY, INSURER_LOT, enough), reason);
        refused(dispute(bill(), claimant, CLAIMANT_KEY, 0, enough), reason);
    }

    function test_the_other_lot_is_opened_once_by_whoever_knows_it(bytes32 guess) public {
        vm.assume(guess != LOT);
        approved(bill(), BILL);
        refused(openLot(bill(), LOT), IClaims.StateUnfit.selector);
        taken(disputedByInsurer(bill()));
        refused(openLot(bill(), guess), IClaims.LotInvalid.selector);
        refused(openLot(bill(), INSURER_LOT), IClaims.LotInvalid.selector);
        refused(judge(bill(), VERIFIER_KEY, false), IClaims.StateUnfit.selector);
        taken(openLot(bill(), LOT));
        inState(bill(), IClaims.ClaimState.Drawn);
        refused(openLot(bill(), LOT), IClaims.StateUnfit.selector);
    }

    // @attack an insurer picks another lot with a later decision | its first one counts, and nothing is disputed twice
    function test_a_later_decision_does_not_change_the_insurers_lot() public {
        claimed(bill());
        taken(deny(bill()));
        taken(disputedByClaimant(bill()));
        taken(openLot(bill(), INSURER_LOT));
        taken(judge(bill(), VERIFIER_KEY, true));
        ended(bill());
        ClaimDecision memory again = decision(bill(), APPROVE, BILL);
        again.lotHash = keccak256(abi.encode("picked"));
        taken(decide(bill(), again, INSURER_KEY));
        refused(
            dispute(bill(), insurer, INSURER_KEY, keccak256("picked"), quorum(coordinatorKeys)),
            IClaims.StateUnfit.selector
        );
    }

    function test_the_lot_of_an_insurer_that_asked_for_more_is_that_of_its_decision() public {
        claimed(bill());
        ClaimDecision memory asking = decision(bill(), ASK, 0);
        asking.lotHash = keccak256("other");
        taken(decide(bill(), asking, INSURER_KEY));
        taken(supplement(bill(), CLAIMANT_KEY, quorum(coordinatorKeys)));
        taken(approve(bill(), BILL));
        taken(disputedByInsurer(bill()));
    }

    // Judgements

    function test_a_judgement_needs_a_verifiers_signature_and_that_it_was_drawn() public {
        approved(bill(), BILL);
        drawn(bill());
        uint256[] memory enough = quorum(coordinatorKeys);
        ClaimJudgement memory request = judgement(bill(), verifier, false, 1);
        refused(judge(bill(), request, INSURER_KEY, enough), IRefusals.SignatureInvalid.selector);
        refused(
            judge(bill(), request, VERIFIER_KEY, pick(coordinatorKeys, 0)),
            IRefusals.QuorumMissing.selector
        );
        refused(judge(bill(), request, VERIFIER_KEY, quorum(authorityKeys)), IRefusals.SeatMissing.selector);
        refused(judge(bill(), OTHER_DOCTOR_KEY, false), IClaims.VerifierInvalid.selector);
        refused(judge(bill(), STRANGER_KEY, false), IClaims.VerifierInvalid.selector);
        request.step = 9;
        refused(judge(bill(), request, VERIFIER_KEY, enough), IClaims.StepUnexpected.selector);
        taken(judge(bill(), VERIFIER_KEY, false));
    }

    function test_a_suspended_verifier_judges_nothing_and_nothing_is_judged_that_is_not_disputed() public {
        approved(bill(), BILL);
        refused(judge(bill(), VERIFIER_KEY, false), IClaims.StateUnfit.selector);
        drawn(bill());
        taken(suspend(Suspension(verifier, true, 1, LATER), quorum(authorityKeys)));
        refused(judge(bill(), VERIFIER_KEY, false), IRefusals.PartyIsSuspended.selector);
    }

    // Appeals

    // @attack one verifier of three judges an appeal alone, or twice | more than half of those drawn decide, each once
    function test_an_appeal_is_judged_by_more_than_half_of_those_drawn_and_is_final() public {
        appealed(false);
        taken(judge(bill(), OTHER_VERIFIER_KEY, true, 3));
        inState(bill(), IClaims.ClaimState.Drawn);
        refused(judge(bill(), OTHER_VERIFIER_KEY, true, 3), IClaims.VerifierInvalid.selector);
        taken(judge(bill(), THIRD_KEY, false, 3));
        inState(bill(), IClaims.ClaimState.Drawn);
        taken(judge(bill(), FOURTH_KEY, true, 3));
        inState(bill(), IClaims.ClaimState.Paid);
        same(settlement.balanceOf(hospital), BILL);
        refused(disputedByInsurer(bill()), IClaims.StateUnfit.selector);
    }

    function test_an_appeal_takes_back_what_a_first_judgement_left() public {
        appealed(true);
        taken(judge(bill(), OTHER_VERIFIER_KEY, false, 3));
        taken(judge(bill(), THIRD_KEY, false, 3));
        inState(bill(), IClaims.ClaimState.Reversed);
        same(settlement.balanceOf(insurer), FUNDS);
        refused(judge(bill(), FOURTH_KEY, true, 3), IClaims.StateUnfit.selector);
        refused(disputedByClaimant(bill()), IClaims.StateUnfit.selector);
    }

    function test_the_first_judgement_stands_if_half_of_those_drawn_say_each_or_nobody_says_anything()
        public
    {
        appealed(false);
        taken(judge(bill(), VERIFIER_KEY, true, 2));
        taken(judge(bill(), OTHER_VERIFIER_KEY, false, 2));
        inState(bill(), IClaims.ClaimState.Drawn);
        ended(bill());
        inState(bill(), IClaims.ClaimState.Reversed);
        approved(bill(2), BILL);
        drawn(bill(2));
        taken(judge(bill(2), VERIFIER_KEY, true));
        taken(disputedByInsurer(bill(2)));
        ended(bill(2));
        inState(bill(2), IClaims.ClaimState.Paid);
    }

    function test_nobody_appeals_after_the_term_or_without_its_lot() public {
        approved(bill(), BILL);
        drawn(bill());
        taken(judge(bill(), VERIFIER_KEY, false));
        refused(
            dispute(bill(), claimant, CLAIMANT_KEY, INSURER_LOT, quorum(coordinatorKeys)),
            IClaims.LotInvalid.selector
        );
        afterTerm(bill());
        refused(disputedByClaimant(bill()), IClaims.TermLapsed.selector);
    }
}
